/** Ranges of weights and what they become in eight bits, to the byte as on x86 (spec: quantizing 3 and 4). */
import { ELEMENTS_A_TURN, type Work } from '../graph/progress.ts';
import { type Blocks, weightBlocks } from '../ops/engine/blocks.ts';

/** The smallest positive normal float: where the C++ tool's search for a maximum begins. */
export const FLT_MIN = 2 ** -126;
const FLT_MAX = (2 - 2 ** -23) * 2 ** 127;
/** Added before truncating, it rounds halves away from zero and 0.49999999999999994 down. */
const HALF = 0.49999999999999994;

/** Fewer bytes are done before a block has been copied. */
const FEWEST_FOR_BLOCKS = 4096;

export interface WeightRange {
	readonly min: number;
	readonly max: number;
}

/** Least and greatest float; without a value above it the greatest is {@link FLT_MIN}. NaN never counts. */
export function* valueRange(content: Uint8Array): Work<WeightRange> {
	let min = FLT_MAX;
	let max = FLT_MIN;
	yield* inParts(content.length / 4, (from, to) => {
		const part = rangeOfPart(content.subarray(from * 4, to * 4));
		// Of several zeros the first counts, which has a sign.
		if (part.min < min) min = part.min;
		if (max < part.max) max = part.max;
	});
	return { min, max };
}

/** Goes over a constant's elements a part at a time, with a turn between two of them. */
export function* inParts(elements: number, work: (from: number, to: number) => void): Work<void> {
	for (let from = 0; from < elements; from += ELEMENTS_A_TURN) {
		if (from > 0) yield { done: from, total: elements };
		work(from, Math.min(from + ELEMENTS_A_TURN, elements));
	}
}

function rangeOfPart(bytes: Uint8Array): WeightRange {
	const range = blocksFor(bytes)?.range(bytes, FLT_MAX, FLT_MIN);
	// Of several zeros the first counts, which has a sign.
	if (range && range.min !== 0) return range;
	let min = FLT_MAX;
	let max = FLT_MIN;
	for (const value of floatsIn(bytes)) {
		if (value < min) min = value;
		if (max < value) max = value;
	}
	return { min, max };
}

/** {@link valueRange} with zero inside. */
export function* quantizedRange(content: Uint8Array): Work<WeightRange> {
	const { min, max } = yield* valueRange(content);
	return { min: Math.min(min, 0), max };
}

/**
 * The bytes of a range's 256 steps, one for each float of `content`; NaN gives 0, and so does everything where the
 * range is not finite.
 * @param target zeros.
 */
export function* quantizeToBytes(
	content: Uint8Array,
	{ min, max }: WeightRange,
	target: Uint8Array,
): Work<void> {
	const distance = Math.fround(max - min);
	if (!Number.isFinite(distance)) return;
	const steps = 256 / (distance * (256 / 255));
	const zero = Math.round(-min * steps);
	yield* inParts(target.length, (from, to) => {
		const bytes = content.subarray(from * 4, to * 4);
		const part = target.subarray(from, to);
		const blocks = blocksFor(bytes);
		if (blocks) blocks.quantize(bytes, steps, zero, part);
		else quantizeFloats(floatsIn(bytes), steps, zero, part);
	});
}

function quantizeFloats(values: Float32Array, steps: number, zero: number, target: Uint8Array): void {
	for (let i = 0; i < values.length; i++) {
		const step = values[i]! * steps;
		// Neither branch takes NaN.
		const byte = step >= 0 ? ((step + HALF) | 0) + zero : step < 0 ? ((step - HALF) | 0) + zero : 0;
		target[i] = Math.min(byte, 255);
	}
}

/** The module for loops over so many bytes; for fewer it is not worth the copying. */
function blocksFor(bytes: Uint8Array): Blocks | undefined {
	return bytes.length < FEWEST_FOR_BLOCKS ? undefined : weightBlocks();
}

/** Floats in little-endian bytes: a view where they lie aligned, a copy elsewhere. */
export function floatsIn(content: Uint8Array): Float32Array {
	const { buffer, byteOffset, length } = content.byteOffset % 4 === 0 ? content : new Uint8Array(content);
	return new Float32Array(buffer, byteOffset, length / 4);
}
