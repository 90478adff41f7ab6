/** Gradients, which training graphs are full of. Those of weights and norms are not run. */

import { layoutOf } from './data-format.ts';
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { gradients, softmaxCrossEntropy, sparseCrossEntropy } from './kernels/gradient.ts';
import { depthwiseBackpropInput } from './kernels/transposed-convolution.ts';
import { broadcastShapes, mergeShapes, sizeAt, UNKNOWN, withRank } from './shape-algebra.ts';

const mergedPair: ShapeFunction = ({ inputs }) => [mergeShapes(inputs[0] ?? null, inputs[1] ?? null)];

const biasGradient: ShapeFunction = (context) => {
	const shape = context.inputs[0]!;
	if (shape === null) return [[-1]];
	const { channel } = layoutOf(context, shape.length);
	return [[sizeAt(shape, channel)]];
};

/** The filter's, or the input's, shape is the value of an input. */
const fromSizes =
	(input: number): ShapeFunction =>
	({ sizes }) => {
		const shape = sizes(input);
		return [shape ? withRank(shape, 4) : withRank(UNKNOWN, 4)];
	};

const crossEntropy: ShapeFunction = ({ inputs }) => {
	const [logits, labels] = [inputs[0] ?? null, inputs[1] ?? null];
	// Labels of one example go with all.
	const both =
		logits && labels
			? broadcastShapes(logits, labels)
			: mergeShapes(withRank(logits, 2), withRank(labels, 2));
	const [batch, classes] = withRank(both, 2) as [number, number];
	return [[batch], [batch, classes]];
};

const sparseShape: ShapeFunction = ({ inputs }) => {
	const logits = withRank(inputs[0], 2);
	const [batch] = mergeShapes([logits[0]!], withRank(inputs[1], 1))!;
	return [[batch!], [batch!, logits[1]!]];
};

const normGradient: ShapeFunction = (context) => {
	const shape = mergeShapes(withRank(context.inputs[0], 4), withRank(context.inputs[1], 4))!;
	const { channel } = layoutOf(context, 4);
	const size = [shape[channel]!];
	return [shape, size, size, [0], [0]];
};

const cellGradient: ShapeFunction = ({ inputs }) => {
	const batch = sizeAt(withRank(inputs[0], 2), 0);
	const cell = sizeAt(withRank(inputs[1], 2), 1);
	const size = [cell];
	return [[batch, cell], [batch, cell < 0 ? -1 : 4 * cell], size, size, size];
};

const loss = {
	dtypes: 'float, half, bfloat16, double; operands of one shape',
	flushesDenormals: true,
} as const;

/** Those that are given the function's result. */
const OF_RESULTS: ReadonlySet<string> = new Set([
	'SigmoidGrad',
	'TanhGrad',
	'RsqrtGrad',
	'SqrtGrad',
	'InvGrad',
	'ReciprocalGrad',
]);

export const gradientOps: readonly OpDeclaration[] = [
	...Object.entries(gradients).map(([name, kernel]) => ({
		names: [name],
		dtypes: 'float, half, bfloat16, double',
		shape: OF_RESULTS.has(name) ? unchangedShape : mergedPair,
		kernel,
		flushesDenormals: true,
	})),
	{ names: ['BiasAddGrad'], shape: biasGradient },
	{ names: ['MaxPoolGrad'], shape: ({ inputs }) => [withRank(inputs[0], 4)] },
	{ names: ['AvgPoolGrad'], shape: fromSizes(0) },
	{ names: ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter'], shape: fromSizes(1) },
	{
		names: ['DepthwiseConv2dNativeBackpropInput'],
		dtypes: 'float',
		kernel: depthwiseBackpropInput,
		shape: fromSizes(0),
		flushesDenormals: true,
	},
	{ names: ['SoftmaxCrossEntropyWithLogits'], ...loss, shape: crossEntropy, kernel: softmaxCrossEntropy },
	{ names: ['SparseSoftmaxCrossEntropyWithLogits'], ...loss, shape: sparseShape, kernel: sparseCrossEntropy },
	{ names: ['FusedBatchNormGrad', 'FusedBatchNormGradV2', 'FusedBatchNormGradV3'], shape: normGradient },
	{ names: ['LSTMBlockCellGrad'], shape: cellGradient },
];
