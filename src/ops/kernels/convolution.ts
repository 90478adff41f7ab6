/** Kernels of the convolutions: layouts and dtypes brought to what the engine computes. */
import { DT_DOUBLE, DT_FLOAT, DT_INT32 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import { layoutOf } from '../data-format.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace, PLAIN, type Workspace } from '../engine/workspace.ts';
import { cannotRun, isSixteenBitFloat, narrow, noDtype, widen } from '../values.ts';
import { convolve, convolveDepthwise, type Floats, type LazyFloats } from './convolution-windows.ts';
import { direct } from './direct-convolution.ts';
import { broughtFirst, toLast } from './layout.ts';
import { type Geometry, geometryOf, outputPixels } from './window-geometry.ts';

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
