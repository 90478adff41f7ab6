/** Elements picked by what they are: Where, Select, Unique, ListDiff, and parts stitched together. */
import { DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import type { TensorData } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { concatenateShapes, mergeShapes, subshape, UNKNOWN, withRank } from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integers,
	integerTensor,
	isBigInts,
	isComplex,
	isNumbers,
	isSixteenBitFloat,
	isStrings,
	pick,
	stridesOf,
	widen,
} from './values.ts';

const where: Kernel = ([x], context) => {
	const { shape } = x!;
	const data = isSixteenBitFloat(x!.dtype) ? widen(x!) : x!.data;
	if (isStrings(data)) throw cannotRun(context, 'its dtype is not implemented');
	const unit = isComplex(x!.dtype) ? 2 : 1;
	const strides = stridesOf(shape);
	const found: number[] = [];
	let rows = 0;
	for (let i = 0; i < data.length / unit; i++) {
		if (!data[i * unit] && !data[i * unit + unit - 1]) continue;
		rows++;
		for (let axis = 0; axis < shape.length; axis++) found.push(Math.floor(i / strides[axis]!) % shape[axis]!);
	}
	return [integerTensor(DT_INT64, [rows, shape.length], found)];
};

const selectShape: ShapeFunction = ({ inputs }) => {
	const [condition = null, then = null, otherwise = null] = inputs;
	const data = mergeShapes(then, otherwise);
	if (condition === null || data === null || condition.length === 0) return [data];
	if (condition.length === 1 && data.length > 0) {
		mergeShapes(condition, [data[0]!]);
		return [data];
	}
	return [mergeShapes(data, condition)];
};

const select: Kernel = ([condition, then, otherwise], context) => {
	const flags = condition!.data as Uint8Array;
	if (flags.length === 1 && condition!.shape.length === 0) return [flags[0] ? then! : otherwise!];
	const { shape, dtype } = then!;
	const elements = elementCount(shape);
	const inner = flags.length === 0 ? 1 : elements / flags.length;
	if (!Number.isInteger(inner))
		throw cannotRun(context, `shapes [${condition!.shape}] and [${shape}] differ`);
	const data = allocate(dtype, elements) as unknown as { [i: number]: unknown };
	const unit = isComplex(dtype) ? 2 : 1;
	for (let i = 0; i < elements * unit; i++)
		data[i] = flags[Math.floor(i / unit / inner)] ? then!.data[i] : otherwise!.data[i];
	return [{ dtype, shape, data: data as unknown as TensorData }];
};

const uniqueShape: ShapeFunction = ({ inputs, outputCount }) => {
	const shapes: Shape[] = [[-1], inputs[0] ?? null];
	if (outputCount > 2) shapes.push([-1]);
	return shapes;
};

const unique: Kernel = ([x], context) => {
	const { dtype } = x!;
	const data = isSixteenBitFloat(dtype) ? widen(x!) : x!.data;
	if (isComplex(dtype)) throw cannotRun(context, 'its dtype is not implemented');
	const positions = new Map<unknown, number>();
	const first: number[] = [];
	const counts: number[] = [];
	const ids = Array.from(data as ArrayLike<number | bigint | Uint8Array>, (item, i) => {
		const key = item instanceof Uint8Array ? Buffer.from(item).toString('latin1') : item;
		let at = positions.get(key);
		if (at === undefined) {
			at = first.length;
			positions.set(key, at);
			first.push(i);
			counts.push(0);
		}
		counts[at]!++;
		return at;
	});
	const index = context.outputDtypes[1] ?? DT_INT32;
	const results = [
		{ dtype, shape: [first.length], data: pick(x!, first) },
		integerTensor(index, [ids.length], ids),
	];
	if (context.outputCount > 2) results.push(integerTensor(index, [counts.length], counts));
	return results;
};

const invertPermutation: Kernel = ([x], context) => {
	const values = integers(x!);
	const found = new Array<number>(values.length).fill(-1);
	values.forEach((at, i) => {
		found[at] = i;
	});
	if (found.length !== values.length || found.includes(-1))
		throw cannotRun(context, `[${values}] is no permutation`);
	return [integerTensor(x!.dtype, x!.shape, found)];
};

const dynamicStitchShape: ShapeFunction = ({ inputs, value }) => {
	const count = inputs.length / 2;
	let extra: Shape = UNKNOWN;
	let largest = -1;
	let known = true;
	for (let i = 0; i < count; i++) {
		const indices = value(i);
		if (!indices) known = false;
		else for (const index of integers(indices)) largest = Math.max(largest, index);
		const shape = inputs[i]!;
		if (shape !== null) extra = mergeShapes(extra, subshape(inputs[i + count]!, shape.length));
	}
	return [concatenateShapes([known ? largest + 1 : -1], extra)];
};

const dynamicStitch: Kernel = (inputs) => {
	const count = inputs.length / 2;
	const lists = inputs.slice(0, count).map(integers);
	let rows = 0;
	for (const list of lists) for (const index of list) rows = Math.max(rows, index + 1);
	const rest = inputs[count]!.shape.slice(inputs[0]!.shape.length);
	const inner = elementCount(rest);
	const { dtype } = inputs[count]!;
	const unit = inner * (isComplex(dtype) ? 2 : 1);
	const data = allocate(dtype, rows * inner) as unknown as { [i: number]: unknown };
	lists.forEach((list, part) => {
		const source = inputs[count + part]!.data;
		list.forEach((row, i) => {
			for (let j = 0; j < unit; j++) data[row * unit + j] = source[i * unit + j];
		});
	});
	return [{ dtype, shape: [rows, ...rest], data: data as unknown as TensorData }];
};

const listDiff: Kernel = ([x, y], context) => {
	if (!isNumbers(x!.data) && !isBigInts(x!.data)) throw cannotRun(context, 'its dtype is not implemented');
	const dropped = new Set<number | bigint>(y!.data as Iterable<number | bigint>);
	const kept: number[] = [];
	(x!.data as Int32Array).forEach((item, i) => {
		if (!dropped.has(item)) kept.push(i);
	});
	return [
		{ dtype: x!.dtype, shape: [kept.length], data: pick(x!, kept) },
		integerTensor(context.outputDtypes[1] ?? DT_INT32, [kept.length], kept),
	];
};

export const arraySelectOps: readonly OpDeclaration[] = [
	{ names: ['Where'], shape: ({ inputs }) => [[-1, inputs[0]?.length ?? -1]], kernel: where },
	{ names: ['Select'], shape: selectShape, kernel: select },
	{ names: ['Unique', 'UniqueWithCounts'], shape: uniqueShape, kernel: unique },
	{
		names: ['InvertPermutation'],
		shape: ({ inputs }) => [withRank(inputs[0], 1)],
		kernel: invertPermutation,
	},
	{ names: ['DynamicStitch', 'ParallelDynamicStitch'], shape: dynamicStitchShape, kernel: dynamicStitch },
	{ names: ['ListDiff'], shape: () => [[-1], [-1]], kernel: listDiff },
];
