/** Kernels that take codes of one range to codes of another. */
import { DT_QINT32, DT_QUINT8 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { type Numbers, scalar } from '../values.ts';
import { type Codes, toCode, toFloat } from './quantization.ts';

import { codeArray, float, quantizedCodes } from './quantize.ts';

const { fround } = Math;

/** The range that is really used, with zero in it. */
function usedRange(x: TensorValue, low: number, high: number, codes: Codes): readonly [number, number] {
	let [least, most] = [codes.highest, codes.lowest];
	for (const code of x.data as Numbers) {
		if (code < least) least = code;
		if (code > most) most = code;
	}
	if (x.data.length === 0) return [0, 0];
	return [Math.min(0, toFloat(least, low, high, codes)), Math.max(0, toFloat(most, low, high, codes))];
}

export const requantizationRange: Kernel = ([x, min, max], context) => {
	const codes = quantizedCodes(x!.dtype, context);
	const [low, high] = usedRange(x!, scalar(min!), scalar(max!), codes);
	return [float(low), float(high)];
};

export const requantize: Kernel = ([x, min, max, wantedMin, wantedMax], context) => {
	const [low, high] = [scalar(wantedMin!), scalar(wantedMax!)];
	return requantized(x!, scalar(min!), scalar(max!), low, high, context);
};

export const shrinkRange: Kernel = ([x, min, max], context) => {
	const [from, to] = [scalar(min!), scalar(max!)];
	const [low, high] = usedRange(x!, from, to, quantizedCodes(x!.dtype, context));
	return requantized(x!, from, to, low, high, context);
};

function requantized(
	x: TensorValue,
	min: number,
	max: number,
	low: number,
	high: number,
	context: KernelContext,
): readonly TensorValue[] {
	const dtype = context.outputDtypes[0] ?? DT_QUINT8;
	const [from, to] = [quantizedCodes(x.dtype, context), quantizedCodes(dtype, context)];
	const source = x.data as Numbers;
	const data = codeArray(dtype, source.length);
	const encode =
		x.dtype === DT_QINT32 && dtype === DT_QUINT8
			? fixedPoint(min, max, low, high)
			: (code: number) => toCode(toFloat(code, min, max, from), low, high, to);
	for (let i = 0; i < source.length; i++) data[i] = encode(source[i]!);
	return [{ dtype, shape: x.shape, data }, float(low), float(high)];
}

/** From 32 bits to 8 in fixed-point arithmetic with 16 bits after the point, as TensorFlow does it. */
function fixedPoint(min: number, max: number, low: number, high: number): (code: number) => number {
	const range = fround(max - min);
	const wanted = fround(high - low);
	const factor = wanted === 0 ? 0 : fround(255 / wanted);
	const scale = wanted === 0 ? 0n : BigInt(Math.trunc((255 * 65536 * range) / wanted));
	const rezero = fround(fround(min + max) / 2);
	const inputOffset = BigInt(Math.trunc(fround(fround(rezero * factor) * 65536)));
	const outputOffset = wanted === 0 ? 0n : BigInt(Math.trunc((65536 * (low * 255)) / wanted));
	return (code) => {
		const value = ((BigInt(code) * scale) >> 32n) + inputOffset - outputOffset + 32768n;
		return Math.max(0, Math.min(Number(value >> 16n), 255));
	};
}
