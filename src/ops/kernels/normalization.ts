/** Kernels of the normalizations. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import { layoutOf } from '../data-format.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, isSixteenBitFloat, type Numbers, narrow, noDtype, widen } from '../values.ts';
import type { Floats } from './convolution-windows.ts';
import { softmaxOf } from './curves.ts';
import { broughtFirst, toLast } from './layout.ts';

const { fround } = Math;

/** Float values of any float dtype, sixteen-bit ones widened. */
export function floatsOf(x: TensorValue, context: KernelContext): Float32Array | Float64Array {
	if (isSixteenBitFloat(x.dtype)) return widen(x);
	if (x.data instanceof Float32Array || x.data instanceof Float64Array) return x.data;
	throw noDtype(context, x.dtype);
}

/** A result in the dtype of its input. */
export function likeInput(x: TensorValue, data: Float32Array | Float64Array): TensorValue {
	const { dtype, shape } = x;
	return { dtype, shape, data: isSixteenBitFloat(dtype) ? narrow(data as Float32Array, dtype) : data };
}

/** What a channel's values go through: y = (x − center) × factor + offset. */
interface Coefficients {
	readonly center: Float32Array;
	readonly factor: Float32Array;
	readonly offset: Float32Array;
}

/** For every channel, channels last. The steps are rounded as TensorFlow rounds them: means may be large. */
function scaleChannels(
	x: TensorValue,
	{ center, factor, offset }: Coefficients,
	context: KernelContext,
): TensorValue {
	const engine = context.workspace?.engine;
	const channels = factor.length;
	if (x.dtype === DT_FLOAT && engine && x.data.length > 0) {
		const { low, high } = context.epilogue ?? {
			low: Number.NEGATIVE_INFINITY,
			high: Number.POSITIVE_INFINITY,
		};
		const result = engine.float32(x.data.length);
		engine.lend([x.data as Floats, center, factor, offset], ([a, c, f, o]) =>
			engine.primitives.affine(
				a!,
				c!,
				f!,
				o!,
				result.byteOffset,
				result.length / channels,
				channels,
				low,
				high,
			),
		);
		return { dtype: x.dtype, shape: x.shape, data: result };
	}
	const values = floatsOf(x, context);
	const result = new (values.constructor as Float32ArrayConstructor)(values.length);
	const round = values instanceof Float32Array ? fround : (v: number) => v;
	for (let at = 0; at < values.length; ) {
		for (let channel = 0; channel < channels; channel++, at++)
			result[at] = round(round(values[at]! - center[channel]!) * factor[channel]!) + offset[channel]!;
	}
	return likeInput(x, result);
}

/** FusedBatchNorm of every version. */
export const fusedBatchNorm: Kernel = ([x, scale, offset, mean, variance], context) => {
	const training = context.attr('is_training')?.bool ?? true;
	const epsilon = context.attr('epsilon')?.float ?? 1e-4;
	const first = layoutOf(context, x!.shape.length).channelsFirst;
	const last = first ? toLast(x!) : x!;
	const channels = last.shape.at(-1)!;
	if (scale!.data.length !== channels || offset!.data.length !== channels)
		throw cannotRun(context, `scale [${scale!.shape}] does not fit [${x!.shape}]`);
	if (!training && (mean!.data.length !== channels || variance!.data.length !== channels))
		throw cannotRun(context, 'it is not in training and has no mean and variance of its channels');
	const statistics = training
		? measure(last, context)
		: {
				mean: mean!.data as Numbers,
				variance: variance!.data as Numbers,
				unbiased: variance!.data as Numbers,
			};
	const steps = coefficients(statistics, scale!.data as Numbers, offset!.data as Numbers, epsilon);
	const y = scaleChannels(last, steps, context);
	const vector = (data: Numbers): TensorValue => ({
		dtype: scale!.dtype,
		shape: [data.length],
		data: Float32Array.from(data),
	});
	const outputs = [
		first ? broughtFirst(y, context) : y,
		vector(statistics.mean),
		vector(statistics.unbiased),
		vector(statistics.mean),
		vector(statistics.variance),
	];
	if (context.outputCount > 5) outputs.push(vector(new Float32Array(0)));
	return outputs;
};

interface Statistics {
	readonly mean: Numbers;
	readonly variance: Numbers;
	/** Divided by one less than the number of values. */
	readonly unbiased: Numbers;
}

/** Mean and variance of every channel of a batch. */
function measure(x: TensorValue, context: KernelContext): Statistics {
	const values = floatsOf(x, context);
	const channels = x.shape.at(-1)!;
	const count = values.length / channels;
	const mean = new Float64Array(channels);
	const variance = new Float64Array(channels);
	for (let i = 0; i < values.length; i++) mean[i % channels]! += values[i]! / count;
	for (let i = 0; i < values.length; i++)
		variance[i % channels]! += (values[i]! - mean[i % channels]!) ** 2 / count;
	return { mean, variance, unbiased: variance.map((v) => (v * count) / Math.max(1, count - 1)) };
}

function coefficients(
	{ mean, variance }: Statistics,
	scale: Numbers | undefined,
	offset: Numbers,
	epsilon: number,
): Coefficients {
	const center = Float32Array.from(mean);
	const factor = Float32Array.from(
		variance,
		(v, i) => fround(1 / Math.sqrt(v + epsilon)) * (scale ? scale[i]! : 1),
	);
	return { center, factor, offset: Float32Array.from(offset) };
}

/** BatchNormWithGlobalNormalization: x, mean, variance, beta, gamma. */
export const globalNorm: Kernel = ([x, mean, variance, beta, gamma], context) => {
	const epsilon = context.attr('variance_epsilon')?.float ?? 0;
	const scaled = context.attr('scale_after_normalization')?.bool ?? false;
	const [means, variances] = [floatsOf(mean!, context), floatsOf(variance!, context)];
	const statistics = { mean: means, variance: variances, unbiased: variances };
	const scale = scaled ? floatsOf(gamma!, context) : undefined;
	const steps = coefficients(statistics, scale, floatsOf(beta!, context), epsilon);
	return [scaleChannels(x!, steps, context)];
};

/** Softmax and its logarithm over the last axis. */
export function softmaxKernel(logarithm: boolean): Kernel {
	return ([x], context) => {
		if (!logarithm && x!.dtype === DT_FLOAT) return [softmaxOf(x!, context)];
		const values = floatsOf(x!, context);
		const result = new (values.constructor as Float32ArrayConstructor)(values.length);
		const size = x!.shape.at(-1) ?? 1;
		for (let from = 0; from < values.length; from += size) {
			let largest = Number.NEGATIVE_INFINITY;
			for (let i = from; i < from + size; i++) if (!(values[i]! <= largest)) largest = values[i]!;
			let sum = 0;
			for (let i = from; i < from + size; i++) sum += Math.exp(values[i]! - largest);
			const total = logarithm ? Math.log(sum) : sum;
			for (let i = from; i < from + size; i++) {
				const shifted = values[i]! - largest;
				result[i] = logarithm ? shifted - total : Math.exp(shifted) / total;
			}
		}
		return [likeInput(x!, result)];
	};
}

/** Local response normalization over neighbouring channels. */
export const localResponse: Kernel = ([x], context) => {
	const values = floatsOf(x!, context);
	const radius = context.attr('depth_radius')?.int ?? 5;
	const bias = context.attr('bias')?.float ?? 1;
	const alpha = context.attr('alpha')?.float ?? 1;
	const beta = context.attr('beta')?.float ?? 0.5;
	const channels = x!.shape.at(-1)!;
	const result = new Float32Array(values.length);
	for (let from = 0; from < values.length; from += channels) {
		for (let channel = 0; channel < channels; channel++) {
			let sum = 0;
			const end = Math.min(channels, channel + radius + 1);
			for (let i = Math.max(0, channel - radius); i < end; i++) sum += values[from + i]! ** 2;
			result[from + channel] = values[from + channel]! / (bias + alpha * sum) ** beta;
		}
	}
	return [likeInput(x!, result)];
};

export const l2Loss: Kernel = ([x], context) => {
	const values = floatsOf(x!, context);
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
	const one = new (values.constructor as Float32ArrayConstructor)(1).fill(sum / 2);
	return [likeInput({ ...x!, shape: [] }, one)];
};
