/**
 * Lists of tensors as TensorFlow 2's loops carry them: values, not places. A list is never changed; an op that
 * writes makes a new one. A handle's only element stands for the list behind it.
 */
import { DT_FLOAT, DT_INT32, DT_INT64, DT_VARIANT } from '../../graph/dtype.ts';
import type { TensorData, TensorValue } from '../../graph/tensor.ts';
import { allocate } from '../../graph/tensor-data.ts';
import type { Kernel, KernelContext, Shape } from '../define.ts';
import { cannotRun, elementCount, integers, isComplex, isStrings, scalar } from '../values.ts';

interface TensorList {
	readonly dtype: number;
	readonly shape: Shape;
	/** An item that was never written reads as zeros. */
	readonly items: readonly (TensorValue | undefined)[];
}

const lists = new WeakMap<Uint8Array, TensorList>();
const MOST_ITEMS = 1 << 24;

function handleOf(list: TensorList): TensorValue {
	const key = new Uint8Array(1);
	lists.set(key, list);
	return { dtype: DT_VARIANT, shape: [], data: [key] };
}

function listOf(handle: TensorValue | undefined, context: KernelContext): TensorList {
	const key = handle?.data[0];
	const list = key instanceof Uint8Array ? lists.get(key) : undefined;
	if (!list) throw cannotRun(context, 'its handle belongs to no tensor list');
	return list;
}

/** A value of its own: what lies in the engine is gone when its readers have run. */
function own({ dtype, shape, data }: TensorValue, context: KernelContext): TensorValue {
	if (!context.workspace?.engine.owns(data)) return { dtype, shape, data };
	const copy = new Float32Array(data.length);
	copy.set(data as Float32Array);
	return { dtype, shape, data: copy };
}

function itemCount(value: TensorValue | undefined, context: KernelContext): number {
	const count = value ? scalar(value) : 0;
	if (!(count >= 0 && count <= MOST_ITEMS)) throw cannotRun(context, `its length is ${count}`);
	return count;
}

/** An `element_shape` input: a vector of sizes, or a scalar −1 for an unknown rank. */
function shapeOf(value: TensorValue | undefined): Shape {
	return value && value.shape.length > 0 ? integers(value) : null;
}

const elementDtype = (context: KernelContext): number => context.attr('element_dtype')?.type ?? DT_FLOAT;

export const reserveList: Kernel = ([shape, count], context) => {
	const items = new Array<TensorValue | undefined>(itemCount(count, context)).fill(undefined);
	return [handleOf({ dtype: elementDtype(context), shape: shapeOf(shape), items })];
};

export const emptyList: Kernel = ([shape], context) => [
	handleOf({ dtype: elementDtype(context), shape: shapeOf(shape), items: [] }),
];

/** Elements from `start` on, in an array of their own. Complex elements are pairs. */
function part(value: TensorValue, start: number, length: number): TensorData {
	const width = isComplex(value.dtype) ? 2 : 1;
	return value.data.slice(start * width, (start + length) * width);
}

function split(value: TensorValue, lengths: readonly number[] | undefined): TensorValue[] {
	const inner = value.shape.slice(1);
	const stride = elementCount(inner);
	let from = 0;
	return Array.from({ length: lengths?.length ?? value.shape[0] ?? 0 }, (_, i) => {
		const length = (lengths?.[i] ?? 1) * stride;
		const data = part(value, from, length);
		from += length;
		return { dtype: value.dtype, shape: lengths ? [lengths[i]!, ...inner] : inner, data };
	});
}

export const listFromTensor: Kernel = ([value, shape]) => [
	handleOf({ dtype: value!.dtype, shape: shapeOf(shape), items: split(value!, undefined) }),
];

export const splitToList: Kernel = ([value, shape, lengths]) => [
	handleOf({ dtype: value!.dtype, shape: shapeOf(shape), items: split(value!, integers(lengths!)) }),
];

/** An item, or zeros where none was written. @param asked the shape that the reading op names. */
function itemAt(list: TensorList, index: number, asked: Shape, context: KernelContext): TensorValue {
	if (!(index >= 0 && index < list.items.length))
		throw cannotRun(context, `it reads item ${index} of a list of ${list.items.length}`);
	return list.items[index] ?? zeros(list, asked, context);
}

function zeros(list: TensorList, asked: Shape, context: KernelContext): TensorValue {
	const known = list.items.find((item) => item !== undefined)?.shape;
	const shape = (asked ?? list.shape ?? known)?.map((size, i) =>
		size >= 0 ? size : (list.shape?.[i] ?? -1) >= 0 ? list.shape![i]! : (known?.[i] ?? -1),
	);
	if (!shape || shape.some((size) => size < 0))
		throw cannotRun(context, 'the shape of its items is not known');
	return { dtype: list.dtype, shape, data: allocate(list.dtype, elementCount(shape)) };
}

export const getItem: Kernel = ([handle, index, shape], context) => [
	itemAt(listOf(handle, context), scalar(index!), shapeOf(shape), context),
];

export const setItem: Kernel = ([handle, index, value], context) => {
	const list = listOf(handle, context);
	const at = scalar(index!);
	const grows = context.attr('resize_if_index_out_of_bounds')?.bool ?? false;
	if (!(at >= 0 && at < (grows ? MOST_ITEMS : list.items.length)))
		throw cannotRun(context, `it writes item ${at} of a list of ${list.items.length}`);
	const items = [...list.items];
	while (items.length <= at) items.push(undefined);
	items[at] = own(value!, context);
	return [handleOf({ ...list, items })];
};

export const resizeList: Kernel = ([handle, size], context) => {
	const list = listOf(handle, context);
	const length = itemCount(size, context);
	return [handleOf({ ...list, items: Array.from({ length }, (_, i) => list.items[i]) })];
};

export const pushBack: Kernel = ([handle, value], context) => {
	const list = listOf(handle, context);
	return [handleOf({ ...list, items: [...list.items, own(value!, context)] })];
};

export const popBack: Kernel = ([handle, shape], context) => {
	const list = listOf(handle, context);
	const last = itemAt(list, list.items.length - 1, shapeOf(shape), context);
	return [handleOf({ ...list, items: list.items.slice(0, -1) }), last];
};

export const listLength: Kernel = ([handle], context) => [
	{ dtype: DT_INT32, shape: [], data: Int32Array.of(listOf(handle, context).items.length) },
];

/** Items one after the other, as they lie in memory. */
function join(items: readonly TensorValue[], dtype: number, shape: readonly number[]): TensorValue {
	const total = items.reduce((sum, item) => sum + item.data.length, 0);
	if (items.length === 0) return { dtype, shape, data: allocate(dtype, elementCount(shape)) };
	if (isStrings(items[0]!.data))
		return { dtype, shape, data: items.flatMap((item) => item.data as Uint8Array[]) };
	const data = new (items[0]!.data.constructor as Float32ArrayConstructor)(total);
	let at = 0;
	for (const item of items) {
		data.set(item.data as Float32Array, at);
		at += item.data.length;
	}
	return { dtype, shape, data };
}

function stacked(
	list: TensorList,
	indices: readonly number[],
	asked: Shape,
	context: KernelContext,
): TensorValue {
	const items = indices.map((index) => itemAt(list, index, asked, context));
	const shape = items[0]?.shape ?? zeros(list, asked, context).shape;
	if (items.some((item) => item.shape.join() !== shape.join()))
		throw cannotRun(context, 'its items have different shapes');
	return join(items, list.dtype, [items.length, ...shape]);
}

export const stackList: Kernel = ([handle, shape], context) => {
	const list = listOf(handle, context);
	return [stacked(list, [...list.items.keys()], shapeOf(shape), context)];
};

export const gatherList: Kernel = ([handle, indices, shape], context) => [
	stacked(listOf(handle, context), integers(indices!), shapeOf(shape), context),
];

export const concatenateList: Kernel = ([handle, shape], context) => {
	const list = listOf(handle, context);
	const items = list.items.map((_item, index) => itemAt(list, index, shapeOf(shape), context));
	const lengths = items.map((item) => item.shape[0] ?? 0);
	const inner = items[0]?.shape.slice(1) ?? zeros(list, shapeOf(shape), context).shape.slice(1);
	if (items.some((item) => item.shape.slice(1).join() !== inner.join()))
		throw cannotRun(context, 'its items have different shapes');
	const total = lengths.reduce((sum, length) => sum + length, 0);
	return [
		join(items, list.dtype, [total, ...inner]),
		{ dtype: DT_INT64, shape: [lengths.length], data: BigInt64Array.from(lengths, BigInt) },
	];
};
