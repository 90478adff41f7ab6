/**
 * The order in which `summarize_graph` lists op types: by count, ties as GNU's unstable `std::sort` leaves
 * them (spec: core-and-rewiring 7.5). Up to 16 op types that is by name.
 */
import { compareBytes } from '../graph/text.ts';

export type OpCount = readonly [op: string, count: number];

const INSERTION_SORT_BELOW = 16;

/** Op types with how many nodes have each, most frequent first. */
export function orderedOpCounts(counts: ReadonlyMap<string, number>): OpCount[] {
	const items: OpCount[] = [...counts].sort(([a], [b]) => compareBytes(a, b));
	introsort(items);
	return items;
}

function before(a: OpCount, b: OpCount): boolean {
	return a[1] > b[1];
}

function introsort(items: OpCount[]): void {
	// Ranges wait on a stack: the right part is finished before the left one, as the recursion has it.
	const ranges = [{ first: 0, last: items.length, depth: 2 * Math.floor(Math.log2(items.length || 1)) }];
	for (let range = ranges.pop(); range; range = ranges.pop()) {
		const { first, last, depth } = range;
		if (last - first <= INSERTION_SORT_BELOW) continue;
		if (depth === 0) {
			heapSort(items, first, last);
			continue;
		}
		const cut = partition(items, first, last);
		ranges.push({ first, last: cut, depth: depth - 1 }, { first: cut, last, depth: depth - 1 });
	}
	for (let i = 1; i < items.length; i++) {
		for (let j = i; j > 0 && before(items[j]!, items[j - 1]!); j--) swap(items, j, j - 1);
	}
}

function partition(items: OpCount[], first: number, last: number): number {
	const middle = first + Math.floor((last - first) / 2);
	swap(items, first, medianOf(items, first + 1, middle, last - 1));
	const pivot = items[first]!;
	let i = first + 1;
	let j = last;
	for (;;) {
		while (before(items[i]!, pivot)) i++;
		j--;
		while (before(pivot, items[j]!)) j--;
		if (i >= j) return i;
		swap(items, i, j);
		i++;
	}
}

function medianOf(items: readonly OpCount[], a: number, b: number, c: number): number {
	const less = (x: number, y: number): boolean => before(items[x]!, items[y]!);
	if (less(a, b)) return less(b, c) ? b : less(a, c) ? c : a;
	return less(a, c) ? a : less(b, c) ? c : b;
}

/** What `std::sort` does with a range that partitions badly: libstdc++'s `make_heap` and `sort_heap`. */
function heapSort(items: OpCount[], first: number, last: number): void {
	const length = last - first;
	for (let parent = Math.floor((length - 2) / 2); parent >= 0; parent--)
		adjustHeap(items, first, parent, length, items[first + parent]!);
	for (let end = last - 1; end > first; end--) {
		const value = items[end]!;
		items[end] = items[first]!;
		adjustHeap(items, first, 0, end - first, value);
	}
}

/** Lets the hole at `hole` sink to a leaf, always to the later child, then lifts `value` up from there. */
function adjustHeap(items: OpCount[], first: number, hole: number, length: number, value: OpCount): void {
	const top = hole;
	let at = hole;
	let child = at;
	while (child < Math.floor((length - 1) / 2)) {
		child = 2 * (child + 1);
		if (before(items[first + child]!, items[first + child - 1]!)) child--;
		items[first + at] = items[first + child]!;
		at = child;
	}
	if (length % 2 === 0 && child === (length - 2) / 2) {
		child = 2 * child + 1;
		items[first + at] = items[first + child]!;
		at = child;
	}
	for (
		let parent = Math.floor((at - 1) / 2);
		at > top && before(items[first + parent]!, value);
		parent = Math.floor((at - 1) / 2)
	) {
		items[first + at] = items[first + parent]!;
		at = parent;
	}
	items[first + at] = value;
}

function swap(items: OpCount[], a: number, b: number): void {
	const kept = items[a]!;
	items[a] = items[b]!;
	items[b] = kept;
}
