/** The arithmetic of quantized values: ranges, codes, and the rounding that TensorFlow's kernels have. */
import { DT_QINT8, DT_QINT16, DT_QINT32, DT_QUINT8, DT_QUINT16 } from '../../graph/dtype.ts';

const { fround } = Math;

/** The codes of a quantized type. */
export interface Codes {
	readonly lowest: number;
	readonly highest: number;
	/** How many there are. */
	readonly count: number;
	readonly signed: boolean;
}

const codes: ReadonlyMap<number, Codes> = new Map(
	[
		[DT_QINT8, -128, 127],
		[DT_QUINT8, 0, 255],
		[DT_QINT16, -32768, 32767],
		[DT_QUINT16, 0, 65535],
		[DT_QINT32, -2147483648, 2147483647],
	].map(([dtype, lowest, highest]) => [
		dtype!,
		{ lowest: lowest!, highest: highest!, count: highest! - lowest! + 1, signed: lowest! < 0 },
	]),
);

/** undefined for a dtype that is not quantized. */
export function codesOf(dtype: number): Codes | undefined {
	return codes.get(dtype);
}

/** Ties away from zero. */
export function roundAway(value: number): number {
	return value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5);
}

/** The float that a code stands for (`QuantizedToFloat`). */
export function toFloat(code: number, low: number, high: number, { lowest, count }: Codes): number {
	if (low === high) return low;
	const range = (high - low) * (count / (count - 1));
	const scale = range / count;
	const single = fround(scale);
	const base = roundAway(fround(low / single)) * single;
	return fround(base + (code - lowest) * scale);
}

/** The code of a float, not kept within the type's limits (`FloatToQuantizedUnclamped`). */
export function toCodeUnclamped(value: number, low: number, high: number, { lowest, count }: Codes): number {
	if (low === high) return 0;
	const range = (high - low) * (count / (count - 1));
	const scale = count / range;
	return roundAway(value * scale) - roundAway(low * scale) + lowest;
}

export function toCode(value: number, low: number, high: number, type: Codes): number {
	const code = toCodeUnclamped(value, low, high, type);
	return Math.max(type.lowest, Math.min(code, type.highest));
}

/** The range of products of two quantized types, as 32-bit codes. */
export function productRange(
	left: { readonly low: number; readonly high: number; readonly type: Codes },
	right: { readonly low: number; readonly high: number; readonly type: Codes },
): readonly [number, number] {
	const level = ({ low, high, type }: typeof left): number =>
		fround((high - low) / (type.highest - type.lowest));
	const one = fround(level(left) * level(right));
	return [fround(one * -2147483648), fround(one * 2147483647)];
}
