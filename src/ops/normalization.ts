/** Normalizations: batch norms, local response, softmax. */
import { layoutOf } from './data-format.ts';
import type { Flops, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { fusedBatchNorm, globalNorm, l2Loss, localResponse, softmaxKernel } from './kernels/normalization.ts';
import { elementsOf, mergeSizes, withRank, withRankAtLeast } from './shape-algebra.ts';

/** x, scale, offset, mean, variance → y and one value a channel for each statistic. */
const batchNormShape: ShapeFunction = (context) => {
	const format = context.attr('data_format')?.string ?? 'NHWC';
	const x = [...withRank(context.inputs[0], format.length)];
	const { channel } = layoutOf(context, x.length);
	const training = context.attr('is_training')?.bool ?? true;
	// A moving average starts from the statistics that are given.
	const fresh = training && (context.attr('exponential_avg_factor')?.float ?? 1) === 1;
	let channels = x[channel]!;
	for (let i = 1; i < (fresh ? 3 : 5); i++) {
		channels = mergeSizes(channels, withRank(context.inputs[i], 1)[0]!);
	}
	x[channel] = channels;
	const statistics = [[channels], [channels], [channels], [channels]];
	return context.outputCount > 5 ? [x, ...statistics, null] : [x, ...statistics];
};

/** The deprecated form: mean, variance, beta and gamma are inputs 1 to 4. */
const globalNormShape: ShapeFunction = ({ inputs }) => {
	const x = [...withRank(inputs[0], 4)];
	for (let i = 1; i < 5; i++) x[3] = mergeSizes(x[3]!, withRank(inputs[i], 1)[0]!);
	return [x];
};

function perElement(factor: number): Flops {
	return ({ outputs }) => {
		const elements = elementsOf(outputs[0] ?? null);
		return elements < 0 ? undefined : factor * elements;
	};
}

const localResponseFlops: Flops = ({ node, outputs }) => {
	const elements = elementsOf(outputs[0] ?? null);
	const radius = node.attr('depth_radius')?.int ?? 5;
	return elements < 0 ? undefined : elements * (2 * (2 * radius + 1) + 3);
};

const softmax = {
	shape: (({ inputs }) => [withRankAtLeast(inputs[0], 1)]) as ShapeFunction,
	flops: perElement(5),
	flopsRule: 'five an element: largest, difference, exponential, sum, quotient',
	flushesDenormals: true,
} as const;

export const normalizationOps: readonly OpDeclaration[] = [
	{
		names: ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'],
		dtypes: 'float, half, bfloat16, double',
		limits: 'in training the statistics are those of the batch',
		shape: batchNormShape,
		kernel: fusedBatchNorm,
		flops: perElement(2),
		flopsRule: 'two an element: a factor and an offset a channel',
		flushesDenormals: true,
	},
	{
		names: ['BatchNormWithGlobalNormalization'],
		dtypes: 'float, half, bfloat16, double',
		shape: globalNormShape,
		kernel: globalNorm,
		flops: perElement(2),
		flopsRule: 'two an element',
		flushesDenormals: true,
	},
	{
		names: ['LRN'],
		dtypes: 'float, half, bfloat16',
		kernel: localResponse,
		shape: ({ inputs }) => [withRank(inputs[0], 4)],
		flops: localResponseFlops,
		flopsRule: 'an element: two for each neighbour, three for the power and the quotient',
		flushesDenormals: true,
	},
	{ names: ['Softmax'], dtypes: 'float, half, bfloat16, double', kernel: softmaxKernel(false), ...softmax },
	{ names: ['LogSoftmax'], dtypes: 'float, half, bfloat16, double', kernel: softmaxKernel(true), ...softmax },
	{
		names: ['L2Loss'],
		dtypes: 'float, half, bfloat16, double',
		kernel: l2Loss,
		shape: () => [[]],
		flops: ({ inputs }) => {
			const elements = elementsOf(inputs[0] ?? null);
			return elements < 0 ? undefined : 2 * elements;
		},
		flopsRule: 'two an input element',
		flushesDenormals: true,
	},
	{ names: ['CheckNumericsV2'], shape: unchangedShape },
];
