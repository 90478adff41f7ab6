/** Colours: red, green and blue as hue, saturation and value, and what images are adjusted by. */
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, scalar } from '../values.ts';
import { floatsOf, likeInput } from './normalization.ts';

const { abs, floor, max, min } = Math;

type Colour = readonly [number, number, number];

function toHsv(red: number, green: number, blue: number): Colour {
	const value = max(red, green, blue);
	const range = value - min(red, green, blue);
	if (!(range > 0)) return [0, 0, value];
	const sector =
		red === value
			? (green - blue) / range
			: green === value
				? (blue - red) / range + 2
				: (red - green) / range + 4;
	return [sector < 0 ? sector / 6 + 1 : sector / 6, value > 0 ? range / value : 0, value];
}

function fromHsv(hue: number, saturation: number, value: number): Colour {
	const sector = hue * 6;
	const ramp = (x: number): number => value * (1 - saturation + saturation * min(max(x, 0), 1));
	return [ramp(abs(sector - 3) - 1), ramp(2 - abs(sector - 2)), ramp(2 - abs(sector - 4))];
}

/** A function of every pixel. */
function eachPixel(
	x: TensorValue,
	context: KernelContext,
	f: (a: number, b: number, c: number) => Colour,
): TensorValue {
	if (x.shape.at(-1) !== 3) throw cannotRun(context, `[${x.shape}] does not end in three channels`);
	const values = floatsOf(x, context);
	const result = new (values.constructor as Float32ArrayConstructor)(values.length);
	for (let i = 0; i < values.length; i += 3) result.set(f(values[i]!, values[i + 1]!, values[i + 2]!), i);
	return likeInput(x, result);
}

export const rgbToHsv: Kernel = ([x], context) => [eachPixel(x!, context, toHsv)];
export const hsvToRgb: Kernel = ([x], context) => [eachPixel(x!, context, fromHsv)];

/** Hues turned by a part of the circle. */
export const adjustHue: Kernel = ([x, delta], context) => {
	const turn = scalar(delta!);
	return [
		eachPixel(x!, context, (red, green, blue) => {
			const [hue, saturation, value] = toHsv(red, green, blue);
			const turned = hue + turn;
			return fromHsv(turned - floor(turned), saturation, value);
		}),
	];
};

/** Saturations by a factor, at most full. */
export const adjustSaturation: Kernel = ([x, scale], context) => {
	const factor = scalar(scale!);
	return [
		eachPixel(x!, context, (red, green, blue) => {
			const [hue, saturation, value] = toHsv(red, green, blue);
			return fromHsv(hue, min(max(saturation * factor, 0), 1), value);
		}),
	];
};

/** The distance of every channel from its mean over the image, by a factor. */
export const adjustContrast: Kernel = ([x, factor], context) => {
	if (x!.shape.length < 3) throw cannotRun(context, `[${x!.shape}] is no image`);
	const values = floatsOf(x!, context);
	const [height, width, channels] = x!.shape.slice(-3) as [number, number, number];
	const pixels = height * width;
	const scale = scalar(factor!);
	const result = new (values.constructor as Float32ArrayConstructor)(values.length);
	for (let image = 0; image < values.length; image += pixels * channels)
		for (let channel = image; channel < image + channels; channel++) {
			let sum = 0;
			for (let i = 0, at = channel; i < pixels; i++, at += channels) sum += values[at]!;
			const mean = sum / pixels;
			for (let i = 0, at = channel; i < pixels; i++, at += channels)
				result[at] = (values[at]! - mean) * scale + mean;
		}
	return [likeInput(x!, result)];
};
