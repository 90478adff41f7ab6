/** Sliding windows, shared by convolutions and pools: sizes, padding and where windows begin. */
import type { OpContext } from './define.ts';
import { misfit } from './shape-algebra.ts';

/** How one spatial axis is walked. */
export interface AxisWindow {
	/** Size of the axis; −1 unknown. */
	readonly input: number;
	/** Elements of the window. */
	readonly size: number;
	readonly stride: number;
	/** Distance of two elements of the window. */
	readonly dilation: number;
}

/** `SAME`, `VALID`, or explicit amounts [before, after] for this axis. */
export type AxisPadding = 'SAME' | 'VALID' | readonly [number, number];

/** The padding of an axis: the attribute `padding`, or the pair in `explicit_paddings`. */
export function axisPadding(context: OpContext, axis: number): AxisPadding {
	const padding = context.attr('padding')?.string;
	if (padding === 'SAME' || padding === 'VALID') return padding;
	const explicit = context.attr('explicit_paddings')?.ints ?? [];
	return [explicit[2 * axis] ?? 0, explicit[2 * axis + 1] ?? 0];
}

/** An entry of a list attribute such as `strides`; 1 where it is missing. */
export function listEntry(context: OpContext, name: string, axis: number): number {
	return context.attr(name)?.ints?.[axis] ?? 1;
}

/** How many windows fit. −1 where the input's size is unknown. @throws where none does. */
export function windowCount(window: AxisWindow, padding: AxisPadding): number {
	const { input, stride } = window;
	if (stride <= 0) throw misfit(`Stride must be > 0, but got ${stride}`);
	if (window.dilation <= 0) throw misfit(`Dilation rate must be >= 1, but got ${window.dilation}`);
	if (input < 0) return -1;
	if (padding === 'SAME') return Math.ceil(input / stride);
	if (window.size < 0) return -1;
	const effective = (window.size - 1) * window.dilation + 1;
	const [before, after] = padding === 'VALID' ? [0, 0] : padding;
	const count = Math.floor((input + before + after - effective + stride) / stride);
	if (count >= 0) return count;
	throw misfit(`Negative dimension size caused by subtracting ${effective} from ${input + before + after}`);
}

/**
 * How many windows fit on some axes of an input; see {@link windowCount}.
 * @param sizes of the window on these axes.
 * @param dilations the list attribute that has them: `dilations`, `rates`.
 */
export function windowCounts(
	context: OpContext,
	axes: readonly number[],
	input: readonly number[],
	sizes: readonly number[],
	dilations: string,
): number[] {
	return axes.map((axis, i) =>
		windowCount(
			{
				input: input[axis]!,
				size: sizes[i]!,
				stride: listEntry(context, 'strides', axis),
				dilation: listEntry(context, dilations, axis),
			},
			axisPadding(context, axis),
		),
	);
}

/** Elements of padding before the first element of the axis. */
export function paddingBefore(window: AxisWindow, padding: AxisPadding, count: number): number {
	if (padding === 'VALID') return 0;
	if (padding !== 'SAME') return padding[0];
	const effective = (window.size - 1) * window.dilation + 1;
	return Math.floor(Math.max(0, (count - 1) * window.stride + effective - window.input) / 2);
}
