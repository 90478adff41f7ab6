/** The edges of a graph as numbers: what walks over the whole graph use instead of names. */
import type { Node } from './node.ts';

/** Node positions stand for nodes. Edge lists are in compressed rows: those of node i are `[start[i], start[i+1])`. */
export interface Topology {
	/** Source position of every input string, node by node, in order; −1 where it names no node. */
	readonly inputStart: Int32Array;
	readonly inputSource: Int32Array;
	/** Consumers of every node, once per input string that names it, in file order. */
	readonly readerStart: Int32Array;
	readonly reader: Int32Array;
}

/** @param position name → position; the last of several nodes with one name counts. */
export function buildTopology(nodes: readonly Node[], position: ReadonlyMap<string, number>): Topology {
	const inputStart = new Int32Array(nodes.length + 1);
	let edges = 0;
	for (let i = 0; i < nodes.length; i++) {
		inputStart[i] = edges;
		edges += nodes[i]!.inputs.length;
	}
	inputStart[nodes.length] = edges;
	const inputSource = new Int32Array(edges);
	const readerStart = new Int32Array(nodes.length + 1);
	let at = 0;
	for (const node of nodes) {
		for (const source of node.sources) {
			const index = position.get(source) ?? -1;
			inputSource[at++] = index;
			if (index >= 0) readerStart[index + 1]!++;
		}
	}
	for (let i = 0; i < nodes.length; i++) readerStart[i + 1]! += readerStart[i]!;
	const reader = new Int32Array(readerStart[nodes.length]!);
	const next = readerStart.slice(0, -1);
	for (let i = 0; i < nodes.length; i++) {
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			const source = inputSource[e]!;
			if (source >= 0) reader[next[source]!++] = i;
		}
	}
	return { inputStart, inputSource, readerStart, reader };
}
