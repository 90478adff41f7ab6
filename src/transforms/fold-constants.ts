/**
 *   before   a = Const    b = Const    sum = Add(a, b)    y = Mul(sum, x)
 *   after    sum/_0__cf__0 = Const     y = Mul(sum/_0__cf__0, x:0)
 */
import { type EvaluationPlan, evaluatePlan } from '../evaluate/fold-evaluator.ts';
import { stage, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { defineTransform, type Reporter } from './define.ts';
import { type CutGraph, cutGraph } from './fold-constants-cut.ts';
import { type Foldable, type FoldingLimits, findFoldable } from './fold-constants-foldable.ts';
import { importGraph } from './fold-constants-import.ts';
import { type Fetch, fetchList, makeConstants, rebuild } from './fold-constants-result.ts';
import { type FoldedConstant, FoldedGraph } from './folded-graph.ts';
import { bool, int64, strings } from './parameters.ts';

/** What was worked out, and what was found on the way. */
interface Folding {
	readonly foldable: Foldable;
	readonly constants: readonly FoldedConstant[];
	readonly tooLarge: readonly { readonly node: number; readonly bytes: number }[];
}

export default defineTransform({
	name: 'fold_constants',
	summary: 'work out every part of the graph that depends on constants alone',
	details:
		'Sub-graphs of constants, and questions about shapes whose answer is known, become Const nodes named ' +
		'`NAME/_N__cf__N`; what no output needs is dropped, and what is left gets its default attributes.\n\n' +
		'The whole graph is imported first, so that one unknown op, missing attribute or contradicting shape ' +
		'stops the transform; ignore_errors=true leaves the graph alone then. A node stays when its shape is not ' +
		'known, when it keeps state, when its result is too large, or when it is an output that nothing else reads.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture:
		'before   a = Const    b = Const    sum = Add(a, b)    y = Mul(sum, x)\n' +
		'after    sum/_0__cf__0 = Const     y = Mul(sum/_0__cf__0, x:0)',
	params: {
		clear_output_shapes: bool('drop `_output_shapes` attributes first; false uses them as facts', {
			default: true,
		}),
		exclude_op: strings('ops that are not folded', { subject: 'op' }),
		exclude_node: strings('nodes that are not folded', { subject: 'node' }),
		max_constant_size_in_bytes: int64('larger constants are not made', { default: 10 * 1024 * 1024 }),
	},
	examples: [
		'fold_constants',
		'fold_constants(ignore_errors=true)',
		'fold_constants(exclude_op=RandomUniform, max_constant_size_in_bytes=1000000)',
	],
	after: ['strip_unused_nodes', 'remove_nodes'],
	seeAlso: ['fold_batch_norms', 'strip_unused_nodes'],
	// A second run may fold what only the first made constant.
	idempotent: false,

	*apply({ graph, inputs, outputs, params, report }) {
		const imported = yield* stage(importGraph(graph, params.clear_output_shapes), 0, 0.3);
		const cut = cutGraph(imported, inputs, outputs);
		yield { done: 0.35, total: 1 };
		const limits = {
			excludedOps: new Set(params.exclude_op),
			excludedNodes: new Set(params.exclude_node),
			maxBytes: params.max_constant_size_in_bytes,
		};
		const folding = yield* stage(fold(cut, limits), 0.35, 0.8);
		reportFolding(cut, folding, report);
		const folded = new FoldedGraph(graph, cut, folding.foldable, folding.constants, inputs);
		return yield* stage(rebuild(graph, folded, folding.foldable, outputs), 0.8, 1);
	},
});

/** Finds and works out; nodes beyond whittle's kernels are set aside and the search begins anew without them. */
function* fold(cut: CutGraph, limits: Omit<FoldingLimits, 'refused'>): Work<Folding> {
	const refused = new Map<number, string>();
	for (;;) {
		const foldable = yield* stage(findFoldable(cut, { ...limits, refused }), 0, 0.3);
		const { nodes } = cut.imported;
		if (foldable.nodes.every(({ node }) => nodes[node]!.op === 'Const'))
			return { foldable, constants: [], tooLarge: [] };
		const { fetches, nextLabel } = fetchList(cut, foldable);
		yield { done: 0.4, total: 1 };
		const evaluation = yield* stage(evaluatePlan(planFor(cut, foldable, fetches)), 0.4, 1);
		if (evaluation.refused) {
			refused.set(evaluation.refused.id, evaluation.refused.reason);
			continue;
		}
		const tooLarge: { node: number; bytes: number }[] = [];
		const resultOf = (fetch: Fetch): TensorValue => evaluation.values[fetch.node]![fetch.port]!;
		const constants = makeConstants(cut, fetches, nextLabel, limits.maxBytes, resultOf, (node, bytes) =>
			tooLarge.push({ node, bytes }),
		);
		return { foldable, constants, tooLarge };
	}
}

/** The foldable nodes that the fetched tensors need, in order. Constants that are fetched alone are not read. */
function planFor(cut: CutGraph, foldable: Foldable, fetches: readonly Fetch[]): EvaluationPlan {
	const { imported, source, port } = cut;
	const { start } = imported.edges;
	const wanted = new Uint8Array(cut.count);
	for (const { node } of fetches) if (imported.nodes[node]!.op !== 'Const') wanted[node] = 1;
	const order: number[] = [];
	const known = new Map<number, readonly TensorValue[]>();
	for (let i = foldable.nodes.length - 1; i >= 0; i--) {
		const { node, answers } = foldable.nodes[i]!;
		if (!wanted[node]) continue;
		order.push(node);
		if (answers) known.set(node, answers);
		else for (let e = start[node]!; e < start[node + 1]!; e++) wanted[source[e]!] = 1;
	}
	const { nodes, outputDtypes } = imported;
	return { order: order.reverse(), nodes, start, source, port, outputDtypes, answers: known };
}

function reportFolding(cut: CutGraph, folding: Folding, report: Reporter): void {
	const { nodes } = cut.imported;
	for (const { node, reason } of folding.foldable.stays) report.skip(nodes[node]!.name, reason);
	for (const { node, bytes } of folding.tooLarge)
		report.skip(
			nodes[node]!.name,
			`its result takes ${bytes} bytes`,
			`fold_constants(max_constant_size_in_bytes=${bytes})`,
		);
	const { constants } = folding;
	if (constants.length === 0) {
		report.note('nothing was folded: no node that others read depends on constants alone');
		return;
	}
	const shown = constants.slice(0, 3).map(({ name, node }) => `${nodes[node]!.name} → ${name}`);
	const more = constants.length > 3 ? ` and ${constants.length - 3} more` : '';
	report.note(`folded ${shown.join(', ')}${more}`);
}
