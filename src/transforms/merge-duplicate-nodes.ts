/**
 *   before   a = Relu(x), b = Relu(x), c = Add(a, b)
 *   after    a = Relu(x), c = Add(a, a)
 */
import type { Node } from '../graph/node.ts';
import { isRegistered, isStateful } from '../ops/registry.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { MergedNodes } from './merged-nodes.ts';
import { NodeHashes } from './node-hash.ts';
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

	apply({ graph, inputs, outputs, report }) {
		const hashes = new NodeHashes(graph.nodes, new Set([...inputs, ...outputs]));
		const merged = graph.position.size === graph.nodes.length ? new MergedNodes(graph) : undefined;
		let nodes = graph.nodes;
		// Where the nodes stood at first: their hashes stay there.
		let positions = new Uint32Array(nodes.length).map((_, i) => i);
		for (;;) {
			const { kept, dropped, twins } = mergePass(nodes, positions, hashes);
			const left = kept.map((at) => nodes[at]!);
			if (dropped.length === 0) {
				if (left.length === graph.nodes.length)
					report.note('no two nodes are equal; only their order changed');
				for (const [node, twin] of twins)
					report.skip(
						nodes[node]!.name,
						`it equals \`${nodes[twin]!.name}\`, but ${nodes[node]!.op} keeps state`,
					);
				return keepNodes(graph, left);
			}
			for (const [node, twin] of dropped) merged?.merge(positions[node]!, positions[twin]!);
			const renames = merged ? undefined : renamesOf(nodes, dropped);
			positions = picked(positions, kept);
			nodes = renames
				? renameInputs(left, renames)
				: left.map((node, i) => merged!.rewired(positions[i]!, node));
			for (let i = 0; i < nodes.length; i++)
				if (nodes[i] !== left[i]) hashes.update(positions[i]!, nodes[i]!);
		}
	},
});

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
function mergePass(nodes: readonly Node[], positions: Uint32Array, hashes: NodeHashes): MergePass {
	const high = picked(hashes.high, positions);
	const low = picked(hashes.low, positions);
	const pass: MergePass = { kept: [], dropped: [], twins: [] };
	let first = -1;
	for (const i of sortByHash(high, low)) {
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

/** By name, as the tool does it: that matters where a name stands twice. */
function renamesOf(nodes: readonly Node[], dropped: MergePass['dropped']): Map<string, string> {
	return new Map(dropped.map(([node, twin]) => [`${nodes[node]!.name}:*`, nodes[twin]!.name]));
}

function picked(numbers: Uint32Array, positions: ArrayLike<number>): Uint32Array<ArrayBuffer> {
	const result = new Uint32Array(positions.length);
	for (let i = 0; i < positions.length; i++) result[i] = numbers[positions[i]!]!;
	return result;
}
