/** Convolutions: plain, depthwise, transposed, in three dimensions, and those fused with what stands before them. */
import { layoutOf } from './data-format.ts';
import type { Flops, OpDeclaration, ShapeContext, ShapeFunction } from './define.ts';
import { convolution, depthwise } from './kernels/convolution.ts';
import { padConvolution, resizePadConvolution } from './kernels/fused-convolution.ts';
import { backpropInput } from './kernels/transposed-convolution.ts';
import { elementsOf, mergeSizes, misfit, multiplySizes, withRank } from './shape-algebra.ts';
import { windowCounts } from './window.ts';

/** Sizes of the output's spatial axes, and the axes they belong to. */
function spatialSizes(context: ShapeContext, input: readonly number[], filter: readonly number[]): number[] {
	const { spatial } = layoutOf(context, input.length);
	return windowCounts(context, spatial, input, filter, 'dilations');
}

function assemble(
	context: ShapeContext,
	batch: number,
	spatial: readonly number[],
	channels: number,
): number[] {
	const { channelsFirst } = layoutOf(context, spatial.length + 2);
	return channelsFirst ? [batch, channels, ...spatial] : [batch, ...spatial, channels];
}

/** Conv2D and Conv3D: filter [height, width, in, out]; groups where `in` is a part of the input's channels. */
function convolutionShape(rank: number): ShapeFunction {
	return (context) => {
		const input = withRank(context.inputs[0], rank);
		const filter = withRank(context.inputs[1], rank);
		const channels = input[layoutOf(context, rank).channel]!;
		const depth = filter[rank - 2]!;
		if (channels >= 0 && depth > 0 && channels % depth !== 0) {
			throw misfit(`Depth of input (${channels}) is not a multiple of input depth of filter (${depth})`);
		}
		const groups = channels >= 0 && depth > 0 ? channels / depth : 1;
		const made = filter[rank - 1]!;
		if (groups > 1 && made >= 0 && made % groups !== 0) {
			throw misfit(`Depth of output (${made}) is not a multiple of the number of groups (${groups})`);
		}
		return [assemble(context, input[0]!, spatialSizes(context, input, filter), filter[rank - 1]!)];
	};
}

const convolution2d = convolutionShape(4);

const depthwiseShape: ShapeFunction = (context) => {
	const input = withRank(context.inputs[0], 4);
	const filter = withRank(context.inputs[1], 4);
	const read = mergeSizes(input[layoutOf(context, 4).channel]!, filter[2]!);
	const channels = multiplySizes(read, filter[3]!);
	return [assemble(context, input[0]!, spatialSizes(context, input, filter), channels)];
};

/** The transposed convolution is told its output's shape by its first input. */
function backpropInputShape(rank: number): ShapeFunction {
	return ({ inputs, sizes }) => {
		const known = sizes(0);
		if (known) return [known];
		const batch = inputs[2]?.[0] ?? -1;
		return [[batch, ...new Array<number>(rank - 1).fill(-1)]];
	};
}

/** Padding amounts [rank, 2] added to a shape of rank 4. */
function padded(shape: readonly number[], amounts: readonly number[] | undefined): readonly number[] {
	if (!amounts) return shape.map(() => -1);
	return shape.map((size, i) => (size < 0 ? -1 : size + amounts[2 * i]! + amounts[2 * i + 1]!));
}

function paddingAmounts(context: ShapeContext, input: number): readonly number[] | undefined {
	const value = context.value(input);
	return value && Array.from(value.data as Int32Array, Number);
}

function fusedShape(context: ShapeContext, input: readonly number[], filterInput: number): readonly number[] {
	const filter = withRank(context.inputs[filterInput], 4);
	mergeSizes(input[3]!, filter[2]!);
	return assemble(context, input[0]!, spatialSizes(context, input, filter), filter[3]!);
}

const fusedPadShape: ShapeFunction = (context) => {
	const input = withRank(context.inputs[0], 4);
	return [fusedShape(context, padded(input, paddingAmounts(context, 1)), 2)];
};

const fusedResizePadShape: ShapeFunction = (context) => {
	const input = withRank(context.inputs[0], 4);
	const size = context.sizes(1) ?? [-1, -1];
	const resized = [input[0]!, size[0]!, size[1]!, input[3]!];
	return [fusedShape(context, padded(resized, paddingAmounts(context, 2)), 3)];
};

/** Two for each multiply-add: output elements × height × width × depth of the filter. */
function convolutionFlops(filterInput: number): Flops {
	return ({ inputs, outputs }) => {
		const filter = inputs[filterInput];
		const elements = elementsOf(outputs[0] ?? null);
		if (!filter || elements < 0) return undefined;
		const window = elementsOf(filter.slice(0, -1));
		return window < 0 ? undefined : 2 * elements * window;
	};
}

const depthwiseFlops: Flops = ({ inputs, outputs }) => {
	const filter = inputs[1];
	const elements = elementsOf(outputs[0] ?? null);
	const window = filter ? elementsOf(filter.slice(0, 2)) : -1;
	return elements < 0 || window < 0 ? undefined : 2 * elements * window;
};

/** Every element of the gradient is spread over a window of the result. */
const backpropFlops: Flops = ({ inputs }) => {
	const filter = inputs[1];
	const gradient = elementsOf(inputs[2] ?? null);
	const window = filter ? elementsOf(filter.slice(0, -1)) : -1;
	return gradient < 0 || window < 0 ? undefined : 2 * gradient * window;
};

const convolutionRule = '2 × output elements × filter height × width × input channels of the filter';

export const convolutionOps: readonly OpDeclaration[] = [
	{
		names: ['Conv2D'],
		dtypes: 'float, half, bfloat16, double, int32',
		limits: 'groups, dilations, explicit padding; NHWC and NCHW',
		shape: convolution2d,
		kernel: convolution,
		flops: convolutionFlops(1),
		flopsRule: convolutionRule,
		flushesDenormals: true,
	},
	{
		names: ['Conv3D'],
		dtypes: 'float, half, bfloat16, double, int32',
		kernel: convolution,
		shape: convolutionShape(5),
		flops: convolutionFlops(1),
		flopsRule: '2 × output elements × filter volume × input channels of the filter',
		flushesDenormals: true,
	},
	{
		names: ['DepthwiseConv2dNative'],
		dtypes: 'float, half, bfloat16, double',
		kernel: depthwise,
		shape: depthwiseShape,
		flops: depthwiseFlops,
		flopsRule: '2 × output elements × filter height × width',
		flushesDenormals: true,
	},
	{
		names: ['Conv2DBackpropInput'],
		dtypes: 'float',
		kernel: backpropInput,
		shape: backpropInputShape(4),
		flops: backpropFlops,
		flopsRule: '2 × elements of the third input × filter height × width × depth',
		flushesDenormals: true,
	},
	{
		names: ['Conv3DBackpropInputV2'],
		dtypes: 'float',
		limits: 'NDHWC',
		kernel: backpropInput,
		shape: backpropInputShape(5),
		flops: backpropFlops,
		flushesDenormals: true,
	},
	{
		names: ['FusedPadConv2D'],
		dtypes: 'float, half, bfloat16, double',
		kernel: padConvolution,
		shape: fusedPadShape,
		flops: convolutionFlops(2),
		flopsRule: convolutionRule,
		flushesDenormals: true,
	},
	{
		names: ['FusedResizeAndPadConv2D'],
		dtypes: 'float',
		kernel: resizePadConvolution,
		shape: fusedResizePadShape,
		flops: convolutionFlops(3),
		flopsRule: convolutionRule,
		flushesDenormals: true,
	},
];

export { convolution2d as convolution2dShape, convolutionFlops, convolutionRule };
