/** The edges of a graph as numbers: what walks over the whole graph use instead of names. */
import type { Node } from './node.ts';
import { isTurn, type Work } from './progress.ts';

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
export function* buildTopology(
	nodes: readonly Node[],
	position: ReadonlyMap<string, number>,
): Work<Topology> {
	const inputStart = new Int32Array(nodes.length + 1);
	let edges = 0;
	for (let i = 0; i < nodes.length; i++) {
		inputStart[i] = edges;
		edges += nodes[i]!.inputs.length;
	}
	inputStart[nodes.length] = edges;
	const inputSource = new Int32Array(edges);
	let at = 0;
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: nodes.length };
		for (const source of nodes[i]!.sources) inputSource[at++] = position.get(source) ?? -1;
	}
	return withReaders(inputStart, inputSource);
}

/**
 * The edges of some or all of the nodes in another order.
 * @param order their old positions, each once.
 * @param inputSource what each input reads now, by old position; −1 where it names no node.
 */
export function selectTopology(
	old: Topology,
	order: ArrayLike<number>,
	inputSource: Int32Array = old.inputSource,
): Topology {
	const count = order.length;
	const place = new Int32Array(old.inputStart.length - 1).fill(-1);
	const start = new Int32Array(count + 1);
	for (let i = 0; i < count; i++) {
		place[order[i]!] = i;
		start[i + 1] = start[i]! + old.inputStart[order[i]! + 1]! - old.inputStart[order[i]!]!;
	}
	const sources = new Int32Array(start[count]!);
	let at = 0;
	for (let i = 0; i < count; i++) {
		const end = old.inputStart[order[i]! + 1]!;
		for (let e = old.inputStart[order[i]!]!; e < end; e++) {
			const source = inputSource[e]!;
			sources[at++] = source < 0 ? -1 : place[source]!;
		}
	}
	return withReaders(start, sources);
}

/** Adds the edges seen from their sources. @param inputSource −1 where an input names no node. */
export function withReaders(inputStart: Int32Array, inputSource: Int32Array): Topology {
	const count = inputStart.length - 1;
	const readerStart = new Int32Array(count + 1);
	for (const source of inputSource) if (source >= 0) readerStart[source + 1]!++;
	for (let i = 0; i < count; i++) readerStart[i + 1]! += readerStart[i]!;
	const reader = new Int32Array(readerStart[count]!);
	const next = readerStart.slice(0, -1);
	for (let i = 0; i < count; i++) {
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			const source = inputSource[e]!;
			if (source >= 0) reader[next[source]!++] = i;
		}
	}
	return { inputStart, inputSource, readerStart, reader };
}
