/** Kernels of the activations and of the bias. */
import { DT_FLOAT, dtypeStorage } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import {
	cannotRun,
	elementCount,
	isBigInts,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	narrow,
	noDtype,
	widen,
} from '../values.ts';
import type { Floats } from './convolution-windows.ts';
import { type Curve, curveOf } from './curves.ts';

/** Applies a function of one number to every element, in float32 or wider. */
function mapNumbers(x: TensorValue, context: KernelContext, f: (x: number) => number): TensorValue {
	const { dtype, shape, data } = x;
	if (isSixteenBitFloat(dtype)) {
		const wide = widen(x);
		for (let i = 0; i < wide.length; i++) wide[i] = f(wide[i]!);
		return { dtype, shape, data: narrow(wide, dtype) };
	}
	if (!isNumbers(data)) throw noDtype(context, dtype);
	const result = new (data.constructor as Float32ArrayConstructor)(data.length) as Numbers;
	for (let i = 0; i < data.length; i++) result[i] = f(data[i]!);
	return { dtype, shape, data: result };
}

/** Every element brought into [low, high]: on the engine when it is there already. */
function clampKernel(low: number, high: number): Kernel {
	return ([x], context) => {
		const engine = context.workspace?.engine;
		if (x!.dtype === DT_FLOAT && engine && x!.data.length > 0) {
			const result = engine.float32(x!.data.length);
			engine.lend([x!.data as Floats], ([at]) =>
				engine.primitives.clamp(at!, result.byteOffset, result.length, low, high),
			);
			return [{ ...plain(x!), data: result }];
		}
		if (isBigInts(x!.data)) {
			const bound = high === Number.POSITIVE_INFINITY ? undefined : BigInt(high);
			const lowest = BigInt(low);
			const clamp = (v: bigint): bigint =>
				v < lowest ? lowest : bound !== undefined && v > bound ? bound : v;
			return [{ ...plain(x!), data: (x!.data as BigInt64Array).map(clamp) }];
		}
		return [mapNumbers(x!, context, (v) => Math.max(low, Math.min(v, high)))];
	};
}

function plain({ dtype, shape }: TensorValue): Pick<TensorValue, 'dtype' | 'shape'> {
	return { dtype, shape };
}

function needsFloat(f: (x: number, context: KernelContext) => number): Kernel {
	return ([x], context) => {
		const storage = dtypeStorage(x!.dtype);
		if (storage !== 'float32' && storage !== 'float64' && !isSixteenBitFloat(x!.dtype))
			throw noDtype(context, x!.dtype);
		return [mapNumbers(x!, context, (v) => f(v, context))];
	};
}

/** The curve for float, the kernel for other dtypes. */
function curved(curve: Curve, others: Kernel): Kernel {
	return (inputs, context) =>
		inputs[0]!.dtype === DT_FLOAT ? [curveOf(inputs[0]!, curve, context)] : others(inputs, context);
}

export const relu = clampKernel(0, Number.POSITIVE_INFINITY);
export const relu6 = clampKernel(0, 6);

export const leakyRelu: Kernel = ([x], context) => {
	const alpha = context.attr('alpha')?.float ?? 0.2;
	// The slope may be steeper than 1, and negative.
	return needsFloat((v) => (v > 0 ? v : v * alpha))([x!], context);
};

export const elu = curved(
	'elu',
	needsFloat((v) => (v < 0 ? Math.exp(v) - 1 : v)),
);

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.7580993408473768;
export const selu = curved(
	'selu',
	needsFloat((v) => (v < 0 ? SELU_ALPHA * (Math.exp(v) - 1) : SELU_SCALE * v)),
);

/** Below and above this TensorFlow takes the limits, exp(x) and x. */
const SOFTPLUS_LIMIT = -Math.log(1.1920928955078125e-7) - 2;
export const softplus = needsFloat((v) =>
	v > SOFTPLUS_LIMIT ? v : v < -SOFTPLUS_LIMIT ? Math.exp(v) : Math.log1p(Math.exp(v)),
);
export const softsign = needsFloat((v) => v / (1 + Math.abs(v)));

/** A value for each channel added to it. */
export const biasAdd: Kernel = ([x, bias], context) => {
	const { shape, dtype } = x!;
	const first = context.attr('data_format')?.string === 'NCHW';
	const channel = first ? 1 : shape.length - 1;
	if (shape.length < 2 || bias!.shape.length !== 1 || bias!.shape[0] !== shape[channel])
		throw cannotRun(context, `a bias [${bias!.shape}] does not fit [${shape}]`);
	const engine = context.workspace?.engine;
	if (!first && dtype === DT_FLOAT && engine && x!.data.length > 0) {
		const data = addOnEngine(x!.data as Floats, bias!.data as Floats, context);
		return [{ dtype, shape, data }];
	}
	const inner = first ? elementCount(shape.slice(2)) : 1;
	return [{ dtype, shape, data: addBias(x!, bias!, inner, context) }];
};

function addOnEngine(x: Floats, bias: Floats, context: KernelContext): Floats {
	const { engine } = context.workspace!;
	const result = engine.float32(x.length);
	const infinity = Number.POSITIVE_INFINITY;
	engine.lend([x, bias], ([a, b]) =>
		engine.primitives.combine(0, a!, b!, result.byteOffset, x.length, bias.length, -infinity, infinity),
	);
	return result;
}

/** @param inner elements of one channel that lie together. */
function addBias(
	x: TensorValue,
	bias: TensorValue,
	inner: number,
	context: KernelContext,
): TensorValue['data'] {
	const channels = bias.data.length;
	if (isBigInts(x.data)) {
		const values = bias.data as BigInt64Array;
		return (x.data as BigInt64Array).map((v, i) => v + values[Math.floor(i / inner) % channels]!);
	}
	if (isSixteenBitFloat(x.dtype)) {
		const [wide, offsets] = [widen(x), widen(bias)];
		for (let i = 0; i < wide.length; i++) wide[i] = wide[i]! + offsets[Math.floor(i / inner) % channels]!;
		return narrow(wide, x.dtype);
	}
	if (!isNumbers(x.data)) throw noDtype(context, x.dtype);
	const offsets = bias.data as Numbers;
	const result = new (x.data.constructor as Float32ArrayConstructor)(x.data.length) as Numbers;
	for (let block = 0, at = 0; at < result.length; block++) {
		const offset = offsets[block % channels]!;
		for (const end = at + inner; at < end; at++) result[at] = x.data[at]! + offset;
	}
	return result;
}
