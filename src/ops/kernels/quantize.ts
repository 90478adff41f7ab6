/** Kernels between floats and quantized values: to codes and from codes. */
import { DT_FLOAT, DT_QUINT8 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { roundHalfEven } from '../elementwise-unary.ts';
import { cannotRun, elementCount, isSixteenBitFloat, type Numbers, narrow, noDtype } from '../values.ts';
import { floatsOf } from './normalization.ts';
import { type Codes, codesOf, roundAway } from './quantization.ts';

const { fround } = Math;

export function quantizedCodes(dtype: number, context: KernelContext): Codes {
	const codes = codesOf(dtype);
	if (!codes) throw noDtype(context, dtype);
	return codes;
}

/** An array for codes of a type. */
export function codeArray(dtype: number, length: number): Numbers {
	const { lowest, highest } = codesOf(dtype)!;
	if (highest > 65535) return new Int32Array(length);
	if (highest > 255) return lowest < 0 ? new Int16Array(length) : new Uint16Array(length);
	return lowest < 0 ? new Int8Array(length) : new Uint8Array(length);
}

export function float(value: number): TensorValue {
	return { dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) };
}

/** How one value becomes a code, and the range that codes then have. */
interface Quantizer {
	readonly low: number;
	readonly high: number;
	encode(value: number): number;
}

export const quantize: Kernel = ([x, min, max], context) => {
	const dtype = context.outputDtypes[0] ?? DT_QUINT8;
	const codes = quantizedCodes(dtype, context);
	const values = floatsOf(x!, context);
	const data = codeArray(dtype, values.length);
	const axis = context.attr('axis')?.int ?? -1;
	const lows = floatsOf(min!, context);
	const highs = floatsOf(max!, context);
	const quantizers = Array.from(lows, (low, i) => quantizer(low, highs[i]!, codes, context));
	const inner = axis < 0 ? values.length : elementCount(x!.shape.slice(axis + 1));
	if (quantizers.length !== (axis < 0 ? 1 : x!.shape[axis]))
		throw cannotRun(context, 'its ranges do not fit');
	for (let i = 0; i < values.length; i++) {
		const chosen = quantizers[axis < 0 ? 0 : Math.floor(i / inner) % quantizers.length]!;
		data[i] = Math.max(codes.lowest, Math.min(chosen.encode(values[i]!), codes.highest));
	}
	const ends = (side: 'low' | 'high'): TensorValue => ({
		dtype: DT_FLOAT,
		shape: axis < 0 ? [] : [quantizers.length],
		data: Float32Array.from(quantizers, (one) => one[side]),
	});
	return [{ dtype, shape: x!.shape, data }, ends('low'), ends('high')];
};

function quantizer(min: number, max: number, codes: Codes, context: KernelContext): Quantizer {
	if (!(min <= max)) throw cannotRun(context, `its range is ${min} … ${max}`);
	const least = context.attr('ensure_minimum_range')?.float ?? 0.01;
	const low = Math.min(0, min);
	const epsilon = fround(Math.max(1, Math.abs(min), Math.abs(max)) * least);
	const high = Math.max(0, Math.max(max, fround(low + epsilon)));
	const mode = context.attr('mode')?.string ?? 'MIN_COMBINED';
	if (mode === 'SCALED') return scaledQuantizer(low, high, codes, context);
	const clamp = (value: number): number => Math.max(low, Math.min(value, high));
	if (mode === 'MIN_FIRST') {
		const range = (high - low) * (codes.count / (codes.count - 1));
		const scale = fround(codes.count / range);
		const base = roundAway(fround(low * scale)) - codes.lowest;
		return { low, high, encode: (value) => roundAway(fround(value * scale)) - base };
	}
	const scale = fround((codes.highest - codes.lowest) / fround(high - low));
	if (!codes.signed) {
		return {
			low,
			high,
			encode: (value) => Math.trunc(fround(fround(fround(clamp(value) - low) * scale) + 0.5)),
		};
	}
	const half = codes.count / 2;
	return {
		low,
		high,
		encode: (value) => roundAway(fround(fround(fround(clamp(value) - low) * scale) - half)),
	};
}

/** Codes are the values times a factor; zero is zero. */
function scaledQuantizer(min: number, max: number, codes: Codes, context: KernelContext): Quantizer {
	const lowest = codes.lowest + (context.attr('narrow_range')?.bool ? 1 : 0);
	const huge = 3.4028234663852886e38;
	const fromLow = lowest * min > 0 ? fround(lowest / min) : huge;
	const fromHigh = codes.highest * max > 0 ? fround(codes.highest / max) : huge;
	const factor = Math.min(fromLow, fromHigh);
	const [low, high] = [fround(lowest / factor), fround(codes.highest / factor)];
	const round = context.attr('round_mode')?.string === 'HALF_TO_EVEN' ? roundHalfEven : roundAway;
	return { low, high, encode: (value) => round(fround(Math.max(low, Math.min(value, high)) * factor)) };
}

export const dequantize: Kernel = ([x, min, max], context) => {
	const codes = quantizedCodes(x!.dtype, context);
	const source = x!.data as Numbers;
	const axis = context.attr('axis')?.int ?? -1;
	const lows = floatsOf(min!, context);
	const highs = floatsOf(max!, context);
	const decoders = Array.from(lows, (low, i) => decoder(low, highs[i]!, codes, context));
	const inner = axis < 0 ? source.length : elementCount(x!.shape.slice(axis + 1));
	if (decoders.length !== (axis < 0 ? 1 : x!.shape[axis])) throw cannotRun(context, 'its ranges do not fit');
	const data = new Float32Array(source.length);
	for (let i = 0; i < source.length; i++) {
		data[i] = decoders[axis < 0 ? 0 : Math.floor(i / inner) % decoders.length]!(source[i]!);
	}
	const dtype = context.outputDtypes[0] ?? DT_FLOAT;
	return [{ dtype, shape: x!.shape, data: isSixteenBitFloat(dtype) ? narrow(data, dtype) : data }];
};

const SMALLEST_NORMAL = 2 ** -126;

/** TensorFlow computes with denormals taken for zero: a tiny range then has no steps, and its codes are no numbers. */
function flushed(value: number): number {
	return Math.abs(value) < SMALLEST_NORMAL ? 0 : fround(value);
}

function decoder(low: number, high: number, codes: Codes, context: KernelContext): (code: number) => number {
	const mode = context.attr('mode')?.string ?? 'MIN_COMBINED';
	if (mode === 'SCALED') {
		const lowest = codes.lowest + (context.attr('narrow_range')?.bool ? 1 : 0);
		const fromHigh = fround(high / codes.highest);
		const scale = codes.signed ? Math.max(fround(low / lowest), fromHigh) : fromHigh;
		return (code) => fround(code * scale);
	}
	if (mode === 'MIN_FIRST') {
		const scale = flushed(fround(high - low) / (codes.count - 1));
		const base = high === low ? low : fround(roundAway(fround(low / scale)) * scale);
		return (code) => fround(base + fround(fround(code - codes.lowest) * scale));
	}
	const scale = flushed(fround(high - low) / (codes.highest - codes.lowest));
	const half = codes.signed ? codes.count / 2 : 0;
	return (code) => fround(fround(fround(code + half) * scale) + low);
}
