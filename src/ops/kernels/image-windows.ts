/** Windows of images that are no convolution: patches taken out, and the largest sum with a filter. */
import { DT_DOUBLE, DT_FLOAT } from '../../graph/dtype.ts';
import { pickOr } from '../array-move.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { noDtype } from '../values.ts';
import { geometryOf, outputPixels, tapPlaces } from './window-geometry.ts';

/** These ops say `rates` where convolutions say `dilations`. */
function withRates(context: KernelContext): KernelContext {
	return { ...context, attr: (name) => context.attr(name === 'dilations' ? 'rates' : name) };
}

/** Each window's elements in a row, zeros outside the image. */
export const extractImagePatches: Kernel = ([x], context) => {
	const window = context.attr('ksizes')?.ints?.slice(1, 3) ?? [1, 1];
	const geometry = geometryOf(withRates(context), x!.shape, window);
	const [, height, width] = geometry.axes;
	const { batch, channels } = geometry;
	const [high, wide] = [tapPlaces(height), tapPlaces(width)];
	const row = height.size * width.size * channels;
	const offsets = new Int32Array(outputPixels(geometry) * row);
	let at = 0;
	for (let image = 0; image < batch; image++)
		for (let y = 0; y < height.output; y++)
			for (let u = 0; u < width.output; u++)
				for (let i = y * height.size; i < (y + 1) * height.size; i++)
					for (let j = u * width.size; j < (u + 1) * width.size; j++) {
						const inside = high[i]! >= 0 && wide[j]! >= 0;
						const from = ((image * height.input + high[i]!) * width.input + wide[j]!) * channels;
						for (let c = 0; c < channels; c++) offsets[at++] = inside ? from + c : -1;
					}
	const shape = [batch, height.output, width.output, row];
	return [{ dtype: x!.dtype, shape, data: pickOr(x!, offsets) }];
};

/** The largest of image plus filter in every window; filter [height, width, channels]. */
export const dilation2d: Kernel = ([x, filter], context) => {
	const { dtype } = x!;
	if (dtype !== DT_FLOAT && dtype !== DT_DOUBLE) throw noDtype(context, dtype);
	const geometry = geometryOf(withRates(context), x!.shape, filter!.shape);
	const [, height, width] = geometry.axes;
	const { batch, channels } = geometry;
	const [high, wide] = [tapPlaces(height), tapPlaces(width)];
	const source = x!.data as Float64Array;
	const weights = filter!.data as Float64Array;
	const count = outputPixels(geometry) * channels;
	const data = dtype === DT_FLOAT ? new Float32Array(count) : new Float64Array(count);
	data.fill(Number.NEGATIVE_INFINITY);
	let to = 0;
	for (let image = 0; image < batch; image++)
		for (let y = 0; y < height.output; y++)
			for (let u = 0; u < width.output; u++, to += channels)
				for (let i = 0; i < height.size; i++)
					for (let j = 0; j < width.size; j++) {
						const row = high[y * height.size + i]!;
						const column = wide[u * width.size + j]!;
						if (row < 0 || column < 0) continue;
						const from = ((image * height.input + row) * width.input + column) * channels;
						const tap = (i * width.size + j) * channels;
						for (let c = 0; c < channels; c++)
							data[to + c] = Math.max(data[to + c]!, source[from + c]! + weights[tap + c]!);
					}
	return [{ dtype, shape: [batch, height.output, width.output, channels], data }];
};
