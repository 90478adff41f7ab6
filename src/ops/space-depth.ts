/** Space moved to channels or to the batch, and back: reshape, permute, reshape. */
import { DT_INT32 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { constantPad, permute } from './array-move.ts';
import type { Kernel, OpContext, OpDeclaration, ShapeFunction } from './define.ts';
import { misfit, sizeAt, UNKNOWN, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, pick, stridedOffsets, stridesOf } from './values.ts';

const depthShape: ShapeFunction = ({ inputs, attr, node }) => {
	const size = attr('block_size')?.int ?? 1;
	const format = attr('data_format')?.string ?? 'NHWC';
	// Four channels lie beside each other, as a fifth axis.
	const vectors = format === 'NCHW_VECT_C';
	const shape = withRank(inputs[0], vectors ? 5 : 4).map((given, axis) => (axis === 4 ? 4 : given));
	const depth = format === 'NHWC' ? 3 : 1;
	const toDepth = node.op === 'SpaceToDepth';
	return [
		shape.map((given, axis) => {
			if (given < 0 || axis === 0 || axis === 4) return given;
			const grows = (axis === depth) === toDepth;
			const factor = axis === depth ? size * size : size;
			return grows ? given * factor : divided(given, factor);
		}),
	];
};

function divided(size: number, by: number): number {
	if (size % by !== 0) throw misfit(`Dimension size must be evenly divisible by ${by} but is ${size}`);
	return size / by;
}

const batchShape: ShapeFunction = ({ inputs, value, node }) => {
	const toBatch = node.op === 'SpaceToBatchND';
	const input = inputs[0]!;
	const count = withRank(inputs[1], 1)[0]!;
	const blockValue = value(1);
	const edgeValue = value(2);
	if (input === null || count < 0) return [UNKNOWN];
	if (input.length < count + 1)
		throw misfit(`Shape must be at least rank ${count + 1} but is rank ${input.length}`);
	const block = blockValue && integers(blockValue);
	const edges = edgeValue && integers(edgeValue);
	const shape = [...input];
	if (!block) shape[0] = -1;
	else if (shape[0]! >= 0)
		shape[0] = toBatch ? shape[0]! * elementCount(block) : divided(shape[0]!, elementCount(block));
	for (let i = 0; i < count; i++) {
		const size = sizeAt(input, i + 1);
		const edge = edges ? edges[2 * i]! + edges[2 * i + 1]! : 0;
		if (size < 0 || !block || !edges) shape[i + 1] = -1;
		else shape[i + 1] = toBatch ? divided(size + edge, block[i]!) : size * block[i]! - edge;
	}
	return [shape];
};

/** SpaceToDepth and DepthToSpace of NHWC tensors. */
const depthMove: Kernel = ([x], context) => {
	const size = context.attr('block_size')?.int ?? 1;
	const format = context.attr('data_format')?.string ?? 'NHWC';
	if (format !== 'NHWC') throw cannotRun(context, `data format ${format} is not implemented`);
	const [n, h, w, c] = x!.shape as [number, number, number, number];
	if (context.node.op === 'SpaceToDepth') {
		const parts = { dtype: x!.dtype, shape: [n, h / size, size, w / size, size, c], data: x!.data };
		return [{ ...permute(parts, [0, 1, 3, 2, 4, 5]), shape: [n, h / size, w / size, c * size * size] }];
	}
	const parts = { dtype: x!.dtype, shape: [n, h, w, size, size, c / (size * size)], data: x!.data };
	return [{ ...permute(parts, [0, 1, 3, 2, 4, 5]), shape: [n, h * size, w * size, c / (size * size)] }];
};

/** SpaceToBatchND. */
const spaceToBatch: Kernel = ([x, blockValue, paddings]) => {
	const block = integers(blockValue!);
	const edges = integers(paddings!);
	const rank = x!.shape.length;
	const count = block.length;
	const amounts = [0, 0, ...edges, ...new Array<number>(2 * (rank - 1 - count)).fill(0)];
	const padded = constantPad(x!, amounts);
	const [batch, ...rest] = padded.shape as [number, ...number[]];
	const split = [batch, ...rest.flatMap((size, i) => (i < count ? [size / block[i]!, block[i]!] : [size]))];
	const blockAxes = block.map((_, i) => 2 + 2 * i);
	const spaceAxes = block.map((_, i) => 1 + 2 * i);
	const tail = rest.slice(count).map((_, i) => 1 + 2 * count + i);
	const moved = permute({ ...padded, shape: split }, [...blockAxes, 0, ...spaceAxes, ...tail]);
	const shape = [
		batch * elementCount(block),
		...rest.map((size, i) => (i < count ? size / block[i]! : size)),
	];
	return [{ ...moved, shape }];
};

/** BatchToSpaceND. */
const batchToSpace: Kernel = ([x, blockValue, cropValue]) => {
	const block = integers(blockValue!);
	const crops = integers(cropValue!);
	const count = block.length;
	const [batch, ...rest] = x!.shape as [number, ...number[]];
	const outer = batch / elementCount(block);
	const split = { ...x!, shape: [...block, outer, ...rest] };
	const axes = [
		count,
		...block.flatMap((_, i) => [count + 1 + i, i]),
		...rest.slice(count).map((_, i) => 2 * count + 1 + i),
	];
	const joined = {
		...permute(split, axes),
		shape: [outer, ...rest.map((size, i) => (i < count ? size * block[i]! : size))],
	};
	const shape = joined.shape.map((size, axis) =>
		axis > 0 && axis <= count ? size - crops[2 * axis - 2]! - crops[2 * axis - 1]! : size,
	);
	const strides = stridesOf(joined.shape);
	const start = block.reduce((sum, _, i) => sum + crops[2 * i]! * strides[i + 1]!, 0);
	return [{ dtype: x!.dtype, shape, data: pick(joined, stridedOffsets(shape, strides, start)) }];
};

/** The older ops: one block size for height and width. */
function squareBlock(context: OpContext): TensorValue {
	const size = context.attr('block_size')?.int ?? 2;
	return { dtype: DT_INT32, shape: [2], data: Int32Array.of(size, size) };
}

const squareShape =
	(toBatch: boolean): ShapeFunction =>
	(context) => {
		const { inputs, value } = context;
		const size = context.attr('block_size')?.int ?? 2;
		const edgeValue = value(1);
		const edges = edgeValue && integers(edgeValue);
		return [
			withRank(inputs[0], 4).map((given, axis) => {
				if (axis === 3 || given < 0) return given;
				if (axis === 0) return toBatch ? given * size * size : divided(given, size * size);
				if (!edges) return -1;
				const edge = edges[2 * axis - 2]! + edges[2 * axis - 1]!;
				return toBatch ? divided(given + edge, size) : given * size - edge;
			}),
		];
	};

const withSquareBlock =
	(kernel: Kernel): Kernel =>
	([x, edges], context) =>
		kernel([x!, squareBlock(context), edges!], context);

export const spaceDepthOps: readonly OpDeclaration[] = [
	{ names: ['SpaceToDepth', 'DepthToSpace'], shape: depthShape, kernel: depthMove, limits: 'NHWC' },
	{ names: ['SpaceToBatchND'], shape: batchShape, kernel: spaceToBatch },
	{ names: ['SpaceToBatch'], shape: squareShape(true), kernel: withSquareBlock(spaceToBatch) },
	{ names: ['BatchToSpace'], shape: squareShape(false), kernel: withSquareBlock(batchToSpace) },
	{ names: ['BatchToSpaceND'], shape: batchShape, kernel: batchToSpace },
];
