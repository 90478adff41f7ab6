/** How far two values of one tensor are apart. */

import type { TensorValue } from '../graph/tensor.ts';
import { isSixteenBitFloat, widen } from '../ops/values.ts';

export interface ValueDifference {
	/** Largest |a − b|; infinite where one is not a number and the other is, or where shapes differ. */
	readonly maxAbs: number;
	/** Largest |a − b| / max(|a|, |b|). */
	readonly maxRel: number;
	/** L2 norm of a − b over that of a. */
	readonly relL2: number;
	/** Part of the rows (last axis) whose largest element stands at the same place; null for fewer than two columns. */
	readonly argmaxAgree: number | null;
	/** Elements that are NaN in the second value and not in the first. */
	readonly newNaN: number;
	readonly sameShape: boolean;
}

const FAR: Omit<ValueDifference, 'sameShape'> = {
	maxAbs: Number.POSITIVE_INFINITY,
	maxRel: Number.POSITIVE_INFINITY,
	relL2: Number.POSITIVE_INFINITY,
	argmaxAgree: null,
	newNaN: 0,
};

/** @param a the value that counts as right. */
export function compareValues(a: TensorValue, b: TensorValue): ValueDifference {
	const sameShape = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
	if (!sameShape) return { ...FAR, sameShape };
	const [left, right] = [comparable(a), comparable(b)];
	if (left.length !== right.length) return { ...FAR, sameShape };
	let [maxAbs, maxRel, squares, norm, newNaN] = [0, 0, 0, 0, 0];
	for (let i = 0; i < left.length; i++) {
		const [x, y] = [left[i]!, right[i]!];
		if (x === y || (Number.isNaN(x) && Number.isNaN(y))) {
			if (Number.isFinite(x)) norm += x * x;
			continue;
		}
		if (Number.isNaN(y)) newNaN++;
		const apart = Number.isNaN(x - y) ? Number.POSITIVE_INFINITY : Math.abs(x - y);
		maxAbs = Math.max(maxAbs, apart);
		maxRel = Math.max(
			maxRel,
			apart === Number.POSITIVE_INFINITY ? apart : apart / Math.max(Math.abs(x), Math.abs(y)),
		);
		squares += apart * apart;
		norm += x * x;
	}
	const relL2 = squares === 0 ? 0 : norm > 0 ? Math.sqrt(squares / norm) : Number.POSITIVE_INFINITY;
	return {
		maxAbs,
		maxRel,
		relL2,
		argmaxAgree: agreement(left, right, a.shape.at(-1) ?? 1),
		newNaN,
		sameShape,
	};
}

/** Numbers; strings by their content. */
function comparable(value: TensorValue): ArrayLike<number> {
	if (isSixteenBitFloat(value.dtype)) return widen(value);
	if (value.data instanceof BigInt64Array || value.data instanceof BigUint64Array)
		return Array.from(value.data, Number);
	if (ArrayBuffer.isView(value.data)) return value.data as unknown as ArrayLike<number>;
	return value.data.flatMap((text) => [text.length, ...text]);
}

function agreement(a: ArrayLike<number>, b: ArrayLike<number>, columns: number): number | null {
	if (columns < 2 || a.length === 0) return null;
	const rows = a.length / columns;
	let same = 0;
	for (let row = 0; row < rows; row++)
		if (largest(a, row * columns, columns) === largest(b, row * columns, columns)) same++;
	return same / rows;
}

function largest(values: ArrayLike<number>, from: number, count: number): number {
	let best = from;
	for (let i = from + 1; i < from + count; i++) if (values[i]! > values[best]!) best = i;
	return best - from;
}

/** Whether a difference stays within a tolerance on the relative L2 norm. New NaN and other shapes never do. */
export function within(difference: ValueDifference, tolerance: number): boolean {
	if (!difference.sameShape || difference.newNaN > 0) return false;
	if (tolerance === 0) return difference.maxAbs === 0;
	return difference.relL2 <= tolerance || difference.maxAbs <= tolerance * 1e-3;
}
