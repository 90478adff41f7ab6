/** Where numbers fall: counts of integers, buckets between bounds, places in sorted rows. */
import { DT_INT32 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import {
	cannotRun,
	integers,
	integerTensor,
	isBigInts,
	isNumbers,
	isStrings,
	noDtype,
	scalar,
} from './values.ts';

/** Counts below `size` in every row, each time by its weight where there are any. */
function counted(
	values: TensorValue,
	size: number,
	weights: TensorValue,
	dtype: number,
	rows: number,
	once: boolean,
): TensorValue {
	const items = integers(values);
	const data = allocate(dtype, rows * size) as unknown as { [i: number]: number | bigint };
	const wide = isBigInts(data as unknown as BigInt64Array);
	const row = items.length / rows;
	for (const [i, item] of items.entries()) {
		if (item < 0) throw new RangeError('Input arr must be non-negative!');
		if (item >= size) continue;
		const at = Math.floor(i / row) * size + item;
		const weight = weights.data.length > 0 && !once ? (weights.data[i] as number | bigint) : wide ? 1n : 1;
		data[at] = once ? weight : (data[at] as number) + (weight as number);
	}
	const shape = values.shape.length === 2 ? [rows, size] : [size];
	return { dtype, shape, data: data as unknown as Int32Array };
}

const bincount: Kernel = ([values, size, weights], context) => [
	counted(
		{ ...values!, shape: [values!.data.length] },
		scalar(size!),
		weights!,
		context.outputDtypes[0]!,
		1,
		false,
	),
];

const denseBincount: Kernel = ([values, size, weights], context) => {
	const rank = values!.shape.length;
	if (rank > 2) throw cannotRun(context, `its input [${values!.shape}] has more than two axes`);
	const once = context.attr('binary_output')?.bool ?? false;
	const rows = rank === 2 ? values!.shape[0]! : 1;
	return [counted(values!, scalar(size!), weights!, context.outputDtypes[0]!, rows, once)];
};

/** How many of the sorted bounds an item is not below, or, with `strictly`, above. */
function placeOf(item: number | bigint, bounds: ArrayLike<number | bigint>, strictly: boolean): number {
	let [low, high] = [0, bounds.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (strictly ? bounds[middle]! < item : bounds[middle]! <= item) low = middle + 1;
		else high = middle;
	}
	return low;
}

const bucketize: Kernel = ([x], context) => {
	const bounds = (context.attr('boundaries')?.value.list?.f ?? []).map(Math.fround);
	if (isStrings(x!.data)) throw noDtype(context, x!.dtype);
	const data = Int32Array.from(x!.data as ArrayLike<number>, (item) => placeOf(Number(item), bounds, false));
	return [{ dtype: DT_INT32, shape: x!.shape, data }];
};

/** LowerBound and UpperBound: where in its sorted row each value would be put. */
function bound(strictly: boolean): Kernel {
	return ([sorted, values], context) => {
		if (isStrings(sorted!.data) || isStrings(values!.data)) throw noDtype(context, sorted!.dtype);
		const [rows, size] = sorted!.shape as [number, number];
		const each = values!.shape[1]!;
		const places = Array.from(values!.data as ArrayLike<number>, (item, i) => {
			const from = Math.floor(i / each) * size;
			return placeOf(item, sorted!.data.slice(from, from + size) as unknown as number[], strictly);
		});
		if (rows !== values!.shape[0]) throw cannotRun(context, 'its operands have different numbers of rows');
		return [integerTensor(context.outputDtypes[0]!, values!.shape, places)];
	};
}

/** Counts of equal steps of a range; what lies outside counts in the first or the last. */
const histogram: Kernel = ([values, range, count], context) => {
	if (!isNumbers(values!.data)) throw noDtype(context, values!.dtype);
	const [low, high] = Array.from(range!.data as Float32Array) as [number, number];
	const bins = scalar(count!);
	if (!(low < high) || bins <= 0) throw cannotRun(context, 'its range or its number of bins is empty');
	const step = (high - low) / bins;
	const found = new Array<number>(bins).fill(0);
	for (const value of values!.data) {
		const bin = Math.floor((value - low) / step);
		found[Math.min(Math.max(bin, 0), bins - 1)]! += 1;
	}
	return [integerTensor(context.outputDtypes[0]!, [bins], found)];
};

export const countingOps: readonly OpDeclaration[] = [
	{ names: ['Bincount'], kernel: bincount, shape: ({ value }) => [[sizeIn(value(1))]] },
	{
		names: ['DenseBincount'],
		kernel: denseBincount,
		shape: ({ inputs, value }) => {
			const [input = null] = inputs;
			const size = value(1);
			if (input === null || !size) return [input?.map(() => -1) ?? null];
			return [[...input.slice(0, input.length === 2 ? 1 : 0), sizeIn(size)]];
		},
	},
	{ names: ['Bucketize'], dtypes: 'numbers', kernel: bucketize, shape: unchangedShape },
	{
		names: ['LowerBound'],
		dtypes: 'numbers',
		kernel: bound(true),
		shape: ({ inputs }) => [inputs[1] ?? null],
	},
	{
		names: ['UpperBound'],
		dtypes: 'numbers',
		kernel: bound(false),
		shape: ({ inputs }) => [inputs[1] ?? null],
	},
	{ names: ['HistogramFixedWidth'], kernel: histogram, shape: ({ value }) => [[sizeIn(value(2))]] },
];

function sizeIn(value: TensorValue | undefined): number {
	return value ? scalar(value) : -1;
}
