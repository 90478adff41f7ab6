/** Elements picked by index: Gather, GatherNd, OneHot. */
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import {
	concatenateShapes,
	misfit,
	sizeAt,
	subshape,
	UNKNOWN,
	unknownSizes,
	withRankAtLeast,
} from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integers,
	isComplex,
	pick,
	refusedValue,
	scalar,
	stridesOf,
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
	const batchAttr = context.attr('batch_dims')?.int ?? 0;
	const batchDims = batchAttr < 0 ? batchAttr + indices!.shape.length : batchAttr;
	const given = axisValue ? scalar(axisValue) : batchDims;
	const axis = given < 0 ? given + table!.shape.length : given;
	const size = table!.shape[axis];
	if (size === undefined) throw cannotRun(context, `axis ${given} is outside of [${table!.shape}]`);
	const batch = indices!.shape.slice(0, batchDims);
	if (batchDims < 0 || batchDims > axis || batch.some((n, i) => n !== table!.shape[i]))
		throw cannotRun(
			context,
			`[${indices!.shape}] and [${table!.shape}] have no ${batchAttr} batch_dims in common`,
		);
	const at = integers(indices!);
	at.forEach((index, i) => {
		if (index < 0 || index >= size)
			throw refusedValue(`indices[${position(i, indices!.shape)}] = ${index} is not in [0, ${size})`);
	});
	const inner = elementCount(table!.shape.slice(axis + 1));
	const outer = elementCount(table!.shape.slice(0, axis));
	const picked = elementCount(indices!.shape.slice(batchDims));
	const rowsOfBatch = elementCount(table!.shape.slice(batchDims, axis));
	const offsets = new Int32Array(outer * picked * inner);
	for (let row = 0, to = 0; row < outer; row++) {
		const first = Math.floor(row / rowsOfBatch) * picked;
		for (let k = first; k < first + picked; k++) {
			const from = (row * size + at[k]!) * inner;
			for (let i = 0; i < inner; i++) offsets[to++] = from + i;
		}
	}
	const rest = indices!.shape.slice(batchDims);
	const shape = [...table!.shape.slice(0, axis), ...rest, ...table!.shape.slice(axis + 1)];
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
export function rowOffsets(indices: TensorValue, shape: readonly number[]): number[] {
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

const oneHotShape: ShapeFunction = ({ inputs, value, attr }) => {
	const axis = attr('axis')?.int ?? -1;
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
	const choices = concatenated(off!, on!);
	const offsets = new Int32Array(elementCount(shape));
	at.forEach((index, i) => {
		if (index < 0 || index >= depth) return;
		const row = Math.floor(i / inner);
		offsets[(row * depth + index) * inner + (i % inner)] = 1;
	});
	return [{ dtype: on!.dtype, shape, data: pick(choices, offsets) }];
};

function concatenated(a: TensorValue, b: TensorValue): TensorValue {
	const unit = isComplex(a.dtype) ? 2 : 1;
	const data = allocate(a.dtype, 2) as unknown as { [i: number]: unknown };
	for (let i = 0; i < unit; i++) {
		data[i] = a.data[i];
		data[unit + i] = b.data[i];
	}
	return { dtype: a.dtype, shape: [2], data: data as unknown as TensorData };
}

export const arrayGatherOps: readonly OpDeclaration[] = [
	{ names: ['Gather'], shape: gatherShape, kernel: gather },
	{ names: ['GatherV2'], shape: gatherV2Shape, kernel: gather },
	{ names: ['GatherNd'], shape: gatherNdShape, kernel: gatherNd },
	{ names: ['OneHot'], shape: oneHotShape, kernel: oneHot },
];
