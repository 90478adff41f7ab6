/** Boxes inside tensors: put together from slices, or cut out. */
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { TensorSlice } from './ordered-code.ts';

export function elementsIn(shape: readonly number[]): number {
	return shape.reduce((product, size) => product * size, 1);
}

/**
 * Part of a tensor. @param slice −1 as a length takes the whole dimension.
 * @throws WhittleError `file` where it goes beyond the tensor.
 */
export function takeSlice(key: string, whole: TensorValue, slice: TensorSlice): TensorValue {
	const lengths = whole.shape.map((size, i) => ((slice.length[i] ?? -1) < 0 ? size : slice.length[i]!));
	const inside = lengths.every((length, i) => (slice.start[i] ?? 0) + length <= whole.shape[i]!);
	if (!inside || slice.start.length > whole.shape.length) {
		throw new WhittleError(
			'file',
			`\`${key}\` has the shape [${whole.shape.join(',')}]; the slice asked for goes beyond it.`,
		);
	}
	const data = allocate(whole.dtype, elementsIn(lengths));
	forEachRow(whole.shape, lengths, slice.start, (from, to, length) =>
		copyRow(data, to, whole.data, from, length),
	);
	return { dtype: whole.dtype, shape: lengths, data };
}

/** Puts a slice of a tensor in its place among the values of the whole. */
export function placeSlice(
	target: TensorValue['data'],
	shape: readonly number[],
	part: TensorValue,
	slice: TensorSlice,
): void {
	const lengths = shape.map((size, i) => ((slice.length[i] ?? -1) < 0 ? size : slice.length[i]!));
	forEachRow(shape, lengths, slice.start, (whole, inPart, length) =>
		copyRow(target, whole, part.data, inPart, length),
	);
}

/** Rows of the last dimension of a box inside a tensor: offset in the whole, offset in the box, elements. */
function forEachRow(
	shape: readonly number[],
	lengths: readonly number[],
	start: readonly number[],
	visit: (whole: number, box: number, length: number) => void,
): void {
	const row = lengths.at(-1) ?? 1;
	const rows = lengths.slice(0, -1).reduce((product, size) => product * size, 1);
	for (let i = 0; i < rows; i++) {
		let offset = 0;
		let rest = i;
		let stride = shape.at(-1) ?? 1;
		for (let d = shape.length - 2; d >= 0; d--) {
			offset += ((rest % lengths[d]!) + (start[d] ?? 0)) * stride;
			rest = Math.floor(rest / lengths[d]!);
			stride *= shape[d]!;
		}
		visit(offset + (shape.length > 0 ? (start[shape.length - 1] ?? 0) : 0), i * row, row);
	}
}

function copyRow(
	target: TensorValue['data'],
	to: number,
	source: TensorValue['data'],
	from: number,
	length: number,
): void {
	const values = target as { [i: number]: unknown };
	for (let i = 0; i < length; i++) values[to + i] = source[from + i];
}
