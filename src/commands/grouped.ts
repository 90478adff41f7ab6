/** Figures by scope or op type, for `params` and `flops`. */
import type { Graph } from '../graph/graph.ts';

export type Grouping = 'node' | 'scope' | 'op';
export const groupings: readonly Grouping[] = ['node', 'scope', 'op'];

export interface Group {
	readonly name: string;
	nodes: number;
	value: number;
}

/** @param value of the node at a position. @param depth parts of a name that make its scope. Largest first. */
export function grouped(
	graph: Graph,
	by: 'scope' | 'op',
	depth: number,
	value: (position: number) => number,
): Group[] {
	const groups = new Map<string, Group>();
	for (let i = 0; i < graph.nodes.length; i++) {
		const amount = value(i);
		if (!(amount > 0)) continue;
		const { name, op } = graph.nodes[i]!;
		const key = by === 'op' ? op : scopeAt(name, depth);
		const group = groups.get(key) ?? { name: key, nodes: 0, value: 0 };
		group.nodes++;
		group.value += amount;
		groups.set(key, group);
	}
	return [...groups.values()].sort((a, b) => b.value - a.value);
}

/** The first `depth` parts of a name, without its last. */
function scopeAt(name: string, depth: number): string {
	let end = -1;
	for (let i = 0; i < depth; i++) {
		const slash = name.indexOf('/', end + 1);
		if (slash < 0) break;
		end = slash;
	}
	return end < 0 ? '(top)' : name.slice(0, end);
}
