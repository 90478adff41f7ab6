/** Transposed convolutions: each value of the gradient is spread over its window of the result. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace } from '../engine/workspace.ts';
import { cannotRun, elementCount, integers, noDtype } from '../values.ts';
import type { Floats } from './convolution-windows.ts';
import { toFirst, toLast } from './layout.ts';
import { consecutive, multiplyFloats } from './matmul.ts';
import { type Geometry, geometryOf, outputPixels, tapPlaces } from './window-geometry.ts';

/** What one tap of one window does at an address in the result. */
type Spread = (pixel: number, tap: number, to: number) => void;

/** Visits every tap inside the result, window after window. */
function forEachTap(geometry: Geometry, spread: Spread): void {
	const [depth, height, width] = geometry.axes;
	const [deep, high, wide] = [tapPlaces(depth), tapPlaces(height), tapPlaces(width)];
	let pixel = 0;
	for (let batch = 0; batch < geometry.batch; batch++)
		for (let z = 0; z < depth.output; z++)
			for (let y = 0; y < height.output; y++)
				for (let x = 0; x < width.output; x++, pixel++)
					for (let i = 0, tap = 0; i < depth.size; i++)
						for (let j = 0; j < height.size; j++)
							for (let k = 0; k < width.size; k++, tap++) {
								const plane = deep[z * depth.size + i]!;
								const row = high[y * height.size + j]!;
								const column = wide[x * width.size + k]!;
								if (plane < 0 || row < 0 || column < 0) continue;
								const at = ((batch * depth.input + plane) * height.input + row) * width.input + column;
								spread(pixel, tap, at * geometry.channels);
							}
}

interface Prepared {
	readonly geometry: Geometry;
	/** The gradient, channels last. */
	readonly gradient: TensorValue;
	readonly isFirst: boolean;
}

/** @param depth channels that the gradient must have. */
function prepare(inputs: readonly TensorValue[], depth: number, context: KernelContext): Prepared {
	const [sizes, filter, given] = inputs as [TensorValue, TensorValue, TensorValue];
	if (given.dtype !== DT_FLOAT) throw noDtype(context, given.dtype);
	const format = context.attr('data_format')?.string ?? '';
	if (format === 'NCDHW') throw cannotRun(context, `data format ${format} is not implemented`);
	const isFirst = format === 'NCHW';
	const wanted = integers(sizes);
	const gradient = isFirst ? toLast(given) : given;
	const geometry = geometryOf(context, wanted, filter.shape);
	const outputs = geometry.axes.map(({ output }) => output).slice(5 - given.shape.length);
	const expected = [geometry.batch, ...outputs, depth];
	if (String(gradient.shape) !== String(expected) || geometry.channels !== filter.shape.at(-2))
		throw cannotRun(context, `[${given.shape}] does not come from [${wanted}]`);
	return { geometry, gradient, isFirst };
}

function finish({ geometry, gradient, isFirst }: Prepared, data: Float32Array): TensorValue {
	const inputs = geometry.axes.map(({ input }) => input).slice(5 - gradient.shape.length);
	const result = { dtype: DT_FLOAT, shape: [geometry.batch, ...inputs, geometry.channels], data };
	return isFirst ? toFirst(result) : result;
}

function emptyResult({ batch, axes, channels }: Geometry): Float32Array {
	return new Float32Array(batch * elementCount(axes.map(({ input }) => input)) * channels);
}

/** Sizes, filter [spatial sizes…, out, in], gradient [batch, spatial sizes…, in], of images and of volumes. */
export const backpropInput: Kernel = (inputs, context) => {
	const filter = inputs[1]!;
	const depth = filter.shape.at(-1)!;
	const prepared = prepare(inputs, depth, context);
	const { geometry, gradient } = prepared;
	const { channels } = geometry;
	const columns = elementCount(filter.shape.slice(0, -1));
	const rows = outputPixels(geometry);
	const product = { rows, depth, columns, transposeLeft: false, transposeRight: true };
	const values = inWorkspace(undefined, (workspace) =>
		multiplyFloats(workspace, gradient.data as Floats, () => filter.data as Floats, product, {
			left: consecutive(1),
			right: consecutive(1),
		}),
	);
	const data = emptyResult(geometry);
	forEachTap(geometry, (pixel, tap, to) => {
		const from = pixel * columns + tap * channels;
		for (let c = 0; c < channels; c++) data[to + c] = data[to + c]! + values[from + c]!;
	});
	return [finish(prepared, data)];
};

/** Sizes, filter [height, width, channels, multiplier], gradient [batch, height, width, channels × multiplier]. */
export const depthwiseBackpropInput: Kernel = (inputs, context) => {
	const filter = inputs[1]!;
	const [channels, multiplier] = filter.shape.slice(-2) as [number, number];
	const depth = channels * multiplier;
	const prepared = prepare(inputs, depth, context);
	const { geometry, gradient } = prepared;
	const [values, weights] = [gradient.data as Floats, filter.data as Floats];
	const data = emptyResult(geometry);
	forEachTap(geometry, (pixel, tap, to) => {
		for (let c = 0; c < channels; c++) {
			let sum = data[to + c]!;
			for (let m = c * multiplier; m < (c + 1) * multiplier; m++)
				sum += values[pixel * depth + m]! * weights[tap * depth + m]!;
			data[to + c] = sum;
		}
	});
	return [finish(prepared, data)];
};
