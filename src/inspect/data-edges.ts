/** Data edges as numbers: for every data input of every node the node and port it reads (the tensor-id parser's way). */
import type { Node } from '../graph/node.ts';
import type { Topology } from '../graph/topology.ts';

/** Data inputs of node i are `[start[i], start[i + 1])`. A source of −1 names no node. */
export interface DataEdges {
	readonly start: Int32Array;
	readonly source: Int32Array;
	readonly port: Int32Array;
}

/**
 * @param position name → position.
 * @param topology the nodes' edges by the split parser, which finds the same node for all but odd names.
 */
export function dataEdges(
	nodes: readonly Node[],
	position: ReadonlyMap<string, number>,
	topology: Pick<Topology, 'inputStart' | 'inputSource'>,
): DataEdges {
	const start = new Int32Array(nodes.length + 1);
	let total = 0;
	for (let i = 0; i < nodes.length; i++) {
		start[i] = total;
		for (const input of nodes[i]!.inputs) if (input.charCodeAt(0) !== 94) total++;
	}
	start[nodes.length] = total;
	const source = new Int32Array(total);
	const port = new Int32Array(total);
	let at = 0;
	for (let i = 0; i < nodes.length; i++) {
		let edge = topology.inputStart[i]!;
		for (const input of nodes[i]!.inputs) {
			const found = topology.inputSource[edge++]!;
			if (input.charCodeAt(0) === 94) continue;
			const length = portStart(input);
			const simple = input.indexOf(':') === length;
			source[at] = simple ? found : (position.get(length < 0 ? input : input.slice(0, length)) ?? -1);
			port[at++] = length < 0 ? 0 : Math.min(Number(input.slice(length + 1)), 0x7fffffff);
		}
	}
	return { start, source, port };
}

/** Where the `:` of a port at the very end stands; −1 without a port. */
function portStart(input: string): number {
	let at = input.length - 1;
	while (at > 0) {
		const code = input.charCodeAt(at);
		if (code < 48 || code > 57) break;
		at--;
	}
	return at > 0 && at < input.length - 1 && input.charCodeAt(at) === 58 ? at : -1;
}
