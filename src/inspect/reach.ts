/** What a node needs and what it reaches: walks over the edges, with queues, never by recursion. */
import type { Graph } from '../graph/graph.ts';

/** `up`: towards the inputs. `down`: towards the readers. */
export type Direction = 'up' | 'down';

export interface WalkOptions {
	/** Edges to go at most; no limit unless given. */
	readonly depth?: number | undefined;
	/** Whether to follow control edges. Default true. */
	readonly control?: boolean | undefined;
	/** Nodes that are reached but not passed. */
	readonly stop?: ((position: number) => boolean) | undefined;
}

/**
 * Distances in edges from the nearest of `from`, by position; −1 for what is not reached. The nodes of `from`
 * are 0 away.
 */
export function distances(
	graph: Graph,
	from: Iterable<number>,
	direction: Direction,
	options: WalkOptions = {},
): Int32Array {
	const distance = new Int32Array(graph.nodes.length).fill(-1);
	const queue: number[] = [];
	for (const start of from) {
		if (distance[start]! >= 0) continue;
		distance[start] = 0;
		queue.push(start);
	}
	const limit = options.depth ?? Number.POSITIVE_INFINITY;
	for (let head = 0; head < queue.length; head++) {
		const at = queue[head]!;
		const next = distance[at]! + 1;
		if (next > limit || (next > 1 && options.stop?.(at))) continue;
		forEachNeighbour(graph, at, direction, options.control ?? true, (neighbour) => {
			if (distance[neighbour]! >= 0) return;
			distance[neighbour] = next;
			queue.push(neighbour);
		});
	}
	return distance;
}

/** Positions reached from `from`, itself included, nearest first. */
export function reach(graph: Graph, from: number, direction: Direction, options: WalkOptions = {}): number[] {
	const seen = new Uint8Array(graph.nodes.length);
	const queue = [from];
	seen[from] = 1;
	for (let head = 0; head < queue.length; head++) {
		const at = queue[head]!;
		if (head > 0 && options.stop?.(at)) continue;
		forEachNeighbour(graph, at, direction, options.control ?? true, (neighbour) => {
			if (seen[neighbour]) return;
			seen[neighbour] = 1;
			queue.push(neighbour);
		});
	}
	return queue;
}

/** Calls `visit` with the position at the other end of each edge; a pair of nodes may come several times. */
export function forEachNeighbour(
	graph: Graph,
	at: number,
	direction: Direction,
	control: boolean,
	visit: (neighbour: number) => void,
): void {
	const { inputStart, inputSource, readerStart, reader } = graph.topology;
	if (direction === 'up') {
		const { inputs } = graph.nodes[at]!;
		for (let e = inputStart[at]!; e < inputStart[at + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || (!control && isControlInput(inputs[e - inputStart[at]!]!))) continue;
			visit(source);
		}
		return;
	}
	const readers = control ? { start: readerStart, reader } : dataReaders(graph);
	for (let e = readers.start[at]!; e < readers.start[at + 1]!; e++) visit(readers.reader[e]!);
}

/** In compressed rows: the readers of node i are `reader[start[i]]` to `reader[start[i + 1] - 1]`. */
export interface Readers {
	readonly start: Int32Array;
	readonly reader: Int32Array;
}

const known = new WeakMap<Graph, Readers>();

/** Who reads a tensor of each node, once per input, without those who only wait for it. */
export function dataReaders(graph: Graph): Readers {
	let readers = known.get(graph);
	if (!readers) {
		readers = findDataReaders(graph);
		known.set(graph, readers);
	}
	return readers;
}

function findDataReaders(graph: Graph): Readers {
	const { inputStart, inputSource } = graph.topology;
	const count = graph.nodes.length;
	const start = new Int32Array(count + 1);
	const each = (visit: (source: number, at: number) => void): void => {
		for (let at = 0; at < count; at++) {
			const { inputs } = graph.nodes[at]!;
			for (let k = 0; k < inputs.length; k++) {
				const source = inputSource[inputStart[at]! + k]!;
				if (source >= 0 && !isControlInput(inputs[k]!)) visit(source, at);
			}
		}
	};
	each((source) => {
		start[source + 1]!++;
	});
	for (let i = 0; i < count; i++) start[i + 1]! += start[i]!;
	const reader = new Int32Array(start[count]!);
	const next = start.slice(0, -1);
	each((source, at) => {
		reader[next[source]!++] = at;
	});
	return { start, reader };
}

function isControlInput(input: string): boolean {
	return input.charCodeAt(0) === 94;
}
