/** Ranges of weights and what they become in eight bits, to the byte as on x86 (spec: quantizing 3 and 4). */
import { ELEMENTS_A_TURN, type Work } from '../graph/progress.ts';
import { weightBlocks } from '../ops/engine/blocks.ts';

/** The smallest positive normal float: where the C++ tool's search for a maximum begins. */
export const FLT_MIN = 2 ** -126;
const FLT_MAX = (2 - 2 ** -23) * 2 ** 127;
/** Added before truncating, it rounds halves away from zero and 0.49999999999999994 down. */
const HALF = 0.49999999999999994;

/** Fewer values are done before a block has been copied. */
export const FEWEST_FOR_BLOCKS = 1024;

export interface WeightRange {
	readonly min: number;
	readonly max: number;
}

/** Least and greatest value; without a value above it the greatest is {@link FLT_MIN}. NaN never counts. */
export function* valueRange(values: Float32Array): Work<WeightRange> {
	let min = FLT_MAX;
	let max = FLT_MIN;
	yield* inParts(values.length, (from, to) => {
		const part = rangeOfPart(values.subarray(from, to));
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

function rangeOfPart(values: Float32Array): WeightRange {
	const range =
		values.length < FEWEST_FOR_BLOCKS ? undefined : weightBlocks()?.range(values, FLT_MAX, FLT_MIN);
	// Of several zeros the first counts, which has a sign.
	if (range && range.min !== 0) return range;
	let min = FLT_MAX;
	let max = FLT_MIN;
	for (let i = 0; i < values.length; i++) {
		const value = values[i]!;
		if (value < min) min = value;
		if (max < value) max = value;
	}
	return { min, max };
}

/** {@link valueRange} with zero inside. */
export function* quantizedRange(values: Float32Array): Work<WeightRange> {
	const { min, max } = yield* valueRange(values);
	return { min: Math.min(min, 0), max };
}

/** The bytes of a range's 256 steps; NaN gives 0, and so does everything where the range is not finite. */
export function* quantizeToBytes(values: Float32Array, { min, max }: WeightRange): Work<Uint8Array> {
	const bytes = new Uint8Array(values.length);
	const distance = Math.fround(max - min);
	if (!Number.isFinite(distance)) return bytes;
	const steps = 256 / (distance * (256 / 255));
	const zero = Math.round(-min * steps);
	const blocks = values.length < FEWEST_FOR_BLOCKS ? undefined : weightBlocks();
	yield* inParts(values.length, (from, to) => {
		const part = values.subarray(from, to);
		bytes.set(blocks ? blocks.quantize(part, steps, zero) : bytesOf(part, steps, zero), from);
	});
	return bytes;
}

function bytesOf(values: Float32Array, steps: number, zero: number): Uint8Array {
	const bytes = new Uint8Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const step = values[i]! * steps;
		// Neither branch takes NaN.
		const byte = step >= 0 ? ((step + HALF) | 0) + zero : step < 0 ? ((step - HALF) | 0) + zero : 0;
		bytes[i] = Math.min(byte, 255);
	}
	return bytes;
}
