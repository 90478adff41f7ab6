/** The geometry of a sliding window with all sizes known, and tables of the addresses that windows cover. */
import { layoutOf } from '../data-format.ts';
import type { OpContext } from '../define.ts';
import type { Engine } from '../engine/engine.ts';
import { axisPadding, listEntry, paddingBefore, windowCount } from '../window.ts';

/** One spatial axis. */
export interface Axis {
	readonly input: number;
	readonly size: number;
	readonly output: number;
	readonly stride: number;
	readonly dilation: number;
	readonly before: number;
}

/** Depth, height and width; depth is a single place for images. */
export interface Geometry {
	readonly batch: number;
	readonly axes: readonly [Axis, Axis, Axis];
	/** Floats of one pixel of the input. */
	readonly channels: number;
}

const SINGLE: Axis = { input: 1, size: 1, output: 1, stride: 1, dilation: 1, before: 0 };

/**
 * @param shape of the input, in the layout that the node has.
 * @param window sizes of the window on the spatial axes.
 */
export function geometryOf(
	context: OpContext,
	shape: readonly number[],
	window: readonly number[],
): Geometry {
	const layout = layoutOf(context, shape.length);
	const axes = layout.spatial.map((axis, i): Axis => {
		const input = shape[axis]!;
		const size = window[i]!;
		const stride = listEntry(context, 'strides', axis);
		const dilation = listEntry(context, 'dilations', axis);
		const padding = axisPadding(context, axis);
		const one = { input, size, stride, dilation };
		const output = windowCount(one, padding);
		return { ...one, output, before: paddingBefore(one, padding, output) };
	});
	while (axes.length < 3) axes.unshift(SINGLE);
	return { batch: shape[0]!, axes: axes as [Axis, Axis, Axis], channels: shape[layout.channel]! };
}

export function outputPixels({ batch, axes }: Geometry): number {
	return batch * axes[0].output * axes[1].output * axes[2].output;
}

/** What a table depends on beside the attributes of the node: where the input lies, and its sizes. */
export function tableTag(base: number, { batch, axes }: Geometry): string {
	return `${base} ${batch} ${axes[0].input} ${axes[1].input} ${axes[2].input}`;
}

/** For every output place and tap of an axis, the input's place; −1 outside. */
export function tapPlaces(axis: Axis): Int32Array {
	const found = new Int32Array(axis.output * axis.size);
	for (let output = 0, at = 0; output < axis.output; output++) {
		for (let tap = 0; tap < axis.size; tap++, at++) {
			const place = output * axis.stride - axis.before + tap * axis.dilation;
			found[at] = place < 0 || place >= axis.input ? -1 : place;
		}
	}
	return found;
}

/**
 * The address of the first channel for every output pixel and tap. The caller frees the table.
 * @param outside the address that stands for places outside the input.
 * @param grouped four pixels together, as the product kernel wants them; else pixel after pixel.
 */
export function windowTable(
	engine: Engine,
	geometry: Geometry,
	base: number,
	outside: number,
	grouped: boolean,
): number {
	const [depth, height, width] = geometry.axes;
	const taps = depth.size * height.size * width.size;
	const pixels = outputPixels(geometry);
	const rows = grouped ? Math.ceil(pixels / 4) * 4 : pixels;
	const table = engine.allocate(Math.max(rows * taps * 4, 4));
	const words = engine.words(table, rows * taps);
	const [deep, high, wide] = [tapPlaces(depth), tapPlaces(height), tapPlaces(width)];
	const bytes = geometry.channels * 4;
	const step = grouped ? 4 : 1;
	let pixel = 0;
	for (let batch = 0; batch < geometry.batch; batch++) {
		for (let d = 0; d < depth.output; d++) {
			for (let h = 0; h < height.output; h++) {
				for (let w = 0; w < width.output; w++, pixel++) {
					let at = grouped ? (pixel >> 2) * taps * 4 + (pixel & 3) : pixel * taps;
					for (let i = d * depth.size; i < (d + 1) * depth.size; i++) {
						const plane = (batch * depth.input + deep[i]!) * height.input;
						for (let j = h * height.size; j < (h + 1) * height.size; j++) {
							const row = (plane + high[j]!) * width.input;
							const inside = deep[i]! >= 0 && high[j]! >= 0;
							for (let k = w * width.size; k < (w + 1) * width.size; k++, at += step) {
								words[at] = inside && wide[k]! >= 0 ? base + (row + wide[k]!) * bytes : outside;
							}
						}
					}
				}
			}
		}
	}
	// The last block of four is filled up with its first row.
	for (; pixel < rows; pixel++) {
		const at = (pixel >> 2) * taps * 4;
		for (let tap = 0; tap < taps; tap++) words[at + (pixel & 3) + tap * 4] = words[at + tap * 4]!;
	}
	return table;
}
