/** Resizing by a filter that slides over the input: ScaleAndTranslate. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { Kernel } from '../define.ts';
import { cannotRun, integers, isBigInts, isNumbers, isSixteenBitFloat, noDtype } from '../values.ts';

const { abs, ceil, exp, floor, max, min, PI, sin } = Math;

interface Filter {
	/** How far from its middle the filter reaches. */
	readonly radius: number;
	/** The weight at a distance of at least 0. */
	weight(distance: number): number;
}

const lanczos = (radius: number): Filter => ({
	radius,
	weight: (x) => {
		if (x > radius) return 0;
		return x <= 1e-3 ? 1 : (radius * sin(PI * x) * sin((PI * x) / radius)) / (PI * x) ** 2;
	},
});

const FILTERS: Readonly<Record<string, Filter>> = {
	lanczos1: lanczos(1),
	lanczos3: lanczos(3),
	lanczos5: lanczos(5),
	gaussian: { radius: 1.5, weight: (x) => (x >= 1.5 ? 0 : exp(-2 * x * x)) },
	box: { radius: 1, weight: (x) => (x < 0.5 ? 1 : x === 0.5 ? 0.5 : 0) },
	triangle: { radius: 1, weight: (x) => max(0, 1 - x) },
	keyscubic: {
		radius: 2,
		weight: (x) => {
			if (x >= 2) return 0;
			return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
		},
	},
	mitchellcubic: {
		radius: 2,
		weight: (x) => {
			if (x >= 2) return 0;
			if (x >= 1) return (((-7 / 18) * x + 2) * x - 10 / 3) * x + 16 / 9;
			return ((7 / 6) * x - 2) * x * x + 8 / 9;
		},
	},
};

/** The input places that an output place is made of. */
interface Span {
	readonly start: number;
	readonly weights: readonly number[];
}

function spansOf(
	input: number,
	output: number,
	scale: number,
	translate: number,
	filter: Filter,
	antialias: boolean,
): Span[] {
	const wide = antialias ? max(1 / scale, 1) : 1;
	const reach = filter.radius * wide;
	return Array.from({ length: output }, (_, i) => {
		const middle = (i + 0.5 - translate) / scale;
		if (middle < 0 || middle > input) return { start: 0, weights: [] };
		const start = min(max(ceil(middle - reach - 0.5), 0), input - 1);
		const end = min(max(floor(middle + reach - 0.5), 0), input - 1) + 1;
		const weights = Array.from({ length: end - start }, (_, k) =>
			filter.weight(abs((start + k + 0.5 - middle) / wide)),
		);
		const total = weights.reduce((sum, weight) => sum + weight, 0);
		return { start, weights: abs(total) < 1e-35 ? weights : weights.map((weight) => weight / total) };
	});
}

/** images [batch, height, width, channels], size, scale, translation → floats. */
export const scaleAndTranslate: Kernel = ([images, size, scales, translations], context) => {
	const { data, dtype, shape } = images!;
	if (!isNumbers(data) || isBigInts(data) || isSixteenBitFloat(dtype)) throw noDtype(context, dtype);
	const filter = FILTERS[context.attr('kernel_type')?.string ?? 'lanczos3'];
	if (!filter || shape.length !== 4)
		throw cannotRun(context, 'its filter is unknown, or its input is no batch of images');
	const [batch, height, width, channels] = shape as [number, number, number, number];
	const [rows, columns] = integers(size!) as [number, number];
	const antialias = context.attr('antialias')?.bool ?? true;
	const [scale, move] = [scales!.data as Float32Array, translations!.data as Float32Array];
	const down = spansOf(height, rows, scale[0]!, move[0]!, filter, antialias);
	const across = spansOf(width, columns, scale[1]!, move[1]!, filter, antialias);
	const result = new Float32Array(batch * rows * columns * channels);
	const line = new Float64Array(width * channels);
	for (let image = 0, at = 0; image < batch; image++)
		for (const { start, weights } of down) {
			line.fill(0);
			for (const [k, weight] of weights.entries()) {
				const from = (image * height + start + k) * line.length;
				for (let i = 0; i < line.length; i++) line[i] = line[i]! + weight * data[from + i]!;
			}
			for (const span of across)
				for (let channel = 0; channel < channels; channel++, at++) {
					let sum = 0;
					for (const [k, weight] of span.weights.entries())
						sum += weight * line[(span.start + k) * channels + channel]!;
					result[at] = sum;
				}
		}
	return [{ dtype: DT_FLOAT, shape: [batch, rows, columns, channels], data: result }];
};
