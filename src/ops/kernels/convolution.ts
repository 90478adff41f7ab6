/** Kernels of the convolutions: layouts and dtypes brought to what the engine computes. */
import { DT_DOUBLE, DT_FLOAT, DT_INT32 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import { layoutOf } from '../data-format.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace, PLAIN, type Workspace } from '../engine/workspace.ts';
import { cannotRun, elementCount, isSixteenBitFloat, narrow, noDtype, widen } from '../values.ts';
import { convolve, convolveDepthwise, type Floats, type LazyFloats } from './convolution-windows.ts';
import { channelsFirst, channelsLast, swapAxes } from './layout.ts';
import { type Geometry, geometryOf, outputPixels, tapPlaces } from './window-geometry.ts';

/** A convolution of float32 images whose channels come last. */
type FloatConvolution = (workspace: Workspace, x: Floats, filter: LazyFloats, geometry: Geometry) => Floats;

/** The same in plain numbers, for the other dtypes. */
type NumberConvolution<T> = (x: T, filter: T, geometry: Geometry) => T;

interface Convolution {
	readonly channels: number;
	readonly float: FloatConvolution;
	readonly double: NumberConvolution<Float64Array>;
	readonly integer: NumberConvolution<Int32Array> | undefined;
}

/** Runs a convolution in the node's layout and dtype. */
function run(
	x: TensorValue,
	filter: TensorValue,
	context: KernelContext,
	convolution: Convolution,
): TensorValue {
	const first = layoutOf(context, x.shape.length).channelsFirst;
	if (x.shape.length !== filter.shape.length)
		throw cannotRun(context, `its input [${x.shape}] and its filter [${filter.shape}] have different ranks`);
	const geometry = geometryOf(context, x.shape, filter.shape);
	const last = first ? toLast(x) : x;
	const { batch, axes } = geometry;
	const spatial = axes.slice(5 - x.shape.length).map((axis) => axis.output);
	const shape = [batch, ...spatial, convolution.channels];
	const result = { dtype: x.dtype, shape, data: compute(last, filter, geometry, context, convolution) };
	return first ? broughtFirst(result, context) : result;
}

function compute(
	x: TensorValue,
	filter: TensorValue,
	geometry: Geometry,
	context: KernelContext,
	convolution: Convolution,
): TensorValue['data'] {
	if (x.dtype === DT_FLOAT) {
		return inWorkspace(context.workspace, (workspace) =>
			convolution.float(workspace, x.data as Floats, () => filter.data as Floats, geometry),
		);
	}
	if (isSixteenBitFloat(x.dtype)) {
		const wide = inWorkspace(undefined, (workspace) =>
			convolution.float(workspace, widen(x), () => widen(filter), geometry),
		);
		return narrow(wide as Float32Array<ArrayBuffer>, x.dtype);
	}
	if (x.dtype === DT_DOUBLE) {
		return convolution.double(x.data as Float64Array, filter.data as Float64Array, geometry);
	}
	if (x.dtype === DT_INT32 && convolution.integer) {
		return convolution.integer(x.data as Int32Array, filter.data as Int32Array, geometry);
	}
	throw noDtype(context, x.dtype);
}

export function toLast(x: TensorValue): TensorValue {
	const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
	return {
		...x,
		shape: channelsLast(x.shape),
		data: swapAxes(x.data, batch, channels, elementCount(spatial)),
	};
}

export function toFirst(x: TensorValue): TensorValue {
	const pixels = elementCount(x.shape.slice(1, -1));
	return {
		...x,
		shape: channelsFirst(x.shape),
		data: swapAxes(x.data, x.shape[0]!, pixels, x.shape.at(-1)!),
	};
}

/** {@link toFirst} of a result that nobody else will see. */
export function broughtFirst(x: TensorValue, context: KernelContext): TensorValue {
	const first = toFirst(x);
	context.workspace?.engine.release(x.data);
	return first;
}

/** Conv2D and Conv3D. */
export const convolution: Kernel = ([x, filter], context) => {
	const [depth, outputs] = filter!.shape.slice(-2) as [number, number];
	const channels = x!.shape[layoutOf(context, x!.shape.length).channel]!;
	if (depth === 0 ? channels > 0 : channels % depth !== 0 || outputs % Math.max(1, channels / depth) !== 0) {
		throw cannotRun(
			context,
			`its filter [${filter!.shape}] does not fit the ${channels} channels of its input`,
		);
	}
	const sizes = { depth, outputs };
	const plain = (
		x: Float64Array | Int32Array,
		filter: Float64Array | Int32Array,
		geometry: Geometry,
		multiply: (a: number, b: number) => number,
		result: Float64Array | Int32Array,
	): void => direct(x, filter, geometry, sizes, multiply, result);
	return [
		run(x!, filter!, context, {
			channels: outputs,
			float: (workspace, x, filter, geometry) =>
				convolve(workspace, x, filter, geometry, sizes, context.epilogue ?? PLAIN),
			double: (x, filter, geometry) => {
				const result = new Float64Array(outputPixels(geometry) * outputs);
				plain(x, filter, geometry, (a, b) => a * b, result);
				return result;
			},
			integer: (x, filter, geometry) => {
				const result = new Int32Array(outputPixels(geometry) * outputs);
				plain(x, filter, geometry, Math.imul, result);
				return result;
			},
		}),
	];
};

/** DepthwiseConv2dNative, filter [height, width, channels, multiplier]. */
export const depthwise: Kernel = ([x, filter], context) => {
	const [channels, multiplier] = filter!.shape.slice(-2) as [number, number];
	if (x!.shape[layoutOf(context, 4).channel] !== channels) {
		throw cannotRun(context, `its filter [${filter!.shape}] does not fit its input [${x!.shape}]`);
	}
	const outputs = channels * multiplier;
	const epilogue = context.epilogue ?? PLAIN;
	return [
		run(x!, filter!, context, {
			channels: outputs,
			// A filter [h, w, c, m] is one of c groups of one channel: [h, w, 1, c × m].
			float: (workspace, x, filter, geometry) =>
				multiplier === 1
					? convolveDepthwise(workspace, x, filter(), geometry, epilogue)
					: convolve(workspace, x, filter, geometry, { depth: 1, outputs }, epilogue),
			double: (x, filter, geometry) => {
				const result = new Float64Array(outputPixels(geometry) * outputs);
				direct(x, filter, geometry, { depth: 1, outputs }, (a, b) => a * b, result);
				return result;
			},
			integer: undefined,
		}),
	];
};

/** A convolution of integers, summed in 32 bits. */
export function directInteger(
	x: Int32Array,
	filter: Int32Array,
	geometry: Geometry,
	sizes: { depth: number; outputs: number },
): Int32Array {
	const result = new Int32Array(outputPixels(geometry) * sizes.outputs);
	direct(x, filter, geometry, sizes, Math.imul, result);
	return result;
}

type Plain = Float64Array | Int32Array;

/** Sum by sum, in the order of the taps and then the channels. */
function direct(
	x: Plain,
	filter: Plain,
	geometry: Geometry,
	sizes: { depth: number; outputs: number },
	multiply: (a: number, b: number) => number,
	result: Plain,
): void {
	const [depth, height, width] = geometry.axes;
	const [deep, high, wide] = [tapPlaces(depth), tapPlaces(height), tapPlaces(width)];
	const columns = sizes.outputs / (geometry.channels / sizes.depth || 1);
	const places: number[] = [];
	const taps: number[] = [];
	let at = 0;
	for (let batch = 0; batch < geometry.batch; batch++)
		for (let d = 0; d < depth.output; d++)
			for (let h = 0; h < height.output; h++)
				for (let w = 0; w < width.output; w++, at += sizes.outputs) {
					places.length = 0;
					taps.length = 0;
					for (let i = 0; i < depth.size; i++)
						for (let j = 0; j < height.size; j++)
							for (let k = 0; k < width.size; k++) {
								const [z, y, u] = [
									deep[d * depth.size + i]!,
									high[h * height.size + j]!,
									wide[w * width.size + k]!,
								];
								if (z < 0 || y < 0 || u < 0) continue;
								places.push(
									(((batch * depth.input + z) * height.input + y) * width.input + u) * geometry.channels,
								);
								taps.push((i * height.size + j) * width.size + k);
							}
					for (let output = 0; output < sizes.outputs; output++) {
						const from = Math.floor(output / columns) * sizes.depth;
						let sum = 0;
						for (let tap = 0; tap < taps.length; tap++) {
							const weights = taps[tap]! * sizes.depth * sizes.outputs + output;
							for (let channel = 0; channel < sizes.depth; channel++) {
								const value = x[places[tap]! + from + channel]!;
								sum += multiply(value, filter[weights + channel * sizes.outputs]!);
							}
						}
						result[at + output] = sum;
					}
				}
}
