/** Lists of tensors. A handle's only element stands for the list behind it. */
import { DT_FLOAT, DT_INT32, DT_INT64, DT_RESOURCE } from '../../graph/dtype.ts';
import type { TensorData, TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, elementCount, integers, isStrings, pick, scalar } from '../values.ts';

interface TensorList {
	readonly dtype: number;
	readonly grows: boolean;
	readonly items: (TensorValue | undefined)[];
}

const lists = new WeakMap<Uint8Array, TensorList>();
const MOST_ITEMS = 1 << 24;

const FLOW: TensorValue = { dtype: DT_FLOAT, shape: [], data: new Float32Array(1) };

function listOf(handle: TensorValue, context: KernelContext): TensorList {
	const key = handle.data[0];
	const list = key instanceof Uint8Array ? lists.get(key) : undefined;
	if (!list) throw cannotRun(context, 'its handle belongs to no tensor array');
	return list;
}

/** A value of its own: what lies in the engine is gone when its readers have run. */
function own(value: TensorValue, context: KernelContext): TensorValue {
	const { dtype, shape, data } = value;
	if (!context.workspace?.engine.owns(data)) return { dtype, shape, data };
	const copy = new Float32Array(data.length);
	copy.set(data);
	return { dtype, shape, data: copy };
}

export const openArray: Kernel = ([size], context) => {
	const count = scalar(size!);
	if (!(count >= 0 && count <= MOST_ITEMS)) throw cannotRun(context, `its size is ${count}`);
	const key = new Uint8Array(1);
	lists.set(key, {
		dtype: context.attr('dtype')?.type ?? DT_FLOAT,
		grows: context.attr('dynamic_size')?.bool ?? false,
		items: new Array<TensorValue | undefined>(count).fill(undefined),
	});
	return [{ dtype: DT_RESOURCE, shape: [], data: [key] }, FLOW];
};

function put(list: TensorList, index: number, value: TensorValue, context: KernelContext): void {
	const most = list.grows ? MOST_ITEMS : list.items.length;
	if (!(index >= 0 && index < most))
		throw cannotRun(context, `it writes item ${index} of an array of ${list.items.length}`);
	while (list.items.length <= index) list.items.push(undefined);
	list.items[index] = own(value, context);
}

function get(list: TensorList, index: number, context: KernelContext): TensorValue {
	const item = list.items[index];
	if (!item) throw cannotRun(context, `item ${index} of ${list.items.length} was never written`);
	return item;
}

export const writeItem: Kernel = ([handle, index, value], context) => {
	put(listOf(handle!, context), scalar(index!), value!, context);
	return [FLOW];
};

export const readItem: Kernel = ([handle, index], context) => [
	get(listOf(handle!, context), scalar(index!), context),
];

export const arraySize: Kernel = ([handle], context) => {
	const { items } = listOf(handle!, context);
	return [{ dtype: DT_INT32, shape: [], data: Int32Array.of(items.length) }];
};

/** Items one after the other, as they lie in memory. */
function join(items: readonly TensorValue[], dtype: number, shape: readonly number[]): TensorValue {
	const first = items[0]?.data;
	if (first && isStrings(first))
		return { dtype, shape, data: items.flatMap((item) => item.data as Uint8Array[]) };
	const length = items.reduce((total, item) => total + item.data.length, 0);
	const kind = (first?.constructor ?? Float32Array) as Float32ArrayConstructor;
	const data = new kind(length);
	let at = 0;
	for (const item of items) {
		data.set(item.data as Float32Array, at);
		at += item.data.length;
	}
	return { dtype, shape, data };
}

export const gatherItems: Kernel = ([handle, indices], context) => {
	const list = listOf(handle!, context);
	const wanted = integers(indices!);
	const items = wanted.map((index) => get(list, index, context));
	const declared = context.attr('element_shape')?.shape ?? [];
	const shape = items[0]?.shape ?? declared;
	if (items.some((item) => item.shape.join() !== shape.join()))
		throw cannotRun(context, 'its items have different shapes');
	if (shape.some((size) => size < 0)) throw cannotRun(context, 'the shape of its items is not known');
	return [join(items, list.dtype, [wanted.length, ...shape])];
};

/** Part `i` of the first axis becomes item `index(i)`. */
function spread(
	list: TensorList,
	value: TensorValue,
	lengths: readonly number[] | undefined,
	index: (i: number) => number,
	context: KernelContext,
): void {
	const inner = value.shape.slice(1);
	const stride = elementCount(inner);
	let from = 0;
	const count = lengths?.length ?? value.shape[0] ?? 0;
	for (let i = 0; i < count; i++) {
		const length = (lengths?.[i] ?? 1) * stride;
		const places = Int32Array.from({ length }, (_, k) => from + k);
		const shape = lengths ? [lengths[i]!, ...inner] : inner;
		put(list, index(i), { dtype: value.dtype, shape, data: pick(value, places) }, context);
		from += length;
	}
}

export const scatterItems: Kernel = ([handle, indices, value], context) => {
	const wanted = integers(indices!);
	spread(listOf(handle!, context), value!, undefined, (i) => wanted[i]!, context);
	return [FLOW];
};

export const splitItems: Kernel = ([handle, value, lengths], context) => {
	spread(listOf(handle!, context), value!, integers(lengths!), (i) => i, context);
	return [FLOW];
};

export const concatenateItems: Kernel = ([handle], context) => {
	const list = listOf(handle!, context);
	const items = list.items.map((_item, index) => get(list, index, context));
	const lengths = items.map((item) => item.shape[0] ?? 0);
	const rest =
		items[0]?.shape.slice(1) ??
		(context.attr('element_shape_except0')?.shape ?? []).map((n) => Math.max(0, n));
	const total = lengths.reduce((sum, length) => sum + length, 0);
	const data: TensorData = BigInt64Array.from(lengths, BigInt);
	return [join(items, list.dtype, [total, ...rest]), { dtype: DT_INT64, shape: [items.length], data }];
};
