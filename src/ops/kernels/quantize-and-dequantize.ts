import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel } from '../define.ts';
import { roundHalfEven } from '../elementwise-unary.ts';
import { cannotRun, isSixteenBitFloat, narrow, scalar } from '../values.ts';
import { floatsOf } from './normalization.ts';

const { fround } = Math;

/** Values rounded to the codes of a range and back. */
export const quantizeAndDequantize: Kernel = (inputs, context) => {
	const [x, min, max, bitsInput] = inputs as [TensorValue, TensorValue, TensorValue, TensorValue?];
	const bits = bitsInput ? scalar(bitsInput) : (context.attr('num_bits')?.int ?? 8);
	const signed = context.attr('signed_input')?.bool ?? true;
	if ((context.attr('axis')?.int ?? -1) >= 0)
		throw cannotRun(context, 'ranges along an axis are not implemented');
	const values = floatsOf(x, context);
	let [low, high] = [scalar(min), scalar(max)];
	const given = context.attr('range_given')?.bool ?? false;
	if (!given) {
		[low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (const value of values) {
			low = Math.min(low, value);
			high = Math.max(high, value);
		}
		if (values.length === 0) [low, high] = [0, 0];
	}
	const least = signed ? -(2 ** (bits - 1)) + (context.attr('narrow_range')?.bool ? 1 : 0) : 0;
	const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
	const huge = 3.4028234663852886e38;
	const fromLow = least * low > 0 ? fround(least / low) : huge;
	const fromHigh = most * high > 0 ? fround(most / high) : huge;
	const scale = Math.min(fromLow, fromHigh);
	const inverse = fromLow < fromHigh ? fround(low / least) : fround(high / most);
	const [bottom, top] = fromLow < fromHigh ? [low, fround(most * inverse)] : [fround(least * inverse), high];
	const round =
		context.attr('round_mode')?.string === 'HALF_UP' ? (v: number) => Math.floor(v + 0.5) : roundHalfEven;
	const data = Float32Array.from(values, (value) => {
		// A range that was measured holds every value: TensorFlow does not clamp then.
		const clamped = given ? Math.max(bottom, Math.min(value, top)) : value;
		return fround(round(fround(clamped * scale)) * inverse);
	});
	return [
		{ dtype: x.dtype, shape: x.shape, data: isSixteenBitFloat(x.dtype) ? narrow(data, x.dtype) : data },
	];
};
