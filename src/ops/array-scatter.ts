/** Values written at places that indices name: ScatterNd, TensorScatter*, SparseToDense. */
import { DT_BOOL } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { type Combination, cellsOf, combiner, emptyCells, finished } from './accumulate.ts';
import { rowOffsets } from './array-gather.ts';
import type { Kernel, OpDeclaration } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { UNKNOWN } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, isComplex, isStrings } from './values.ts';

const scatterNd: Kernel = ([indices, updates, sizes], context) => {
	const shape = integers(sizes!);
	const { dtype } = updates!;
	if (isStrings(updates!.data)) throw cannotRun(context, 'its dtype is not implemented');
	const inner = elementCount(shape.slice(indices!.shape.at(-1)!));
	const cells = emptyCells(dtype, elementCount(shape));
	const source = cellsOf(updates!);
	// Booleans add up to true.
	const combine = combiner(dtype === DT_BOOL ? 'largest' : 'sum', dtype);
	rowOffsets(indices!, shape).forEach((start, row) => {
		if (start < 0) throw cannotRun(context, `an index is outside of [${shape}]`);
		combine(cells, start, source, row * inner, inner);
	});
	return [finished(cells, dtype, shape)];
};

const scatterInto =
	(combination: Combination): Kernel =>
	([x, indices, updates], context) => {
		const { dtype, shape } = x!;
		if (isStrings(x!.data)) throw cannotRun(context, 'its dtype is not implemented');
		const inner = elementCount(shape.slice(indices!.shape.at(-1)!));
		const cells = cellsOf(x!);
		const source = cellsOf(updates!);
		const combine = combiner(combination, dtype);
		rowOffsets(indices!, shape).forEach((start, row) => {
			if (start < 0) throw cannotRun(context, `an index is outside of [${shape}]`);
			combine(cells, start, source, row * inner, inner);
		});
		return [finished(cells, dtype, shape)];
	};

/** Rows of `updates` in place of those that `starts` names. */
function replaced(
	x: TensorValue,
	updates: TensorValue,
	starts: readonly number[],
	inner: number,
): TensorValue {
	const unit = isComplex(x.dtype) ? 2 : 1;
	const data = x.data.slice();
	const target = data as unknown as { [i: number]: unknown };
	const repeats = updates.shape.length === 0;
	starts.forEach((start, row) => {
		const from = repeats ? 0 : row * inner * unit;
		for (let i = 0; i < inner * unit; i++) target[start * unit + i] = updates.data[from + i];
	});
	return { dtype: x.dtype, shape: x.shape, data };
}

const scatterUpdate: Kernel = ([x, indices, updates], context) => {
	const starts = rowOffsets(indices!, x!.shape);
	if (starts.includes(-1)) throw cannotRun(context, `an index is outside of [${x!.shape}]`);
	return [replaced(x!, updates!, starts, elementCount(x!.shape.slice(indices!.shape.at(-1)!)))];
};

const sparseToDense: Kernel = ([indices, sizes, values, fill], context) => {
	const shape = integers(sizes!);
	const { dtype } = values!;
	const unit = isComplex(dtype) ? 2 : 1;
	const data = allocate(dtype, elementCount(shape));
	const target = data as unknown as { [i: number]: unknown };
	for (let i = 0; i < data.length; i++) target[i] = fill!.data[i % unit];
	const rank = indices!.shape.length;
	const rows = rank === 2 ? indices! : { ...indices!, shape: [...indices!.shape, 1] };
	const starts = rowOffsets(rows, shape);
	if (starts.includes(-1)) throw cannotRun(context, `an index is outside of [${shape}]`);
	return [replaced({ dtype, shape, data }, values!, starts, 1)];
};

export const arrayScatterOps: readonly OpDeclaration[] = [
	{ names: ['ScatterNd'], shape: ({ sizes }) => [sizes(2) ?? UNKNOWN], kernel: scatterNd },
	{ names: ['TensorScatterUpdate'], shape: unchangedShape, kernel: scatterUpdate },
	{ names: ['TensorScatterAdd'], shape: unchangedShape, kernel: scatterInto('sum') },
	{ names: ['TensorScatterSub'], shape: unchangedShape, kernel: scatterInto('difference') },
	{ names: ['TensorScatterMax'], shape: unchangedShape, kernel: scatterInto('largest') },
	{ names: ['TensorScatterMin'], shape: unchangedShape, kernel: scatterInto('smallest') },
	{ names: ['SparseToDense'], shape: ({ sizes }) => [sizes(1) ?? UNKNOWN], kernel: sparseToDense },
];
