/** Convolutions in plain numbers, for the dtypes that the engine does not compute. */
import { type Geometry, outputPixels, tapPlaces } from './window-geometry.ts';

type Plain = Float64Array | Int32Array;

/** A convolution of integers, summed in 32 bits. */
export function directInteger(
	x: Int32Array,
	filter: Int32Array,
	geometry: Geometry,
	sizes: { depth: number; outputs: number },
): Int32Array {
	const result = new Int32Array(outputPixels(geometry) * sizes.outputs);
	direct(x, filter, geometry, sizes, Math.imul, result);
	return result;
}

/** Sum by sum, in the order of the taps and then the channels. */
export function direct(
	x: Plain,
	filter: Plain,
	geometry: Geometry,
	sizes: { depth: number; outputs: number },
	multiply: (a: number, b: number) => number,
	result: Plain,
): void {
	const [depth, height, width] = geometry.axes;
	const [deep, high, wide] = [tapPlaces(depth), tapPlaces(height), tapPlaces(width)];
	const columns = sizes.outputs / (geometry.channels / sizes.depth || 1);
	const places: number[] = [];
	const taps: number[] = [];
	let at = 0;
	for (let batch = 0; batch < geometry.batch; batch++)
		for (let d = 0; d < depth.output; d++)
			for (let h = 0; h < height.output; h++)
				for (let w = 0; w < width.output; w++, at += sizes.outputs) {
					places.length = 0;
					taps.length = 0;
					for (let i = 0; i < depth.size; i++)
						for (let j = 0; j < height.size; j++)
							for (let k = 0; k < width.size; k++) {
								const [z, y, u] = [
									deep[d * depth.size + i]!,
									high[h * height.size + j]!,
									wide[w * width.size + k]!,
								];
								if (z < 0 || y < 0 || u < 0) continue;
								places.push(
									(((batch * depth.input + z) * height.input + y) * width.input + u) * geometry.channels,
								);
								taps.push((i * height.size + j) * width.size + k);
							}
					for (let output = 0; output < sizes.outputs; output++) {
						const from = Math.floor(output / columns) * sizes.depth;
						let sum = 0;
						for (let tap = 0; tap < taps.length; tap++) {
							const weights = taps[tap]! * sizes.depth * sizes.outputs + output;
							for (let channel = 0; channel < sizes.depth; channel++) {
								const value = x[places[tap]! + from + channel]!;
								sum += multiply(value, filter[weights + channel * sizes.outputs]!);
							}
						}
						result[at + output] = sum;
					}
				}
}
