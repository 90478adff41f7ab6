/**
 *   before   c, id = Identity(c), y = Relu(id, ^id)      remove_nodes(op=Identity)
 *   after    c, y = Relu(c, ^c)
 */
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { stage, type Work } from '../graph/progress.ts';
import { lostPivots } from './branch-pivots.ts';
import { defineTransform, type Reporter } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { int32, strings } from './parameters.ts';
import { PassThroughRemoval } from './pass-through-removal.ts';
import { removeByNames } from './removal-by-names.ts';

export default defineTransform({
	name: 'remove_nodes',
	summary: 'take out nodes that only pass on their first input',
	details:
		'Readers of a removed node read its first input instead. Its control inputs vanish, so that branches and ' +
		'loops of TensorFlow 1 may break. Inputs and outputs stay, and so may a node that reads the same tensor as ' +
		'one of them. With max_inputs above 1 the further inputs of a removed node are deleted as well. ' +
		'An op may be several, `op="Identity|CheckNumerics"`, or `op="*"`.',
	origin: 'tensorflow',
	loss: 'exact',
	picture: 'before   c, id = Identity(c), y = Relu(id, ^id)\nafter    c, y = Relu(c, ^c)',
	params: {
		op: strings('an op type to remove; several values are taken one after the other', {
			missing: "remove_nodes expects at least one 'op'argument, e.g. remove_nodes(op=Identity)",
			subject: 'op',
		}),
		max_inputs: int32('remove nodes with up to so many data inputs', { default: 1 }),
	},
	examples: ['remove_nodes(op=Identity, op=CheckNumerics)'],
	seeAlso: ['remove_control_dependencies'],

	*apply({ graph, inputs, outputs, params, report }) {
		const { op: ops, max_inputs: most } = params;
		if (most < 1) {
			report.note('max_inputs is below 1: nothing is removed');
			return graph;
		}
		const ends = new Set([...inputs, ...outputs].map(sourceOf));
		// Nodes with more inputs than the graph has anywhere need not be looked for.
		const widest = graph.nodes.reduce((widest, node) => Math.max(widest, node.inputs.length), 0);
		const result = yield* removeAll(graph, ends, ops, Math.min(most, widest));
		if (result.nodes.length === graph.nodes.length) report.note(`no ${ops.join(' or ')} was removed`);
		reportKept(result, ops, most, ends, report);
		warnOfPivots(graph, result, report);
		return result;
	},
});

function* removeAll(
	graph: Graph,
	ends: ReadonlySet<string>,
	ops: readonly string[],
	most: number,
): Work<Graph> {
	if (graph.position.size < graph.nodes.length) {
		let current = graph;
		for (const op of ops)
			for (let count = 1; count <= most; count++) current = yield* removeByNames(current, ends, op, count);
		return keepNodes(graph, current.nodes);
	}
	yield* stage(graph.indexed(), 0, 0.2);
	const removal = new PassThroughRemoval(graph, ends);
	for (const [i, op] of ops.entries()) {
		for (let count = 1; count <= most; count++) {
			const at = 0.2 + (0.6 * (i + (count - 1) / most)) / ops.length;
			yield* stage(removal.remove(op, count), at, at + 0.6 / ops.length / most);
		}
	}
	return yield* stage(removal.result(), 0.8, 1);
}

/** Without its pivot a branch runs whether or not it is taken. */
function warnOfPivots(before: Graph, after: Graph, report: Reporter): void {
	const [first, ...more] = lostPivots(before, after);
	if (!first) return;
	const others = more.length === 0 ? '' : `, and so with ${more.length} more`;
	report.warn(
		`nodes that waited for \`${first.pivot}\` ran in one branch of \`${first.branching}\` and now run in both${others}: verify`,
	);
}

/** Says of every node of the named types that is still there why it is. */
function reportKept(
	graph: Graph,
	ops: readonly string[],
	most: number,
	ends: ReadonlySet<string>,
	report: Reporter,
): void {
	const named = new Set(ops.flatMap((op) => op.split('|')));
	for (const op of named) {
		for (const node of graph.byOp.get(op) ?? []) {
			const count = node.inputs.filter((input) => !input.startsWith('^')).length;
			if (ends.has(node.name)) report.skip(node.name, 'it is an input or an output');
			else if (count === 0) report.skip(node.name, 'it has no data input');
			else if (count > most)
				report.skip(node.name, `it has ${count} data inputs`, `remove_nodes(op=${op}, max_inputs=${count})`);
			else report.skip(node.name, 'an input or output that stays reads the same node, or it lies on a cycle');
		}
	}
}
