/**
 *   before   a = Relu(x), b = Relu(x), c = Add(a, b)
 *   after    a = Relu(x), c = Add(a, a)
 */
import type { Node } from '../graph/node.ts';
import { isRegistered, isStateful } from '../ops/registry.ts';
import { defineTransform, type Reporter } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { NodeHasher } from './node-hash.ts';
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
		const hasher = new NodeHasher();
		const named = new Set([...inputs, ...outputs]);
		let nodes = graph.nodes;
		for (;;) {
			const { kept, renames } = mergePass(nodes, named, hasher, report);
			if (renames.size === 0) {
				if (kept.length === graph.nodes.length)
					report.note('no two nodes are equal; only their order changed');
				return keepNodes(graph, kept);
			}
			nodes = renameInputs(kept, renames);
		}
	},
});

/** Equal hashes count as equal nodes: of each group the first stays, and all of them where the op has state. */
function mergePass(
	nodes: readonly Node[],
	named: ReadonlySet<string>,
	hasher: NodeHasher,
	report: Reporter,
): { kept: Node[]; renames: Map<string, string> } {
	const high = new Uint32Array(nodes.length);
	const low = new Uint32Array(nodes.length);
	const hash = { high: 0, low: 0 };
	for (let i = 0; i < nodes.length; i++) {
		hasher.hash(nodes[i]!, named.has(nodes[i]!.name), hash);
		high[i] = hash.high;
		low[i] = hash.low;
	}
	const kept: Node[] = [];
	const renames = new Map<string, string>();
	let first = -1;
	for (const i of sortByHash(high, low)) {
		const node = nodes[i]!;
		if (!isRegistered(node.op)) throw unregisteredOp(node.op);
		const twin = first >= 0 && high[i] === high[first] && low[i] === low[first];
		if (!twin) first = i;
		if (twin && !isStateful(node.op)) renames.set(`${node.name}:*`, nodes[first]!.name);
		else {
			if (twin) report.skip(node.name, `it equals \`${nodes[first]!.name}\`, but ${node.op} keeps state`);
			kept.push(node);
		}
	}
	return { kept, renames };
}
