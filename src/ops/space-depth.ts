/** Space moved to channels or to the batch, and back. */
import { layoutOf } from './data-format.ts';
import type { OpDeclaration, ShapeContext, ShapeFunction } from './define.ts';
import { misfit, multiplySizes, withRank, withRankAtLeast } from './shape-algebra.ts';

function divided(size: number, by: number): number {
	if (size < 0) return -1;
	if (size % by !== 0) throw misfit(`Dimension size must be evenly divisible by ${by} but is ${size}`);
	return size / by;
}

function moved(toDepth: boolean): ShapeFunction {
	return (context) => {
		const shape = [...withRank(context.inputs[0], 4)];
		const block = context.attr('block_size')?.int ?? 1;
		const { channel, spatial } = layoutOf(context, 4);
		for (const axis of spatial) {
			shape[axis] = toDepth ? divided(shape[axis]!, block) : multiplySizes(shape[axis]!, block);
		}
		const depth = shape[channel]!;
		shape[channel] = toDepth ? multiplySizes(depth, block * block) : divided(depth, block * block);
		return [shape];
	};
}

function pairs(context: ShapeContext, input: number): readonly (readonly [number, number])[] | undefined {
	const value = context.value(input);
	if (!value) return undefined;
	const list = Array.from(value.data as Int32Array, Number);
	return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!]);
}

/** Spatial axes are those after the batch, as many as there are block sizes. */
function spaceToBatch(
	input: readonly number[] | null,
	blocks: readonly number[] | undefined,
	paddings: readonly (readonly [number, number])[] | undefined,
): readonly number[] | null {
	if (!input || !blocks) return input?.map((size, i) => (i === 0 ? -1 : i > input.length - 2 ? size : -1));
	const shape = [...input];
	for (const [i, block] of blocks.entries()) {
		const pair = paddings?.[i];
		shape[0] = multiplySizes(shape[0]!, block);
		const size = shape[i + 1]!;
		shape[i + 1] = pair && size >= 0 ? divided(size + pair[0] + pair[1], block) : -1;
	}
	return shape;
}

function batchToSpace(
	input: readonly number[] | null,
	blocks: readonly number[] | undefined,
	crops: readonly (readonly [number, number])[] | undefined,
): readonly number[] | null {
	if (!input || !blocks) return input?.map((size, i) => (i === 0 ? -1 : i > input.length - 2 ? size : -1));
	const shape = [...input];
	for (const [i, block] of blocks.entries()) {
		const pair = crops?.[i];
		shape[0] = divided(shape[0]!, block);
		const size = shape[i + 1]!;
		shape[i + 1] = pair && size >= 0 ? size * block - pair[0] - pair[1] : -1;
	}
	return shape;
}

const spaceToBatchNd: ShapeFunction = (context) => [
	spaceToBatch(withRankAtLeast(context.inputs[0], 1), context.sizes(1), pairs(context, 2)),
];
const batchToSpaceNd: ShapeFunction = (context) => [
	batchToSpace(withRankAtLeast(context.inputs[0], 1), context.sizes(1), pairs(context, 2)),
];

function blocksOf(context: ShapeContext): readonly number[] {
	const block = context.attr('block_size')?.int ?? 1;
	return [block, block];
}

export const spaceDepthOps: readonly OpDeclaration[] = [
	{ names: ['SpaceToDepth'], shape: moved(true) },
	{ names: ['DepthToSpace'], shape: moved(false) },
	{ names: ['SpaceToBatchND'], shape: spaceToBatchNd },
	{ names: ['BatchToSpaceND'], shape: batchToSpaceNd },
	{
		names: ['SpaceToBatch'],
		shape: (context) => [spaceToBatch(withRank(context.inputs[0], 4), blocksOf(context), pairs(context, 1))],
	},
	{
		names: ['BatchToSpace'],
		shape: (context) => [batchToSpace(withRank(context.inputs[0], 4), blocksOf(context), pairs(context, 1))],
	},
];
