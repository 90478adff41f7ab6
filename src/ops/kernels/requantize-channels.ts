/** From 32 bits to 8 where each channel, the last axis, has a range of its own. */
import { DT_FLOAT, DT_QINT8, DT_QUINT8 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { roundHalfEven } from '../elementwise-unary.ts';
import { cannotRun, type Numbers, scalar } from '../values.ts';
import { codeArray } from './quantize.ts';

const { fround } = Math;

/** What the greatest code of 32 bits stands for in each channel. */
function channelRanges(inputs: readonly TensorValue[], context: KernelContext): Float32Array {
	const [x, min, max] = inputs as [TensorValue, TensorValue, TensorValue];
	if (x.shape.length !== 4) throw cannotRun(context, `its input must have four axes, not ${x.shape.length}`);
	const [lows, highs] = [min.data as Numbers, max.data as Numbers];
	if (lows.length !== x.shape[3] || highs.length !== lows.length)
		throw cannotRun(
			context,
			`${x.shape[3]} channels have ${lows.length} least and ${highs.length} greatest values`,
		);
	return Float32Array.from(lows, (low, i) => Math.max(Math.abs(low), Math.abs(highs[i]!)));
}

/** The range that the values really take; from zero on where none is negative. */
export const requantizationRangePerChannel: Kernel = (inputs, context) => {
	const ranges = channelRanges(inputs, context);
	const source = inputs[0]!.data as Numbers;
	const largest = new Float64Array(ranges.length);
	let negative = false;
	for (let i = 0; i < source.length; i++) {
		const channel = i % ranges.length;
		largest[channel] = Math.max(largest[channel]!, Math.abs(source[i]!));
		if (source[i]! < 0) negative = true;
	}
	const widest = ranges.reduce(
		(most, range, i) => Math.max(most, fround(fround(range * largest[i]!) / 2 ** 31)),
		0,
	);
	const high = Math.min(widest, context.attr('clip_value_max')?.float ?? Number.POSITIVE_INFINITY);
	return [float(negative ? -high : 0), float(high)];
};

/** Zero stays code 0, also of unsigned codes: what is negative is lost in them. */
export const requantizePerChannel: Kernel = (inputs, context) => {
	const ranges = channelRanges(inputs, context);
	const x = inputs[0]!;
	const [low, high] = [scalar(inputs[3]!), scalar(inputs[4]!)];
	const dtype = context.outputDtypes[0] ?? DT_QUINT8;
	const [least, most] = dtype === DT_QINT8 ? [-128, 127] : [0, 255];
	const wanted = Math.max(Math.abs(low), Math.abs(high));
	const scales = ranges.map((range) => fround(most * fround(fround(range / wanted) / 2 ** 31)));
	const source = x.data as Numbers;
	const data = codeArray(dtype, source.length);
	for (let i = 0; i < source.length; i++) {
		const code = roundHalfEven(fround(source[i]! * scales[i % scales.length]!));
		data[i] = Math.max(least, Math.min(code, most));
	}
	return [{ dtype, shape: x.shape, data }, float(low), float(high)];
};

function float(value: number): TensorValue {
	return { dtype: DT_FLOAT, shape: [], data: Float32Array.of(value) };
}
