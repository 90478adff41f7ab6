/** Pieces cut out of images [batch, height, width, channels], each brought to one size. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { Kernel } from '../define.ts';
import { cannotRun, integers, type Numbers } from '../values.ts';
import { numbersOf } from './resize.ts';

const { floor, ceil, fround } = Math;

/** Boxes [y1, x1, y2, x2] in parts of the image, each brought to one size. */
export const cropAndResize: Kernel = ([image, boxes, owners, size], context) => {
	const [, height, width, channels] = image!.shape as [number, number, number, number];
	const [rows, columns] = integers(size!) as [number, number];
	const values = numbersOf(image!, context);
	const corners = boxes!.data as Float32Array;
	const nearest = context.attr('method')?.string === 'nearest';
	const outside = context.attr('extrapolation_value')?.float ?? 0;
	const count = boxes!.shape[0]!;
	const data = new Float32Array(count * rows * columns * channels).fill(outside);
	const owner = integers(owners!);
	for (let box = 0; box < count; box++) {
		if (!(owner[box]! >= 0 && owner[box]! < image!.shape[0]!))
			throw cannotRun(context, `box ${box} belongs to image ${owner[box]}, which is not there`);
		const down = cropPlaces(corners[box * 4]!, corners[box * 4 + 2]!, height, rows);
		const across = cropPlaces(corners[box * 4 + 1]!, corners[box * 4 + 3]!, width, columns);
		const base = owner[box]! * height * width;
		for (let y = 0; y < rows; y++) {
			for (let x = 0; x < columns; x++) {
				const to = ((box * rows + y) * columns + x) * channels;
				if (!inside(down[y]!, height) || !inside(across[x]!, width)) continue;
				if (nearest) {
					const from = (base + Math.round(down[y]!) * width + Math.round(across[x]!)) * channels;
					for (let c = 0; c < channels; c++) data[to + c] = values[from + c]!;
				} else crop(values, base, width, channels, down[y]!, across[x]!, data, to);
			}
		}
	}
	return [{ dtype: DT_FLOAT, shape: [count, rows, columns, channels], data }];
};

function cropPlaces(from: number, to: number, size: number, count: number): Float32Array {
	if (count <= 1) return Float32Array.of(fround(0.5 * fround(from + to)) * (size - 1));
	const step = fround(fround(fround(to - from) * (size - 1)) / (count - 1));
	return Float32Array.from({ length: count }, (_, i) => fround(from * (size - 1)) + fround(i * step));
}

function inside(at: number, size: number): boolean {
	return at >= 0 && at <= size - 1;
}

function crop(
	values: Numbers,
	base: number,
	width: number,
	channels: number,
	y: number,
	x: number,
	data: Float32Array,
	to: number,
): void {
	const top = base + floor(y) * width;
	const bottom = base + ceil(y) * width;
	const [left, right] = [floor(x), ceil(x)];
	const [down, across] = [fround(y - floor(y)), fround(x - left)];
	for (let c = 0; c < channels; c++) {
		const a = values[(top + left) * channels + c]!;
		const d = values[(bottom + left) * channels + c]!;
		const above = fround(a + fround(fround(values[(top + right) * channels + c]! - a) * across));
		const below = fround(d + fround(fround(values[(bottom + right) * channels + c]! - d) * across));
		data[to + c] = above + fround(fround(below - above) * down);
	}
}
