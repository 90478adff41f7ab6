/** Ways from one node to another along the edges, in the direction of the data. */
import type { Graph } from '../graph/graph.ts';
import { distances, forEachNeighbour } from './reach.ts';

export interface Paths {
	/** Positions from start to end, both included; undefined when there is no way. */
	readonly shortest: readonly number[] | undefined;
	/** Different ways, shortest first in each branch, at most as many as asked for. */
	readonly all: readonly (readonly number[])[];
	/** Whether there are more. */
	readonly more: boolean;
}

/** Nodes looked at for listing ways: their number can grow without end. */
const MOST_STEPS = 200_000;

/** @param limit how many ways to list at most. Control edges count. */
export function findPaths(graph: Graph, from: number, to: number, limit = 10): Paths {
	/** How far every node is from the end. */
	const toEnd = distances(graph, [to], 'up');
	if (toEnd[from]! < 0) return { shortest: undefined, all: [], more: false };
	const all: number[][] = [];
	let more = false;
	let steps = 0;
	const path: number[] = [from];
	const onPath = new Set([from]);
	const choices: number[][] = [next(from)];
	while (choices.length > 0) {
		if (path.at(-1) === to && choices.at(-1)!.length >= 0 && from !== to) {
			if (all.length === limit) {
				more = true;
				break;
			}
			all.push([...path]);
			leave();
			continue;
		}
		const step = choices.at(-1)!.pop();
		if (step === undefined) {
			leave();
			continue;
		}
		if (++steps > MOST_STEPS) {
			more = true;
			break;
		}
		if (onPath.has(step)) continue;
		path.push(step);
		onPath.add(step);
		choices.push(next(step));
	}
	return { shortest: shortest(), all: from === to ? [[from]] : all, more };

	function leave(): void {
		onPath.delete(path.pop()!);
		choices.pop();
	}

	/** Readers that lead to the end, the nearest one last so that it is taken first. */
	function next(at: number): number[] {
		const found = new Set<number>();
		forEachNeighbour(graph, at, 'down', true, (reader) => {
			if (toEnd[reader]! >= 0) found.add(reader);
		});
		return [...found].sort((a, b) => toEnd[b]! - toEnd[a]! || b - a);
	}

	function shortest(): number[] {
		const way = [from];
		for (let at = from; at !== to; ) {
			at = next(at).at(-1)!;
			way.push(at);
		}
		return way;
	}
}
