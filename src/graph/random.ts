/** Seeded random numbers: the same on every machine, so that what is made from a seed can be named by it. */

/** Uniform numbers in [0, 1) with 32 random bits each. */
export type RandomSource = () => number;

/** The mulberry32 generator. */
export function mulberry32(seed: number): RandomSource {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** The 32-bit FNV-1a hash of a text's UTF-8 bytes: a seed out of a name. */
export function fnv1a(text: string): number {
	let hash = 0x811c9dc5;
	for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
	return hash;
}
