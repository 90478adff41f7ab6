/** Heads of detectors: the best of overlapping boxes, the largest of many values. */
import type { OpDeclaration, ShapeContext, ShapeFunction } from './define.ts';
import {
	combinedNonMaxSuppression,
	nonMaxSuppression,
	nonMaxSuppressionWithOverlaps,
} from './kernels/detection.ts';
import { inTopK, topK } from './kernels/top-k.ts';
import { mergeSizes, misfit, withRank, withRankAtLeast } from './shape-algebra.ts';

function scalarValue(context: ShapeContext, input: number): number {
	const value = context.value(input);
	return value ? Number(value.data[0]) : -1;
}

function selected(
	context: ShapeContext,
	extra: readonly (readonly number[])[] = [],
): ReturnType<ShapeFunction> {
	const boxes = withRank(context.inputs[0], 2);
	if (boxes[1]! >= 0 && boxes[1] !== 4) throw misfit(`Dimension must be 4 but is ${boxes[1]}`);
	return [[-1], ...extra];
}

const paddedSelection =
	(outputs: (count: number) => readonly (readonly number[])[]): ShapeFunction =>
	(context) => {
		selected(context);
		const padded = context.attr('pad_to_max_output_size')?.bool ?? false;
		return outputs(padded ? scalarValue(context, 2) : -1);
	};

const combined: ShapeFunction = (context) => {
	const boxes = withRank(context.inputs[0], 4);
	const scores = withRank(context.inputs[1], 3);
	const perClass = scalarValue(context, 2);
	const total = scalarValue(context, 3);
	const classes = scores[2]!;
	const perClassTotal = perClass < 0 || classes < 0 ? -1 : perClass * classes;
	const padPerClass = context.attr('pad_per_class')?.bool ?? false;
	const count = !padPerClass ? total : perClassTotal < 0 || total < 0 ? -1 : Math.min(total, perClassTotal);
	const batch = boxes[0]!;
	return [[batch, count, 4], [batch, count], [batch, count], [batch]];
};

const topKShape: ShapeFunction = (context) => {
	const input = withRankAtLeast(context.inputs[0], 1);
	const k = context.node.op === 'TopK' ? (context.attr('k')?.int ?? -1) : scalarValue(context, 1);
	if (!input) return [null, null];
	const last = input.at(-1)!;
	if (last >= 0 && k > last) throw misfit(`input must have last dimension >= k = ${k} but is ${last}`);
	const shape = [...input.slice(0, -1), k];
	return [shape, shape];
};

export const detectionOps: readonly OpDeclaration[] = [
	{
		names: ['NonMaxSuppression', 'NonMaxSuppressionV2', 'NonMaxSuppressionV3'],
		dtypes: 'float, half',
		shape: (context) => selected(context),
		kernel: nonMaxSuppression,
	},
	{
		names: ['NonMaxSuppressionWithOverlaps'],
		dtypes: 'float',
		kernel: nonMaxSuppressionWithOverlaps,
		shape: () => [[-1]],
	},
	{
		names: ['NonMaxSuppressionV4'],
		dtypes: 'float, half',
		kernel: nonMaxSuppression,
		shape: paddedSelection((count) => [[count], []]),
	},
	{
		names: ['NonMaxSuppressionV5'],
		dtypes: 'float, half',
		kernel: nonMaxSuppression,
		shape: paddedSelection((count) => [[count], [count], []]),
	},
	{
		names: ['CombinedNonMaxSuppression'],
		dtypes: 'float',
		shape: combined,
		kernel: combinedNonMaxSuppression,
	},
	{ names: ['TopK', 'TopKV2'], dtypes: 'numbers', shape: topKShape, kernel: topK },
	{
		names: ['InTopK', 'InTopKV2'],
		dtypes: 'float',
		kernel: inTopK,
		shape: ({ inputs }) => [[mergeSizes(withRank(inputs[0], 2)[0]!, withRank(inputs[1], 1)[0]!)]],
	},
];
