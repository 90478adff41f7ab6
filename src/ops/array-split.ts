import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { misfit, packAxis, UNKNOWN, unknownSizes, withRankAtLeast } from './shape-algebra.ts';
import { cannotRun, copyElements, elementCount, integers, isComplex, scalar } from './values.ts';

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
			copyElements(x.data, row * stride + start * inner, length * inner, data, row * length * inner);
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

export const arraySplitOps: readonly OpDeclaration[] = [
	{ names: ['Unpack'], shape: unpackShape, kernel: unpack },
	{ names: ['Split'], shape: splitShape, kernel: split },
	{ names: ['SplitV'], shape: splitVShape, kernel: splitV },
];
