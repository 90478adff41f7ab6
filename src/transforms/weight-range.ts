/** Ranges of weights and what they become in eight bits, to the byte as on x86 (spec: quantizing 3 and 4). */
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
export function valueRange(values: Float32Array): WeightRange {
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
export function quantizedRange(values: Float32Array): WeightRange {
	const { min, max } = valueRange(values);
	return { min: Math.min(min, 0), max };
}

/** The bytes of a range's 256 steps; NaN gives 0, and so does everything where the range is not finite. */
export function quantizeToBytes(values: Float32Array, { min, max }: WeightRange): Uint8Array {
	const distance = Math.fround(max - min);
	if (!Number.isFinite(distance)) return new Uint8Array(values.length);
	const steps = 256 / (distance * (256 / 255));
	const zero = Math.round(-min * steps);
	const blocks = values.length < FEWEST_FOR_BLOCKS ? undefined : weightBlocks();
	return blocks ? blocks.quantize(values, steps, zero) : bytesOf(values, steps, zero);
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
