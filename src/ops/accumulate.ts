/** One element combined with another in any dtype: what running sums, segments and scattered updates share. */
import { DT_INT32, DT_UINT32 } from '../graph/dtype.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { elementCount, isComplex, isSixteenBitFloat, narrow, rounding, widen } from './values.ts';

export type Combination = 'sum' | 'difference' | 'product' | 'largest' | 'smallest';

/** Elements to compute with: sixteen-bit floats widened, complex ones as pairs. */
export interface Cells {
	[i: number]: number;
	readonly length: number;
}

/** A copy of a value's elements to compute with. Big integers are in it as such: `+` and `*` know them. */
export function cellsOf(value: TensorValue): Cells {
	return (isSixteenBitFloat(value.dtype) ? widen(value) : value.data.slice()) as unknown as Cells;
}

/** `elements` zeros to compute with. */
export function emptyCells(dtype: number, elements: number): Cells {
	if (isSixteenBitFloat(dtype)) return new Float32Array(elements);
	return allocate(dtype, elements) as unknown as Cells;
}

/** What was computed, as a value. */
export function finished(cells: Cells, dtype: number, shape: readonly number[]): TensorValue {
	const data = isSixteenBitFloat(dtype)
		? narrow(cells as Float32Array, dtype)
		: (cells as unknown as TensorData);
	return { dtype, shape, data };
}

/** Puts ones where a product begins. */
export function fillOnes(cells: Cells, dtype: number): void {
	const one = cells instanceof BigInt64Array || cells instanceof BigUint64Array ? 1n : 1;
	const step = isComplex(dtype) ? 2 : 1;
	for (let i = 0; i < cells.length; i += step) cells[i] = one as number;
}

/** Combines `count` elements of `source` from `from` on into those of `target` from `to` on. */
export type Combine = (target: Cells, to: number, source: Cells, from: number, count: number) => void;

/** @returns the loop for a dtype; every result is rounded to it. */
export function combiner(combination: Combination, dtype: number): Combine {
	if (isComplex(dtype)) return combination === 'product' ? complexProduct : pairs(plain(combination, dtype));
	return plain(combination, dtype);
}

function plain(combination: Combination, dtype: number): Combine {
	const step = stepOf(combination, dtype);
	const round = isSixteenBitFloat(dtype) ? rounding(dtype) : (value: number) => value;
	return (target, to, source, from, count) => {
		for (let i = 0; i < count; i++) target[to + i] = round(step(target[to + i]!, source[from + i]!));
	};
}

function stepOf(combination: Combination, dtype: number): (a: number, b: number) => number {
	switch (combination) {
		case 'sum':
			return (a, b) => a + b;
		case 'difference':
			return (a, b) => a - b;
		case 'product':
			return dtype === DT_INT32 || dtype === DT_UINT32 ? Math.imul : (a, b) => a * b;
		case 'largest':
			// biome-ignore lint/complexity/useMathMinMax: big integers come here, too.
			return (a, b) => (b > a ? b : a);
		default:
			// biome-ignore lint/complexity/useMathMinMax: big integers come here, too.
			return (a, b) => (b < a ? b : a);
	}
}

const pairs =
	(combine: Combine): Combine =>
	(target, to, source, from, count) =>
		combine(target, 2 * to, source, 2 * from, 2 * count);

const complexProduct: Combine = (target, to, source, from, count) => {
	for (let i = 0; i < count; i++) {
		const [at, by] = [2 * (to + i), 2 * (from + i)];
		const [real, imaginary] = [target[at]!, target[at + 1]!];
		target[at] = real * source[by]! - imaginary * source[by + 1]!;
		target[at + 1] = real * source[by + 1]! + imaginary * source[by]!;
	}
};

/** Elements in one row along the first axis. */
export function rowSize(shape: readonly number[]): number {
	return elementCount(shape.slice(1));
}
