/** Values rounded to the grid of a quantized type, and still floats. */
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun } from '../values.ts';
import { floatsOf, likeInput } from './normalization.ts';

const { fround, floor } = Math;

/** The grid: nudged so that zero lies on it. */
interface Grid {
	readonly low: number;
	readonly high: number;
	readonly scale: number;
}

function nudge(min: number, max: number, context: KernelContext): Grid | undefined {
	if (min === 0 && max === 0) return undefined;
	const bits = context.attr('num_bits')?.int ?? 8;
	if (bits < 2 || bits > 16) throw cannotRun(context, `num_bits is ${bits}; it must be between 2 and 16`);
	const lowest = context.attr('narrow_range')?.bool ? 1 : 0;
	const highest = 2 ** bits - 1;
	const scale = fround(fround(max - min) / fround(highest - lowest));
	const zero = fround(lowest - fround(min / scale));
	const nudged = zero < lowest ? lowest : zero > highest ? highest : floor(fround(zero + 0.5));
	return { low: fround((lowest - nudged) * scale), high: fround((highest - nudged) * scale), scale };
}

function rounded(value: number, { low, high, scale }: Grid): number {
	const inverse = fround(1 / scale);
	const zero = floor(fround(fround(-low * inverse) + 0.5));
	const clamped = Math.max(low, Math.min(value, high));
	const steps = fround(fround(fround(fround(clamped - low) * inverse) - zero) + 0.5);
	return floor(steps) * scale;
}

function apply(x: TensorValue, grids: readonly (Grid | undefined)[], context: KernelContext): TensorValue {
	const values = floatsOf(x, context);
	const result = new Float32Array(values.length);
	for (let i = 0; i < values.length; i++) {
		const grid = grids[i % grids.length];
		if (grid) result[i] = rounded(values[i]!, grid);
	}
	return likeInput(x, result);
}

export const fakeQuantArgs: Kernel = ([x], context) => {
	const grid = nudge(context.attr('min')?.float ?? -6, context.attr('max')?.float ?? 6, context);
	return [apply(x!, [grid], context)];
};

/** One range, or one for each channel of the last axis. */
export const fakeQuantVars: Kernel = ([x, min, max], context) => {
	const lows = floatsOf(min!, context);
	const highs = floatsOf(max!, context);
	return [
		apply(
			x!,
			Array.from(lows, (low, i) => nudge(low, highs[i]!, context)),
			context,
		),
	];
};
