const DIGIT = 1 << 16;

/** Positions by ascending 64-bit number, equal ones in their order: a radix sort, linear in the numbers. */
export function sortByHash(high: Uint32Array, low: Uint32Array): Uint32Array {
	let order = new Uint32Array(high.length).map((_, i) => i);
	let next = new Uint32Array(high.length);
	const start = new Uint32Array(DIGIT + 1);
	for (const [words, shift] of [
		[low, 0],
		[low, 16],
		[high, 0],
		[high, 16],
	] as const) {
		start.fill(0);
		for (const word of words) start[((word >>> shift) & 0xffff) + 1]!++;
		for (let digit = 0; digit < DIGIT; digit++) start[digit + 1]! += start[digit]!;
		for (const i of order) next[start[(words[i]! >>> shift) & 0xffff]!++] = i;
		[order, next] = [next, order];
	}
	return order;
}
