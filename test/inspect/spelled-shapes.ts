/** Shapes as the recordings of TensorFlow's inference spell them. */
import type { Shape } from '../../src/ops/define.ts';

/** Sizes joined by commas, `?` for an unknown one, empty for a scalar, `-` for an unknown rank. */
export function spell(shape: Shape | undefined): string {
	if (shape === undefined) return 'none';
	return shape === null ? '-' : shape.map((size) => (size < 0 ? '?' : size)).join(',');
}

/** Whether all that the one says, the other says too. */
export function knowsLess(got: string, want: string): boolean {
	if (got === '-') return true;
	const [sizes, others] = [got.split(','), want.split(',')];
	return sizes.length === others.length && sizes.every((size, i) => size === '?' || size === others[i]);
}
