/** Values in error messages: TensorFlow's `SummarizeValue` with its limit of 256 elements. */

import type { TensorValue } from '../graph/tensor.ts';
import { elementText } from '../graph/tensor-text.ts';

const MOST = 256;

/** `1 2`, `[1 2][3 4]`. */
export function valueText(value: TensorValue): string {
	let left = MOST;
	let at = 0;
	const { shape } = value;
	const row = (axis: number): string => {
		const size = shape[axis]!;
		if (axis === shape.length - 1) {
			const shown: string[] = [];
			for (let i = 0; i < size && left > 0; i++, left--) shown.push(element(at + i));
			at += size;
			return shown.join(' ') + (shown.length < size ? '...' : '');
		}
		let text = '';
		for (let i = 0; i < size && left > 0; i++) text += `[${row(axis + 1)}]`;
		return text;
	};
	const element = (i: number): string => elementText(value.dtype, value.data, i) ?? '?';
	return shape.length === 0 ? element(0) : row(0);
}
