/** Sparse tensors as three: indices, values, shape. */
import { DT_BOOL, DT_INT64 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { floatsOf, likeInput } from './kernels/normalization.ts';
import { elementsOf, mergeSizes, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, integerTensor, pick, refusedValue, stridesOf } from './values.ts';

const reshapeShape: ShapeFunction = ({ inputs }) => {
	const indices = withRank(inputs[0], 2);
	const wanted = withRank(inputs[2], 1);
	return [[indices[0]!, wanted[0]!], wanted];
};

/** Indices of the same elements under another shape; one size may be −1. */
const reshape: Kernel = ([indices, before, after]) => {
	const old = integers(before!);
	const wanted = integers(after!);
	const elements = elementCount(old);
	const open = wanted.indexOf(-1);
	if (open >= 0)
		wanted[open] = elements / wanted.reduce((product, size) => (size < 0 ? product : product * size), 1);
	if (elementCount(wanted) !== elements || !wanted.every(Number.isInteger)) {
		throw refusedValue(
			`Input to reshape is a tensor with ${elements} dense values, but the requested shape has ${elementCount(wanted)}. input_shape=[${old}] output_shape=[${wanted}]`,
		);
	}
	const from = stridesOf(old);
	const to = stridesOf(wanted);
	const flat = integers(indices!);
	const count = indices!.shape[0]!;
	const moved: number[] = [];
	for (let row = 0; row < count; row++) {
		let rest = from.reduce((sum, stride, axis) => sum + stride * flat[row * old.length + axis]!, 0);
		for (const stride of to) {
			moved.push(Math.floor(rest / stride));
			rest %= stride;
		}
	}
	return [
		integerTensor(DT_INT64, [count, wanted.length], moved),
		integerTensor(DT_INT64, [wanted.length], wanted),
	];
};

/** Rows of indices as lists. */
function rowsOf(indices: TensorValue): number[][] {
	const flat = integers(indices);
	const rank = indices.shape[1]!;
	return Array.from({ length: indices.shape[0]! }, (_, row) => flat.slice(row * rank, (row + 1) * rank));
}

/** Elements in row-major order. */
const reorder: Kernel = ([indices, values, shape]) => {
	const strides = stridesOf(integers(shape!));
	const rows = rowsOf(indices!);
	const places = rows.map((row) => row.reduce((sum, index, axis) => sum + index * strides[axis]!, 0));
	const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]! || a - b);
	return [
		integerTensor(
			DT_INT64,
			indices!.shape,
			order.flatMap((i) => rows[i]!),
		),
		{ dtype: values!.dtype, shape: values!.shape, data: pick(values!, order) },
	];
};

/** A sparse matrix by a dense one, each of them turned first where it says so. */
const timesDense: Kernel = ([indices, values, size, dense], context) => {
	const [turnsLeft, turnsRight] = [context.attr('adjoint_a')?.bool, context.attr('adjoint_b')?.bool];
	const given = integers(size!);
	const [rows, depth] = turnsLeft ? [given[1]!, given[0]!] : [given[0]!, given[1]!];
	const [a, b] = dense!.shape as [number, number];
	const columns = turnsRight ? a : b;
	if (depth !== (turnsRight ? b : a)) throw cannotRun(context, `[${given}] and [${dense!.shape}] do not fit`);
	const [weights, matrix] = [floatsOf(values!, context), floatsOf(dense!, context)];
	const result = new (matrix.constructor as Float32ArrayConstructor)(rows * columns);
	for (const [i, [first, second]] of rowsOf(indices!).entries()) {
		const [row, k] = turnsLeft ? [second!, first!] : [first!, second!];
		if (!(row < rows && k < depth))
			throw cannotRun(context, `its index [${first},${second}] is out of bounds`);
		for (let column = 0; column < columns; column++)
			result[row * columns + column]! += weights[i]! * matrix[turnsRight ? column * b + k : k * b + column]!;
	}
	return [likeInput({ ...dense!, shape: [rows, columns] }, result)];
};

/** A default value in every row without one; which rows they are; where the gradient of a value goes. */
const fillEmptyRows: Kernel = ([indices, values, size, fallback]) => {
	const rows = rowsOf(indices!);
	const count = integers(size!)[0]!;
	const rank = indices!.shape[1]!;
	const byRow = Array.from({ length: count }, (): number[] => []);
	for (const [i, row] of rows.entries()) byRow[row[0]!]!.push(i);
	const order = byRow.flatMap((list) => (list.length > 0 ? list : [-1]));
	const starts = byRow.flatMap((list, row) => (list.length > 0 ? list : [row]));
	const found = order.map((from, i) =>
		from >= 0 ? rows[from]! : [starts[i]!, ...new Array<number>(rank - 1).fill(0)],
	);
	const both: TensorValue = joinValues(values!, fallback!);
	return [
		integerTensor(DT_INT64, [order.length, rank], found.flat()),
		{
			dtype: values!.dtype,
			shape: [order.length],
			data: pick(
				both,
				order.map((from) => (from < 0 ? values!.data.length : from)),
			),
		},
		{ dtype: DT_BOOL, shape: [count], data: Uint8Array.from(byRow, (list) => Number(list.length === 0)) },
		integerTensor(
			DT_INT64,
			[rows.length],
			rows.map((_, i) => order.indexOf(i)),
		),
	];
};

/** One tensor after the other: all of the first, and the one element of the second. */
function joinValues(values: TensorValue, last: TensorValue): TensorValue {
	const length = values.data.length + 1;
	if (Array.isArray(values.data))
		return { ...values, data: [...values.data, ...(last.data as readonly Uint8Array[])] };
	const data = new (values.data.constructor as Float32ArrayConstructor)(length);
	data.set(values.data as Float32Array);
	data.set(last.data as Float32Array, length - 1);
	return { dtype: values.dtype, shape: [length], data };
}

/** Places in a row-major tensor as indices, an axis a row. */
const unravel: Kernel = ([places, size], context) => {
	const sizes = integers(size!);
	const strides = stridesOf(sizes);
	const given = integers(places!);
	const outside = given.find((place) => place < 0 || place >= elementCount(sizes));
	if (outside !== undefined)
		throw cannotRun(context, `index ${outside} is out of bound as with dims [${sizes}]`);
	const found = sizes.flatMap((length, axis) =>
		given.map((place) => Math.floor(place / strides[axis]!) % length),
	);
	return [integerTensor(places!.dtype, [sizes.length, ...places!.shape], found)];
};

const filledShape: ShapeFunction = ({ inputs, value }) => {
	const indices = withRank(inputs[0], 2);
	const rank = withRank(inputs[2], 1)[0]!;
	mergeSizes(indices[1]!, rank);
	const shape = value(2);
	return [
		[-1, rank],
		[-1],
		[shape ? Number(shape.data[0]) : -1],
		[mergeSizes(indices[0]!, withRank(inputs[1], 1)[0]!)],
	];
};

const timesDenseShape: ShapeFunction = ({ inputs, sizes, attr }) => {
	const dense = withRank(inputs[3], 2);
	const given = sizes(2) ?? [-1, -1];
	return [[given[attr('adjoint_a')?.bool ? 1 : 0] ?? -1, dense[attr('adjoint_b')?.bool ? 0 : 1]!]];
};

/** A row an axis; the places in a row, whatever shape they had. */
function unravelledShape(places: Shape, axes: number): Shape {
	if (!places) return null;
	return places.length === 0 ? [axes] : [axes, elementsOf(places)];
}

export const sparseOps: readonly OpDeclaration[] = [
	{
		names: ['SparseReorder'],
		shape: ({ inputs }) => [withRank(inputs[0], 2), withRank(inputs[1], 1)],
		kernel: reorder,
	},
	{
		names: ['SparseTensorDenseMatMul'],
		dtypes: 'float, half, bfloat16, double',
		shape: timesDenseShape,
		kernel: timesDense,
		flushesDenormals: true,
	},
	{
		names: ['SparseFillEmptyRows'],
		dtypes: 'all but complex numbers',
		shape: filledShape,
		kernel: fillEmptyRows,
	},
	{
		names: ['UnravelIndex'],
		shape: ({ inputs }) => [unravelledShape(inputs[0] ?? null, inputs[1]?.[0] ?? -1)],
		kernel: unravel,
	},
	{ names: ['SparseReshape'], shape: reshapeShape, kernel: reshape },
];
