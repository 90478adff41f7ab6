/**
 * The order in which TensorFlow takes a graph's nodes in: the smallest position first among those whose inputs are
 * there (spec: folding 3.3). A sorted file keeps its order; loops are entered through their Merge.
 */
import type { Node } from '../graph/node.ts';

/** Edges as numbers; see `Topology` of `graph/topology.ts`. Sources of −1 are passed over. */
export interface Edges {
	readonly inputStart: Int32Array;
	readonly inputSource: Int32Array;
	readonly readerStart: Int32Array;
	readonly reader: Int32Array;
}

/** Positions in order; nodes in a cycle, and what depends on them, are not among them. */
export function importOrder(nodes: readonly Node[], edges: Edges): Int32Array {
	const { inputStart, inputSource, readerStart, reader } = edges;
	const count = nodes.length;
	const pending = new Int32Array(count);
	let sorted = true;
	for (let i = 0; i < count; i++) {
		const loop = isMerge(nodes[i]!) && hasBackEdge(nodes, edges, i);
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0) continue;
			if (!loop) pending[i]!++;
			if (source >= i && !loop) sorted = false;
		}
		if (loop) pending[i] = controlInputs(nodes[i]!) + 1;
		if (loop) sorted = false;
	}
	const order = new Int32Array(count);
	if (sorted) return order.map((_, i) => i);
	const ready = new PositionHeap(count);
	for (let i = 0; i < count; i++) if (pending[i] === 0) ready.push(i);
	let done = 0;
	while (ready.size > 0) {
		const next = ready.pop();
		order[done++] = next;
		for (let r = readerStart[next]!; r < readerStart[next + 1]!; r++) {
			const consumer = reader[r]!;
			if (--pending[consumer]! === 0) ready.push(consumer);
		}
	}
	return order.subarray(0, done);
}

export function isMerge(node: Node): boolean {
	return node.op === 'Merge' || node.op === 'RefMerge';
}

function isNextIteration(node: Node): boolean {
	return node.op === 'NextIteration' || node.op === 'RefNextIteration';
}

/** Whether an input of the node at `position` comes round a loop. */
function hasBackEdge(nodes: readonly Node[], edges: Edges, position: number): boolean {
	for (let e = edges.inputStart[position]!; e < edges.inputStart[position + 1]!; e++) {
		const source = edges.inputSource[e]!;
		if (source >= 0 && isNextIteration(nodes[source]!)) return true;
	}
	return false;
}

function controlInputs(node: Node): number {
	let count = 0;
	for (const input of node.inputs) if (input.startsWith('^')) count++;
	return count;
}

/** A binary heap of positions, smallest first. */
class PositionHeap {
	readonly #items: Int32Array;
	size = 0;

	constructor(capacity: number) {
		this.#items = new Int32Array(capacity + 1);
	}

	push(position: number): void {
		const items = this.#items;
		let at = this.size++;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (items[parent]! <= position) break;
			items[at] = items[parent]!;
			at = parent;
		}
		items[at] = position;
	}

	pop(): number {
		const items = this.#items;
		const top = items[0]!;
		const last = items[--this.size]!;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= this.size) break;
			if (child + 1 < this.size && items[child + 1]! < items[child]!) child++;
			if (items[child]! >= last) break;
			items[at] = items[child]!;
			at = child;
		}
		items[at] = last;
		return top;
	}
}
