/** Nodes that wait for each other. A loop's way back, from NextIteration, is no such thing. */
import type { Graph } from '../graph/graph.ts';

const loopEnd = /^(?:Ref)?NextIteration$/;

/** Positions of one cycle in the order of its edges, from its first node in the file; undefined when there is none. */
export function findCycle(graph: Graph): number[] | undefined {
	const { nodes, topology } = graph;
	const { inputStart, inputSource, readerStart, reader } = topology;
	const pending = new Int32Array(nodes.length);
	const ready: number[] = [];
	const counts = (source: number): boolean => source >= 0 && !loopEnd.test(nodes[source]!.op);
	for (let i = 0; i < nodes.length; i++) {
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) if (counts(inputSource[e]!)) pending[i]!++;
		if (pending[i] === 0) ready.push(i);
	}
	let done = 0;
	for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
		done++;
		if (!counts(i)) continue;
		for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++) {
			pending[reader[e]!]!--;
			if (pending[reader[e]!] === 0) ready.push(reader[e]!);
		}
	}
	if (done === nodes.length) return undefined;
	const stuck = pending.findIndex((count) => count > 0);
	return followUp(stuck);

	/** Every stuck node has a stuck input: following them comes back to where it was. */
	function followUp(start: number): number[] {
		const path: number[] = [];
		const seenAt = new Map<number, number>();
		let at = start;
		while (!seenAt.has(at)) {
			seenAt.set(at, path.length);
			path.push(at);
			for (let e = inputStart[at]!; e < inputStart[at + 1]!; e++) {
				const source = inputSource[e]!;
				if (!counts(source) || pending[source]! <= 0) continue;
				at = source;
				break;
			}
		}
		const cycle = path.slice(seenAt.get(at)!).reverse();
		const first = cycle.indexOf(cycle.reduce((least, position) => Math.min(least, position)));
		return [...cycle.slice(first), ...cycle.slice(0, first)];
	}
}
