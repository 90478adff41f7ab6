/** Kernels that resize images [batch, height, width, channels]. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import {
	cannotRun,
	integers,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	noDtype,
	pick,
	widen,
} from '../values.ts';

const { fround, floor, ceil, min, max } = Math;

/** Where the places of an output axis lie on the input axis. */
interface Scale {
	readonly input: number;
	readonly output: number;
	/** Input places for one output place, as a float32. */
	readonly factor: number;
	readonly halfPixel: boolean;
}

function scaleOf(input: number, output: number, alignCorners: boolean, halfPixel: boolean): Scale {
	const factor = alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
	return { input, output, factor: fround(factor), halfPixel };
}

function place({ factor, halfPixel }: Scale, at: number): number {
	if (!halfPixel) return fround(at * factor);
	return fround(fround(fround(at + 0.5) * factor) - 0.5);
}

/** The neighbours that an output place lies between. */
interface Between {
	readonly lower: Int32Array;
	readonly upper: Int32Array;
	/** How far towards the upper one, 0 to 1. */
	readonly part: Float32Array;
}

function interpolation(scale: Scale): Between {
	const lower = new Int32Array(scale.output);
	const upper = new Int32Array(scale.output);
	const part = new Float32Array(scale.output);
	for (let i = 0; i < scale.output; i++) {
		const at = place(scale, i);
		lower[i] = max(floor(at), 0);
		upper[i] = min(ceil(at), scale.input - 1);
		part[i] = at - floor(at);
	}
	return { lower, upper, part };
}

/** Size of the result from the second input, and the flags of the node. */
function target(image: TensorValue, size: TensorValue, context: KernelContext): readonly [Scale, Scale] {
	if (image.shape.length !== 4) throw cannotRun(context, `its input [${image.shape}] must have rank 4`);
	const [height, width] = integers(size) as [number, number];
	if (!(height > 0 && width > 0)) throw cannotRun(context, `it cannot resize to ${height} × ${width}`);
	const align = context.attr('align_corners')?.bool ?? false;
	const half = context.attr('half_pixel_centers')?.bool ?? false;
	return [scaleOf(image.shape[1]!, height, align, half), scaleOf(image.shape[2]!, width, align, half)];
}

export function numbersOf(x: TensorValue, context: KernelContext): Numbers {
	if (isSixteenBitFloat(x.dtype)) return widen(x);
	if (isNumbers(x.data)) return x.data;
	throw noDtype(context, x.dtype);
}

/** Bilinear, of values as float32. */
export function bilinear(
	values: Numbers,
	shape: readonly number[],
	rows: Between,
	columns: Between,
): Float32Array {
	const [batch, height, width, channels] = shape as [number, number, number, number];
	const result = new Float32Array(batch * rows.part.length * columns.part.length * channels);
	let to = 0;
	for (let image = 0; image < batch; image++) {
		for (let y = 0; y < rows.part.length; y++) {
			const top = (image * height + rows.lower[y]!) * width;
			const bottom = (image * height + rows.upper[y]!) * width;
			const down = rows.part[y]!;
			for (let x = 0; x < columns.part.length; x++) {
				const left = columns.lower[x]! * channels;
				const right = columns.upper[x]! * channels;
				const across = columns.part[x]!;
				for (let c = 0; c < channels; c++, to++) {
					const a = values[top * channels + left + c]!;
					const b = values[top * channels + right + c]!;
					const d = values[bottom * channels + left + c]!;
					const e = values[bottom * channels + right + c]!;
					const above = fround(a + fround(fround(b - a) * across));
					const below = fround(d + fround(fround(e - d) * across));
					result[to] = above + fround(fround(below - above) * down);
				}
			}
		}
	}
	return result;
}

export const resizeBilinear: Kernel = ([image, size], context) => {
	const [rows, columns] = target(image!, size!, context);
	const values = numbersOf(image!, context);
	const data = bilinear(values, image!.shape, interpolation(rows), interpolation(columns));
	return [
		{ dtype: DT_FLOAT, shape: [image!.shape[0]!, rows.output, columns.output, image!.shape[3]!], data },
	];
};

export const resizeNearest: Kernel = ([image, size], context) => {
	const [rows, columns] = target(image!, size!, context);
	const align = context.attr('align_corners')?.bool ?? false;
	const nearest = (scale: Scale): number[] =>
		Array.from({ length: scale.output }, (_, i) => {
			const at = fround((scale.halfPixel ? fround(i + 0.5) : i) * scale.factor);
			return max(0, min(align ? floor(at + 0.5) : floor(at), scale.input - 1));
		});
	const [batch, height, width, channels] = image!.shape as [number, number, number, number];
	const [down, across] = [nearest(rows), nearest(columns)];
	const indices = new Int32Array(batch * rows.output * columns.output * channels);
	let to = 0;
	for (let b = 0; b < batch; b++)
		for (const y of down)
			for (const x of across)
				for (let c = 0; c < channels; c++) indices[to++] = ((b * height + y) * width + x) * channels + c;
	const shape = [batch, rows.output, columns.output, channels];
	return [{ dtype: image!.dtype, shape, data: pick(image!, indices) }];
};

/** Input places and weights of one output place. */
type Weights = readonly (readonly [place: number, weight: number])[];

/** Weighted sums along both axes. */
function weighted(
	image: TensorValue,
	rows: readonly Weights[],
	columns: readonly Weights[],
	context: KernelContext,
): TensorValue {
	const [batch, height, width, channels] = image.shape as [number, number, number, number];
	const values = numbersOf(image, context);
	const data = new Float32Array(batch * rows.length * columns.length * channels);
	let to = 0;
	for (let b = 0; b < batch; b++)
		for (const row of rows)
			for (const column of columns)
				for (let c = 0; c < channels; c++) {
					let sum = 0;
					for (const [y, down] of row) {
						let line = 0;
						for (const [x, across] of column)
							line += values[((b * height + y) * width + x) * channels + c]! * across;
						sum += line * down;
					}
					data[to++] = sum;
				}
	return { dtype: DT_FLOAT, shape: [batch, rows.length, columns.length, channels], data };
}

const TABLE = 1024;

/** The cubic kernel, tabulated as TensorFlow does. */
function cubic(a: number): (offset: number) => readonly [near: number, far: number] {
	return (offset) => {
		const x = offset / TABLE;
		const y = x + 1;
		return [((a + 2) * x - (a + 3)) * x * x + 1, ((a * y - 5 * a) * y + 8 * a) * y - 4 * a];
	};
}

function cubicWeights(scale: Scale): Weights[] {
	const kernel = cubic(scale.halfPixel ? -0.5 : -0.75);
	return Array.from({ length: scale.output }, (_, i) => {
		const at = place(scale, i);
		const base = floor(at);
		const offset = Math.round(fround(at - base) * TABLE);
		const [near, far] = kernel(offset);
		const [otherNear, otherFar] = kernel(TABLE - offset);
		const taps = [far, near, otherNear, otherFar].map((weight, tap): [number, number] => {
			const wanted = base - 1 + tap;
			const bounded = max(0, min(wanted, scale.input - 1));
			return [bounded, scale.halfPixel && bounded !== wanted ? 0 : weight];
		});
		if (!scale.halfPixel) return taps;
		const sum = taps.reduce((total, [, weight]) => total + weight, 0);
		return taps.map(([index, weight]): [number, number] => [index, weight / sum]);
	});
}

export const resizeBicubic: Kernel = ([image, size], context) => {
	const [rows, columns] = target(image!, size!, context);
	return [weighted(image!, cubicWeights(rows), cubicWeights(columns), context)];
};

function areaWeights(scale: Scale): Weights[] {
	return Array.from({ length: scale.output }, (_, i) => {
		const from = fround(i * scale.factor);
		const to = fround((i + 1) * scale.factor);
		const taps: [number, number][] = [];
		for (let at = floor(from); at < ceil(to); at++) {
			const covered = min(at + 1, to) - max(at, from);
			taps.push([max(0, min(at, scale.input - 1)), covered / scale.factor]);
		}
		return taps;
	});
}

export const resizeArea: Kernel = ([image, size], context) => {
	const [rows, columns] = target(image!, size!, context);
	return [weighted(image!, areaWeights(rows), areaWeights(columns), context)];
};
