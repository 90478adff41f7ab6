import type { OpDeclaration, ShapeFunction } from './define.ts';
import { dilation2d, extractImagePatches } from './kernels/image-windows.ts';
import { mergeSizes, withRank } from './shape-algebra.ts';
import { axisPadding, listEntry, windowCount, windowCounts } from './window.ts';

const dilation2dShape: ShapeFunction = (context) => {
	const input = withRank(context.inputs[0], 4);
	const filter = withRank(context.inputs[1], 3);
	const spatial = [1, 2].map((axis) =>
		filter[axis - 1]! < 0
			? -1
			: windowCount(
					{
						input: input[axis]!,
						size: filter[axis - 1]!,
						stride: listEntry(context, 'strides', axis),
						dilation: listEntry(context, 'rates', axis),
					},
					axisPadding(context, axis),
				),
	);
	return [[input[0]!, ...spatial, mergeSizes(input[3]!, filter[2]!)]];
};

const patchesShape: ShapeFunction = (context) => {
	const input = withRank(context.inputs[0], 4);
	const window = context.attr('ksizes')?.ints ?? [1, 1, 1, 1];
	const spatial = windowCounts(context, [1, 2], input, window.slice(1, 3), 'rates');
	return [[input[0]!, ...spatial, input[3]! < 0 ? -1 : window[1]! * window[2]! * input[3]!]];
};

export const imageWindowOps: readonly OpDeclaration[] = [
	{
		names: ['Dilation2D'],
		dtypes: 'float, double',
		kernel: dilation2d,
		shape: dilation2dShape,
		flushesDenormals: true,
	},
	{ names: ['ExtractImagePatches'], kernel: extractImagePatches, shape: patchesShape },
];
