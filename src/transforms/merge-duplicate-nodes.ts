/**
 *   before   a = Relu(x), b = Relu(x), c = Add(a, b)
 *   after    a = Relu(x), c = Add(a, a)
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { isRegistered, isStateful } from '../ops/registry.ts';
import { defineTransform, type Reporter, type TransformContext } from './define.ts';
import { keepNodes, keepOrdered } from './keep-nodes.ts';
import { mergeByChanges } from './merge-by-changes.ts';
import { NodeHashes } from './node-hash.ts';
import type { Parameters } from './parameters.ts';
import { renameInputs } from './rename-inputs.ts';
import { sortByHash } from './sort-by-hash.ts';
import { unregisteredOp } from './unregistered-op.ts';

export default defineTransform({
	name: 'merge_duplicate_nodes',
	summary: 'merge nodes that do the same to the same inputs',
	details:
		'Two nodes are one when op, inputs, device and attribute values are equal; their names may differ unless ' +
		'they are inputs or outputs (given without a port). Ops with state are never merged. ' +
		'As in the C++ tool the result is ordered by hash: sort_by_execution_order makes it readable again.',
	origin: 'tensorflow',
	loss: 'exact',
	picture: 'before   a = Relu(x), b = Relu(x), c = Add(a, b)\nafter    a = Relu(x), c = Add(a, a)',
	params: {},
	examples: ['merge_duplicate_nodes'],
	seeAlso: ['sort_by_execution_order'],

	apply: mergeDuplicates,
});

/** What the transform does, for others that need it as one of their steps. */
export function* mergeDuplicates({
	graph,
	inputs,
	outputs,
	report,
}: Pick<TransformContext<Parameters>, 'graph' | 'inputs' | 'outputs' | 'report'>): Work<Graph> {
	const named = new Set([...inputs, ...outputs]);
	const merged = (yield* mergeQuickly(graph, named)) ?? (yield* mergeInPasses(graph, named, report));
	if (merged.nodes.length === graph.nodes.length)
		report.note('no two nodes were merged; only their order changed');
	return merged;
}

/** undefined where only passes over all nodes tell the order: names that stand twice, equal nodes with state. */
function* mergeQuickly(graph: Graph, named: ReadonlySet<string>): Work<Graph | undefined> {
	yield* stage(graph.indexed(), 0, 0.1);
	if (graph.position.size !== graph.nodes.length) return undefined;
	const hashes = yield* stage(NodeHashes.of(graph.nodes, named), 0.1, 0.6);
	const { kept, dropped, twins } = yield* stage(mergePass(graph.nodes, hashes), 0.6, 0.7);
	if (twins.length > 0) return undefined;
	if (dropped.length === 0) return keepOrdered(graph, kept);
	return yield* stage(mergeByChanges(graph, hashes, dropped), 0.7, 1);
}

/** As the tool does it: the result of each pass is the list that the next one goes over. */
function* mergeInPasses(graph: Graph, named: ReadonlySet<string>, report: Reporter): Work<Graph> {
	for (let nodes = graph.nodes; ; ) {
		const { kept, dropped, twins } = yield* mergePass(nodes, yield* NodeHashes.of(nodes, named));
		const left = kept.map((i) => nodes[i]!);
		if (dropped.length === 0) {
			for (const [i, twin] of twins) {
				const { name, op } = nodes[i]!;
				report.skip(name, `it equals \`${nodes[twin]!.name}\`, but ${op} keeps state`);
			}
			return keepNodes(graph, left);
		}
		const renames = dropped.map(([i, twin]) => [`${nodes[i]!.name}:*`, nodes[twin]!.name] as const);
		nodes = yield* renameInputs(left, new Map(renames));
	}
}

/** Nodes by their present positions. */
interface MergePass {
	/** Which nodes stay, in the order of their hashes. */
	readonly kept: number[];
	/** Nodes that go, each with the one that stands for it. */
	readonly dropped: [number, number][];
	/** Equal nodes that both stay, because their op has state. */
	readonly twins: [number, number][];
}

/** Equal hashes count as equal nodes: of each group the first stays, and all of them where the op has state. */
function* mergePass(nodes: readonly Node[], { high, low }: NodeHashes): Work<MergePass> {
	const pass: MergePass = { kept: [], dropped: [], twins: [] };
	let first = -1;
	let done = 0;
	for (const i of sortByHash(high, low)) {
		if (isTurn(done++)) yield { done, total: nodes.length };
		const { op } = nodes[i]!;
		if (!isRegistered(op)) throw unregisteredOp(op);
		const equal = first >= 0 && high[i] === high[first] && low[i] === low[first];
		if (equal && !isStateful(op)) {
			pass.dropped.push([i, first]);
			continue;
		}
		pass.kept.push(i);
		if (equal) pass.twins.push([i, first]);
		else first = i;
	}
	return pass;
}
