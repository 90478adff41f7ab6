/** Pools: the largest or the mean of every window. */
import { Attr } from '../graph/attr.ts';
import { layoutOf } from './data-format.ts';
import type { Flops, Kernel, OpDeclaration, ShapeContext, ShapeFunction } from './define.ts';
import { averagePool, maxPool, maxPoolWithArgmax } from './kernels/pooling.ts';
import { elementsOf, withRank } from './shape-algebra.ts';
import { integers } from './values.ts';
import { axisPadding, listEntry, windowCount } from './window.ts';

function pooled(
	context: ShapeContext,
	rank: number,
	sizes?: readonly number[],
	strides?: readonly number[],
): number[] {
	const input = withRank(context.inputs[0], rank);
	const { channel } = layoutOf(context, rank);
	return input.map((size, axis) => {
		if (axis === 0) return size;
		const window = sizes?.[axis] ?? listEntry(context, 'ksize', axis);
		const stride = strides?.[axis] ?? listEntry(context, 'strides', axis);
		// Volumes keep their channels, whatever the window says of them.
		if (axis === channel && (window === 1 || rank === 5)) return size;
		return windowCount({ input: size, size: window, stride, dilation: 1 }, axisPadding(context, axis));
	});
}

const pool2d: ShapeFunction = (context) => [pooled(context, 4)];
const pool3d: ShapeFunction = (context) => [pooled(context, 5)];

const poolV2: ShapeFunction = (context) => {
	const sizes = context.sizes(1);
	const strides = context.sizes(2);
	if (sizes && strides) return [pooled(context, 4, sizes, strides)];
	return [null];
};

const poolWithArgmax: ShapeFunction = (context) => {
	const shape = pooled(context, 4);
	return [shape, shape];
};

const poolFlops: Flops = ({ node, outputs }) => {
	const elements = elementsOf(outputs[0] ?? null);
	const window = node.attr('ksize')?.ints?.reduce((product, size) => product * size, 1);
	return elements < 0 || window === undefined ? undefined : elements * window;
};

const flopsRule = 'output elements × elements of the window';

/** Window and strides are inputs. */
const maxPoolV2: Kernel = ([x, size, strides], context) => {
	const given: Readonly<Record<string, Attr>> = {
		ksize: Attr.ints(integers(size!)),
		strides: Attr.ints(integers(strides!)),
	};
	// A table of windows kept in the workspace would be that of the last window.
	const attr = (name: string): Attr | undefined => given[name] ?? context.attr(name);
	return maxPool([x!], { ...context, workspace: undefined, attr });
};

export const poolingOps: readonly OpDeclaration[] = [
	{
		names: ['MaxPool'],
		dtypes: 'float, half, bfloat16, double, integers up to 32 bits',
		limits: 'not over the batch or channels',
		shape: pool2d,
		kernel: maxPool,
		flops: poolFlops,
		flopsRule,
	},
	{
		names: ['AvgPool'],
		dtypes: 'float, half, bfloat16, double',
		limits: 'not over the batch or channels',
		shape: pool2d,
		kernel: averagePool,
		flops: poolFlops,
		flopsRule,
		flushesDenormals: true,
	},
	{
		names: ['MaxPoolV2'],
		dtypes: 'float, half, bfloat16, double, integers up to 32 bits',
		limits: 'not over the batch or channels',
		kernel: maxPoolV2,
		shape: poolV2,
		flushesDenormals: true,
	},
	{
		names: ['MaxPoolWithArgmax'],
		dtypes: 'float, double, integers up to 32 bits',
		kernel: maxPoolWithArgmax,
		shape: poolWithArgmax,
		flops: poolFlops,
		flopsRule,
	},
	{
		names: ['MaxPool3D'],
		dtypes: 'float, half, bfloat16, double',
		shape: pool3d,
		kernel: maxPool,
		flops: poolFlops,
		flopsRule,
	},
	{
		names: ['AvgPool3D'],
		dtypes: 'float, half, bfloat16, double',
		shape: pool3d,
		kernel: averagePool,
		flops: poolFlops,
		flopsRule,
		flushesDenormals: true,
	},
];

export { pool2d as poolShape, poolFlops };
