/** The order of data, in which what is known of a node's inputs can be used for the node itself. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';

export interface DataOrder {
	/** Every node after all that it reads; a loop's Merge does not wait for the next round. */
	readonly nodes: readonly Node[];
	/** Nodes that wait for each other, in the graph's order. */
	readonly cyclic: readonly Node[];
}

export function dataOrder(graph: Graph): DataOrder {
	const { nodes, topology } = graph;
	const { inputStart, inputSource, readerStart, reader } = topology;
	const back = Uint8Array.from(nodes, ({ op }) =>
		op === 'NextIteration' || op === 'RefNextIteration' ? 1 : 0,
	);
	const pending = new Int32Array(nodes.length);
	for (let i = 0; i < nodes.length; i++) {
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			const source = inputSource[e]!;
			if (source >= 0 && back[source] === 0) pending[i]!++;
		}
	}
	const ready: number[] = [];
	for (let i = nodes.length - 1; i >= 0; i--) if (pending[i] === 0) ready.push(i);
	const done = new Uint8Array(nodes.length);
	const order: Node[] = [];
	for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
		done[i] = 1;
		order.push(nodes[i]!);
		if (back[i] === 1) continue;
		for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++)
			if (--pending[reader[e]!]! === 0) ready.push(reader[e]!);
	}
	return { nodes: order, cyclic: nodes.filter((_node, i) => done[i] === 0) };
}
