/** Sequences that come several times one after the other. */

export interface Repeat {
	readonly start: number;
	/** How many items come again; 1 where nothing does. */
	readonly length: number;
	readonly times: number;
}

/** Longer sequences than this are not looked for. */
const LONGEST = 8;

/** Goes through a list from its start; at every place the sequence that saves most lines, of two items or more. */
export function repeats(items: readonly string[]): Repeat[] {
	const found: Repeat[] = [];
	for (let start = 0; start < items.length; ) {
		let best: Repeat = { start, length: 1, times: 1 };
		let saved = 0;
		for (let length = 2; length <= LONGEST; length++) {
			const times = timesAt(items, start, length);
			// One line says how often it comes.
			const saves = (times - 1) * length - 1;
			if (times > 1 && saves > saved) {
				best = { start, length, times };
				saved = saves;
			}
		}
		const lead = best.times > 1 ? leadOf(items, best) : 0;
		for (let i = 0; i < lead; i++) found.push({ start: start + i, length: 1, times: 1 });
		found.push({ ...best, start: start + lead });
		start += lead + best.length * best.times;
	}
	return found;
}

function timesAt(items: readonly string[], start: number, length: number): number {
	let at = start + length;
	while (at < items.length && items[at] === items[at - length]) at++;
	return Math.floor((at - start) / length);
}

/** Of several places at which the sequence may begin the last: what repeats ends with what ends it. */
function leadOf(items: readonly string[], { start, length, times }: Repeat): number {
	let lead = 0;
	while (items[start + length * times + lead] === items[start + lead]) lead++;
	return lead;
}
