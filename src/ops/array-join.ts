/** Joining tensors and taking them apart along an axis: Concat, Pack, Split and their like. */
import { DT_INT32 } from '../graph/dtype.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, KernelContext, OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import {
	addSizes,
	concatenateShapes,
	mergeShapes,
	misfit,
	SCALAR,
	sizeAt,
	subshape,
	UNKNOWN,
	unknownSizes,
	withRank,
	withRankAtLeast,
} from './shape-algebra.ts';
import { cannotRun, elementCount, integers, integerTensor, isComplex, isStrings, scalar } from './values.ts';

/** Copies `length` elements between arrays of the same kind. */
function copy(from: TensorData, start: number, length: number, to: TensorData, at: number): void {
	if (isStrings(from)) {
		const target = to as Uint8Array[];
		for (let i = 0; i < length; i++) target[at + i] = from[start + i]!;
	} else (to as Float32Array).set((from as Float32Array).subarray(start, start + length), at);
}

/** Joins tensors of equal shape but for one axis. */
export function concatenate(parts: readonly TensorValue[], axis: number): TensorValue {
	const first = parts[0]!;
	const shape = [...first.shape];
	shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0);
	const data = allocate(first.dtype, elementCount(shape));
	const unit = isComplex(first.dtype) ? 2 : 1;
	const inner = unit * elementCount(shape.slice(axis + 1));
	const outer = elementCount(shape.slice(0, axis));
	let at = 0;
	for (let row = 0; row < outer; row++) {
		for (const part of parts) {
			const length = part.shape[axis]! * inner;
			copy(part.data, row * length, length, data, at);
			at += length;
		}
	}
	return { dtype: first.dtype, shape, data };
}

function concatKernel(
	parts: readonly TensorValue[],
	axis: TensorValue,
	context: KernelContext,
): TensorValue[] {
	const rank = parts[0]!.shape.length;
	const given = scalar(axis);
	if (given < -rank || given >= rank) throw cannotRun(context, `axis ${given} is outside of rank ${rank}`);
	const at = given < 0 ? given + rank : given;
	for (const part of parts) {
		if (part.shape.length !== rank || part.shape.some((size, i) => i !== at && size !== parts[0]!.shape[i]))
			throw cannotRun(context, `shapes [${parts[0]!.shape}] and [${part.shape}] do not fit together`);
	}
	return [parts.length === 1 ? parts[0]! : concatenate(parts, at)];
}

function concatShape(context: ShapeContext, parts: readonly Shape[], axisInput: number): Shape[] {
	withRank(context.inputs[axisInput], 0);
	const axisValue = context.value(axisInput);
	if (!axisValue) {
		const known = parts.find((shape) => shape !== null);
		if (!known) return [UNKNOWN];
		if (known.length === 0) throw misfit("Can't concatenate scalars (use tf.stack instead)");
		for (const part of parts) withRank(part, known.length);
		return [unknownSizes(known.length)];
	}
	const axis = scalar(axisValue);
	const least = axis < 0 ? -axis : axis + 1;
	const tail = axis === -1 ? undefined : axis + 1;
	let before: Shape = UNKNOWN;
	let size = 0;
	let after: Shape = UNKNOWN;
	for (let i = parts.length - 1; i >= 0; i--) {
		const part = withRankAtLeast(parts[i]!, least);
		before = mergeShapes(subshape(part, 0, axis), before);
		size = addSizes(sizeAt(part, axis), size);
		after = mergeShapes(tail === undefined ? SCALAR : subshape(part, tail), after);
	}
	return [concatenateShapes(concatenateShapes(before, [size]), after)];
}

function packAxis(axis: number, rank: number): number {
	if (axis < -rank || axis >= rank) throw misfit(`Invalid axis: ${axis}; must be in [${-rank},${rank})`);
	return axis < 0 ? axis + rank : axis;
}

const packShape: ShapeFunction = ({ inputs, attr }) => {
	let merged: Shape = inputs.at(-1) ?? UNKNOWN;
	for (let i = inputs.length - 2; i >= 0; i--) {
		try {
			merged = mergeShapes(inputs[i]!, merged);
		} catch (error) {
			throw misfit(`${(error as Error).message}\n\tFrom merging shape ${i} with other shapes.`);
		}
	}
	if (merged === null) return [UNKNOWN];
	const axis = packAxis(attr('axis')?.int ?? 0, merged.length + 1);
	return [[...merged.slice(0, axis), inputs.length, ...merged.slice(axis)]];
};

const pack: Kernel = (inputs, context) => {
	const { shape, dtype } = inputs[0]!;
	const given = context.attr('axis')?.int ?? 0;
	const axis = given < 0 ? given + shape.length + 1 : given;
	const raised = inputs.map((input) => {
		if (input.shape.length !== shape.length || input.shape.some((size, i) => size !== shape[i]))
			throw cannotRun(context, `shapes [${shape}] and [${input.shape}] differ`);
		return { dtype, shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)], data: input.data };
	});
	return [concatenate(raised, axis)];
};

const unpackShape: ShapeFunction = ({ inputs, attr, outputCount }) => {
	const shape = inputs[0]!;
	if (shape === null) return new Array<Shape>(outputCount).fill(UNKNOWN);
	const axis = packAxis(attr('axis')?.int ?? 0, withRankAtLeast(shape, 1)!.length);
	const size = shape[axis]!;
	if (size >= 0 && size !== outputCount) throw misfit(`Dimension must be ${outputCount} but is ${size}`);
	return new Array<Shape>(outputCount).fill(shape.filter((_, i) => i !== axis));
};

/** Cuts a tensor into pieces of the given sizes along an axis. */
function cut(x: TensorValue, axis: number, lengths: readonly number[]): TensorValue[] {
	const unit = isComplex(x.dtype) ? 2 : 1;
	const inner = unit * elementCount(x.shape.slice(axis + 1));
	const outer = elementCount(x.shape.slice(0, axis));
	const stride = x.shape[axis]! * inner;
	let start = 0;
	return lengths.map((length) => {
		const shape = x.shape.map((size, i) => (i === axis ? length : size));
		const data = allocate(x.dtype, elementCount(shape));
		for (let row = 0; row < outer; row++)
			copy(x.data, row * stride + start * inner, length * inner, data, row * length * inner);
		start += length;
		return { dtype: x.dtype, shape, data };
	});
}

const unpack: Kernel = ([x], context) => {
	const { shape } = x!;
	const given = context.attr('axis')?.int ?? 0;
	const axis = given < 0 ? given + shape.length : given;
	if (shape[axis] !== context.outputCount) throw cannotRun(context, `axis ${axis} has ${shape[axis]} parts`);
	return cut(x!, axis, new Array<number>(shape[axis]!).fill(1)).map((part) => ({
		...part,
		shape: shape.filter((_, i) => i !== axis),
	}));
};

const splitShape: ShapeFunction = ({ inputs, value, outputCount }) => {
	const axisValue = value(0);
	const shape = inputs[1]!;
	if (!axisValue)
		return new Array<Shape>(outputCount).fill(shape === null ? UNKNOWN : unknownSizes(shape.length));
	const axis = scalar(axisValue);
	withRankAtLeast(shape, axis < 0 ? -axis : axis + 1);
	if (shape === null) return new Array<Shape>(outputCount).fill(UNKNOWN);
	const at = axis < 0 ? axis + shape.length : axis;
	const size = shape[at]!;
	if (size >= 0 && size % outputCount !== 0)
		throw misfit(`Dimension size must be evenly divisible by ${outputCount} but is ${size}`);
	const part = shape.map((item, i) => (i === at && item >= 0 ? item / outputCount : item));
	return new Array<Shape>(outputCount).fill(part);
};

const split: Kernel = ([axisValue, x], context) => {
	const given = scalar(axisValue!);
	const axis = given < 0 ? given + x!.shape.length : given;
	const size = x!.shape[axis];
	if (size === undefined || size % context.outputCount !== 0)
		throw cannotRun(context, `axis ${given} of [${x!.shape}] does not split into ${context.outputCount}`);
	return cut(x!, axis, new Array<number>(context.outputCount).fill(size / context.outputCount));
};

const splitVShape: ShapeFunction = ({ inputs, value, outputCount }) => {
	const shape = inputs[0]!;
	const axisValue = value(2);
	const lengths = value(1);
	if (shape === null) return new Array<Shape>(outputCount).fill(UNKNOWN);
	if (shape.length === 0) throw misfit("Can't split scalars");
	if (!axisValue) return new Array<Shape>(outputCount).fill(unknownSizes(shape.length));
	const axis = scalar(axisValue);
	const at = axis < 0 ? axis + shape.length : axis;
	const along = (length: number): Shape => shape.map((size, i) => (i === at ? length : size));
	if (!lengths) return new Array<Shape>(outputCount).fill(along(-1));
	withRankAtLeast(shape, at + 1);
	const given = integers(lengths);
	if (given.length !== outputCount) throw misfit('Length of size_splits should be equal to num_outputs');
	const open = given.filter((length) => length === -1).length;
	if (open > 1) throw misfit('size_splits can only have one -1');
	const total = given.reduce((sum, length) => (length === -1 ? sum : sum + length), 0);
	const whole = shape[at]!;
	const sizes = given.map((length, i) => {
		const size = length === -1 && whole >= 0 ? whole - total : length;
		if (size < -1 || (size === -1 && whole >= 0))
			throw misfit(`Split size at index ${i} must be >= 0. Got: ${size}`);
		return size;
	});
	if (whole >= 0 && (open > 0 ? whole < total : whole !== total))
		throw misfit(`can't split axis of size ${whole} into pieces of size [${given}]`);
	return sizes.map(along);
};

const splitV: Kernel = ([x, lengths, axisValue], context) => {
	const given = scalar(axisValue!);
	const axis = given < 0 ? given + x!.shape.length : given;
	const sizes = integers(lengths!);
	const size = x!.shape[axis] ?? 0;
	const open = sizes.indexOf(-1);
	if (open >= 0) sizes[open] = size - sizes.reduce((sum, item) => sum + item, 1);
	if (sizes.some((item) => item < 0) || sizes.reduce((sum, item) => sum + item, 0) !== size)
		throw cannotRun(context, `lengths [${sizes}] do not add up to ${size}`);
	return cut(x!, axis, sizes);
};

const concatOffset: Kernel = ([axisValue, ...shapes]) => {
	const axis = scalar(axisValue!);
	let offset = 0;
	return shapes.map((shape) => {
		const sizes = integers(shape);
		const at = axis < 0 ? axis + sizes.length : axis;
		const found = sizes.map((_, i) => (i === at ? offset : 0));
		offset += sizes[at]!;
		return integerTensor(shape.dtype ?? DT_INT32, [sizes.length], found);
	});
};

export const arrayJoinOps: readonly OpDeclaration[] = [
	{
		names: ['ConcatV2'],
		shape: (context) => concatShape(context, context.inputs.slice(0, -1), context.inputs.length - 1),
		kernel: (inputs, context) => concatKernel(inputs.slice(0, -1), inputs.at(-1)!, context),
	},
	{
		names: ['Concat'],
		shape: (context) => concatShape(context, context.inputs.slice(1), 0),
		kernel: (inputs, context) => concatKernel(inputs.slice(1), inputs[0]!, context),
	},
	{ names: ['ConcatOffset'], shape: ({ inputs }) => inputs.slice(1), kernel: concatOffset },
	{ names: ['Pack'], shape: packShape, kernel: pack },
	{ names: ['Unpack'], shape: unpackShape, kernel: unpack },
	{ names: ['Split'], shape: splitShape, kernel: split },
	{ names: ['SplitV'], shape: splitVShape, kernel: splitV },
	{ names: ['ParallelConcat'], shape: ({ attr }) => [attr('shape')?.shape ?? UNKNOWN] },
];
