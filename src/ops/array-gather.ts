/** Elements picked and placed by index: Gather, Scatter, OneHot, Where and their like. */
import { DT_BOOL, DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, KernelContext, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import {
	concatenateShapes,
	mergeShapes,
	misfit,
	sizeAt,
	subshape,
	UNKNOWN,
	unknownSizes,
	withRank,
	withRankAtLeast,
} from './shape-algebra.ts';
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
	refusedValue,
	scalar,
	stridesOf,
	widen,
} from './values.ts';

const gatherShape: ShapeFunction = ({ inputs }) => {
	const table = withRankAtLeast(inputs[0], 1);
	return [concatenateShapes(inputs[1] ?? null, subshape(table, 1))];
};

const gatherV2Shape: ShapeFunction = ({ inputs, value, attr }) => {
	const [given = null, indices = null] = inputs;
	const table = withRankAtLeast(given, 1);
	const axisValue = value(2);
	const batch = attr('batch_dims')?.int ?? 0;
	if (!axisValue) {
		if (table === null || indices === null) return [UNKNOWN];
		return [unknownSizes(table.length + indices.length - 1 - Math.max(0, batch))];
	}
	const wanted = scalar(axisValue);
	const known = withRankAtLeast(table, wanted < 0 ? -wanted : wanted + 1);
	if (known === null) return [UNKNOWN];
	const axis = wanted < 0 ? wanted + known.length : wanted;
	const batches = batch < 0 ? batch + (indices?.length ?? 0) : batch;
	return [
		concatenateShapes(
			concatenateShapes(known.slice(0, axis), subshape(indices, batches)),
			known.slice(axis + 1),
		),
	];
};

const gather: Kernel = ([table, indices, axisValue], context) => {
	const batch = context.attr('batch_dims')?.int ?? 0;
	if (batch !== 0) throw cannotRun(context, 'batch_dims is not implemented');
	const given = axisValue ? scalar(axisValue) : 0;
	const axis = given < 0 ? given + table!.shape.length : given;
	const size = table!.shape[axis];
	if (size === undefined) throw cannotRun(context, `axis ${given} is outside of [${table!.shape}]`);
	const at = integers(indices!);
	at.forEach((index, i) => {
		if (index < 0 || index >= size)
			throw refusedValue(`indices[${position(i, indices!.shape)}] = ${index} is not in [0, ${size})`);
	});
	const inner = elementCount(table!.shape.slice(axis + 1));
	const outer = elementCount(table!.shape.slice(0, axis));
	const offsets = new Int32Array(outer * at.length * inner);
	for (let row = 0, to = 0; row < outer; row++) {
		for (const index of at) {
			const from = (row * size + index) * inner;
			for (let i = 0; i < inner; i++) offsets[to++] = from + i;
		}
	}
	const shape = [...table!.shape.slice(0, axis), ...indices!.shape, ...table!.shape.slice(axis + 1)];
	return [{ dtype: table!.dtype, shape, data: pick(table!, offsets) }];
};

/** `2,1` for the flat index of an element. */
function position(flat: number, shape: readonly number[]): string {
	return stridesOf(shape)
		.map((stride, axis) => Math.floor(flat / stride) % shape[axis]!)
		.join(',');
}

const gatherNdShape: ShapeFunction = ({ inputs }) => {
	const [table = null, indices = null] = inputs;
	withRankAtLeast(indices, 1);
	if (table === null || indices === null) return [UNKNOWN];
	const depth = sizeAt(indices, -1);
	if (depth < 0) return [UNKNOWN];
	if (depth > table.length)
		throw misfit(
			`indices.shape[-1] must be <= params.rank, but saw indices shape: [${indices}] and params shape: [${table}]`,
		);
	return [[...indices.slice(0, -1), ...table.slice(depth)]];
};

/** The flat offset of each row of an index matrix into `shape`; −1 for one outside. */
function rowOffsets(indices: TensorValue, shape: readonly number[]): number[] {
	const depth = indices.shape.at(-1)!;
	const strides = stridesOf(shape);
	const flat = integers(indices);
	const rows = depth === 0 ? elementCount(indices.shape.slice(0, -1)) : flat.length / depth;
	return Array.from({ length: rows }, (_, row) => {
		let offset = 0;
		for (let i = 0; i < depth; i++) {
			const at = flat[row * depth + i]!;
			if (at < 0 || at >= shape[i]!) return -1;
			offset += at * strides[i]!;
		}
		return offset;
	});
}

const gatherNd: Kernel = ([table, indices], context) => {
	const depth = indices!.shape.at(-1)!;
	const inner = elementCount(table!.shape.slice(depth));
	const offsets: number[] = [];
	for (const start of rowOffsets(indices!, table!.shape)) {
		if (start < 0) throw cannotRun(context, `an index is outside of [${table!.shape}]`);
		for (let i = 0; i < inner; i++) offsets.push(start + i);
	}
	const shape = [...indices!.shape.slice(0, -1), ...table!.shape.slice(depth)];
	return [{ dtype: table!.dtype, shape, data: pick(table!, offsets) }];
};

const scatterNd: Kernel = ([indices, updates, sizes], context) => {
	const shape = integers(sizes!);
	const data = allocate(updates!.dtype, elementCount(shape));
	if (isStrings(data) || isComplex(updates!.dtype) || isSixteenBitFloat(updates!.dtype))
		throw cannotRun(context, 'its dtype is not implemented');
	const inner = elementCount(shape.slice(indices!.shape.at(-1)!));
	const target = data as unknown as { [i: number]: number };
	const source = updates!.data as unknown as { [i: number]: number };
	rowOffsets(indices!, shape).forEach((start, row) => {
		if (start < 0) throw cannotRun(context, `an index is outside of [${shape}]`);
		// The addition is that of the array's elements: numbers, or big integers.
		for (let i = 0; i < inner; i++) {
			const sum = target[start + i]! + source[row * inner + i]!;
			target[start + i] = updates!.dtype === DT_BOOL ? Math.min(sum, 1) : sum;
		}
	});
	return [{ dtype: updates!.dtype, shape, data }];
};

const oneHotShape: ShapeFunction = ({ inputs, value, attr }) => {
	const axis = attr('axis')?.int ?? -1;
	withRank(inputs[1], 0);
	withRank(inputs[2], 0);
	withRank(inputs[3], 0);
	const depth = value(1);
	const indices = inputs[0]!;
	if (indices === null) return [UNKNOWN];
	const at = axis < 0 ? indices.length : axis;
	if (depth && scalar(depth) < 0)
		throw misfit(`Dimension size, given by scalar input 1, must be non-negative but is ${scalar(depth)}`);
	return [[...indices.slice(0, at), depth ? scalar(depth) : -1, ...indices.slice(at)]];
};

const oneHot: Kernel = ([indices, depthValue, on, off], context) => {
	const depth = scalar(depthValue!);
	const given = context.attr('axis')?.int ?? -1;
	const axis = given < 0 ? indices!.shape.length : given;
	const at = integers(indices!);
	const inner = elementCount(indices!.shape.slice(axis));
	const shape = [...indices!.shape.slice(0, axis), depth, ...indices!.shape.slice(axis)];
	const choices = concatenated(off!, on!, context);
	const offsets = new Int32Array(elementCount(shape));
	at.forEach((index, i) => {
		if (index < 0 || index >= depth) return;
		const row = Math.floor(i / inner);
		offsets[(row * depth + index) * inner + (i % inner)] = 1;
	});
	return [{ dtype: on!.dtype, shape, data: pick(choices, offsets) }];
};

function concatenated(a: TensorValue, b: TensorValue, context: KernelContext): TensorValue {
	if (isComplex(a.dtype)) throw cannotRun(context, 'its dtype is not implemented');
	const data = allocate(a.dtype, 2) as unknown as { [i: number]: unknown };
	data[0] = a.data[0];
	data[1] = b.data[0];
	return { dtype: a.dtype, shape: [2], data: data as unknown as TensorData };
}

const where: Kernel = ([x], context) => {
	const { shape } = x!;
	const data = isSixteenBitFloat(x!.dtype) ? widen(x!) : x!.data;
	if (isStrings(data) || isComplex(x!.dtype)) throw cannotRun(context, 'its dtype is not implemented');
	const strides = stridesOf(shape);
	const found: number[] = [];
	let rows = 0;
	for (let i = 0; i < data.length; i++) {
		if (!data[i]) continue;
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
	if (isComplex(then!.dtype)) throw cannotRun(context, 'complex values are not implemented');
	const flags = condition!.data as Uint8Array;
	if (flags.length === 1 && condition!.shape.length === 0) return [flags[0] ? then! : otherwise!];
	const { shape, dtype } = then!;
	const elements = elementCount(shape);
	const inner = flags.length === 0 ? 1 : elements / flags.length;
	if (!Number.isInteger(inner))
		throw cannotRun(context, `shapes [${condition!.shape}] and [${shape}] differ`);
	const data = allocate(dtype, elements) as unknown as { [i: number]: unknown };
	for (let i = 0; i < elements; i++)
		data[i] = flags[Math.floor(i / inner)] ? then!.data[i] : otherwise!.data[i];
	return [{ dtype, shape, data: data as unknown as TensorData }];
};

const uniqueShape: ShapeFunction = ({ inputs, outputCount }) => {
	const shapes: Shape[] = [[-1], inputs[0] ?? null];
	if (outputCount > 2) shapes.push([-1]);
	return shapes;
};

const unique: Kernel = ([x], context) => {
	const { data, dtype } = x!;
	if (isComplex(dtype) || isSixteenBitFloat(dtype)) throw cannotRun(context, 'its dtype is not implemented');
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

const dynamicStitch: Kernel = (inputs, context) => {
	const count = inputs.length / 2;
	const lists = inputs.slice(0, count).map(integers);
	const rows = lists.reduce((most, list) => Math.max(most, ...list.map((index) => index + 1)), 0);
	const rest = inputs[count]!.shape.slice(inputs[0]!.shape.length);
	const inner = elementCount(rest);
	const { dtype } = inputs[count]!;
	if (isComplex(dtype)) throw cannotRun(context, 'its dtype is not implemented');
	const data = allocate(dtype, rows * inner) as unknown as { [i: number]: unknown };
	lists.forEach((list, part) => {
		const source = inputs[count + part]!.data;
		list.forEach((row, i) => {
			for (let j = 0; j < inner; j++) data[row * inner + j] = source[i * inner + j];
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

export const arrayGatherOps: readonly OpDeclaration[] = [
	{ names: ['Gather'], shape: gatherShape, kernel: gather },
	{ names: ['GatherV2'], shape: gatherV2Shape, kernel: gather, limits: 'batch_dims 0' },
	{ names: ['GatherNd'], shape: gatherNdShape, kernel: gatherNd },
	{ names: ['ScatterNd'], shape: ({ sizes }) => [sizes(2) ?? UNKNOWN], kernel: scatterNd },
	{ names: ['OneHot'], shape: oneHotShape, kernel: oneHot },
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
