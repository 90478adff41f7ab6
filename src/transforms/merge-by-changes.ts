/** Merging equal nodes in time that grows with what changes, for `merge_duplicate_nodes`. */
import type { Graph } from '../graph/graph.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { isStateful } from '../ops/registry.ts';
import { HashChains } from './hash-chains.ts';
import { keepWired } from './keep-nodes.ts';
import { MergedNodes } from './merged-nodes.ts';
import type { NodeHashes } from './node-hash.ts';
import { sortByHash } from './sort-by-hash.ts';

/**
 * What the tool's passes after the first come to: a node can only have become equal to another when an input of
 * it was merged. Of equal nodes the one stays that had the lowest hash before, because the tool's list is in
 * that order.
 * @param dropped positions that the first pass drops, each with the position that stands for it.
 * @returns the graph with its nodes in order of their hashes; undefined where equal nodes with state make the order
 * of a list count that is not kept here.
 */
export function* mergeByChanges(
	graph: Graph,
	hashes: NodeHashes,
	dropped: readonly (readonly [number, number])[],
): Work<Graph | undefined> {
	const nodes = [...graph.nodes];
	const merged = new MergedNodes(graph);
	const before = { high: hashes.high.slice(), low: hashes.low.slice() };
	let readers = new Set<number>();
	for (const [position, kept] of dropped) merged.merge(position, kept, readers);
	const chains = new HashChains(hashes);
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: 3 * nodes.length };
		if (!merged.isDropped(i)) chains.enter(i);
	}
	let done = 0;
	while (readers.size > 0) {
		const changed = [...readers].filter((i) => !merged.isDropped(i));
		readers = new Set();
		for (const i of changed) {
			if (isTurn(done++)) yield { done: nodes.length + (done % nodes.length), total: 3 * nodes.length };
			chains.leave(i);
			nodes[i] = merged.rewired(i, nodes[i]!);
			hashes.update(i, nodes[i]!);
		}
		for (const i of changed) {
			if (isTurn(done++)) yield { done: nodes.length + (done % nodes.length), total: 3 * nodes.length };
			chains.enter(i);
		}
		for (const i of changed) {
			if (isTurn(done++)) yield { done: nodes.length + (done % nodes.length), total: 3 * nodes.length };
			if (merged.isDropped(i)) continue;
			const equal = chains.equal(i);
			if (!equal) continue;
			if (isStateful(nodes[i]!.op)) return undefined;
			const first = equal.reduce((a, b) => (isBelow(before, b, a) ? b : a));
			for (const other of equal) {
				if (other === first) continue;
				chains.leave(other);
				merged.merge(other, first, readers);
			}
		}
		for (const i of changed) {
			before.high[i] = hashes.high[i]!;
			before.low[i] = hashes.low[i]!;
		}
	}
	const left: number[] = [];
	for (let i = 0; i < nodes.length; i++) if (!merged.isDropped(i)) left.push(i);
	const high = Uint32Array.from(left, (i) => hashes.high[i]!);
	const low = Uint32Array.from(left, (i) => hashes.low[i]!);
	const order = sortByHash(high, low).map((at) => left[at]!);
	return keepWired(
		graph,
		Array.from(order, (i) => nodes[i]!),
		merged.edges(order),
	);
}

function isBelow({ high, low }: Pick<NodeHashes, 'high' | 'low'>, a: number, b: number): boolean {
	return high[a] === high[b] ? low[a]! < low[b]! : high[a]! < high[b]!;
}
