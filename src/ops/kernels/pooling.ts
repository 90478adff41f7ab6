/** Kernels of the pools. */
import { DT_FLOAT, DT_INT64 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import { layoutOf } from '../data-format.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace } from '../engine/workspace.ts';
import {
	cannotRun,
	isBigInts,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	narrow,
	noDtype,
	widen,
} from '../values.ts';
import type { Floats } from './convolution-windows.ts';
import { broughtFirst, toLast } from './layout.ts';
import {
	type Geometry,
	geometryOf,
	outputPixels,
	tableTag,
	tapPlaces,
	windowTable,
} from './window-geometry.ts';

function geometry(x: TensorValue, context: KernelContext): Geometry {
	const rank = context.attr('ksize')?.ints?.length ?? 4;
	if (x.shape.length !== rank) throw cannotRun(context, `its input [${x.shape}] must have rank ${rank}`);
	const layout = layoutOf(context, x.shape.length);
	const sizes = context.attr('ksize')?.ints ?? [];
	if ((sizes[0] ?? 1) !== 1 || (sizes[layout.channel] ?? 1) !== 1)
		throw cannotRun(context, 'it pools over the batch or over channels');
	return geometryOf(
		context,
		x.shape,
		layout.spatial.map((axis) => sizes[axis] ?? 1),
	);
}

function pool(mean: boolean): Kernel {
	return ([x], context) => {
		const first = layoutOf(context, x!.shape.length).channelsFirst;
		const shape = geometry(x!, context);
		const last = first ? toLast(x!) : x!;
		const spatial = shape.axes.slice(5 - x!.shape.length).map((axis) => axis.output);
		const result = {
			dtype: x!.dtype,
			shape: [shape.batch, ...spatial, shape.channels],
			data: pooled(last, shape, mean, context),
		};
		return [first ? broughtFirst(result, context) : result];
	};
}

export const maxPool = pool(false);
export const averagePool = pool(true);

function pooled(x: TensorValue, shape: Geometry, mean: boolean, context: KernelContext): TensorValue['data'] {
	if (x.dtype === DT_FLOAT) return poolFloats(x.data as Floats, shape, mean, context);
	if (isSixteenBitFloat(x.dtype)) {
		const wide = poolFloats(widen(x), shape, mean, { ...context, workspace: undefined });
		return narrow(wide as Float32Array<ArrayBuffer>, x.dtype);
	}
	if (!isNumbers(x.data) || (mean && !(x.data instanceof Float64Array))) throw noDtype(context, x.dtype);
	return poolNumbers(x.data, shape, mean);
}

function poolFloats(x: Floats, shape: Geometry, mean: boolean, context: KernelContext): Floats {
	return inWorkspace(context.workspace, (workspace) => {
		const { engine } = workspace;
		const pixels = outputPixels(shape);
		const result = engine.float32(pixels * shape.channels);
		if (result.length === 0) return result;
		engine.lend([x], ([base]) => {
			const table = workspace.kept('table', tableTag(base!, shape), () =>
				windowTable(engine, shape, base!, 0, false),
			);
			const taps = shape.axes.reduce((product, axis) => product * axis.size, 1);
			engine.primitives.pool(table, 0, pixels, taps, shape.channels, mean ? 1 : 0, result.byteOffset);
		});
		return result;
	});
}

function poolNumbers(x: Numbers, shape: Geometry, mean: boolean): Numbers {
	const result = new (x.constructor as Float64ArrayConstructor)(outputPixels(shape) * shape.channels);
	windows(shape, (pixel, places) => {
		for (let channel = 0; channel < shape.channels; channel++) {
			let value = mean ? 0 : Number.NEGATIVE_INFINITY;
			for (const place of places) {
				const next = x[place + channel]!;
				value = mean ? value + next : Math.max(value, next);
			}
			result[pixel * shape.channels + channel] = mean ? value / places.length : value;
		}
	});
	return result;
}

/** Visits every output pixel with the places of the first channel under its window. */
function windows(shape: Geometry, visit: (pixel: number, places: readonly number[]) => void): void {
	const [depth, height, width] = shape.axes;
	const inside = shape.axes.map((axis) => {
		const places = tapPlaces(axis);
		return Array.from({ length: axis.output }, (_, i) =>
			Array.from(places.subarray(i * axis.size, (i + 1) * axis.size)).filter((place) => place >= 0),
		);
	});
	const [deep, high, wide] = inside as [number[][], number[][], number[][]];
	let pixel = 0;
	for (let batch = 0; batch < shape.batch; batch++)
		for (let d = 0; d < depth.output; d++)
			for (let h = 0; h < height.output; h++)
				for (let w = 0; w < width.output; w++, pixel++) {
					const places: number[] = [];
					for (const z of deep[d]!)
						for (const y of high[h]!)
							for (const u of wide[w]!) {
								const row = ((batch * depth.input + z) * height.input + y) * width.input;
								places.push((row + u) * shape.channels);
							}
					visit(pixel, places);
				}
}

/** The largest of every window, and its place in the image (in the batch with `include_batch_in_index`). */
export const maxPoolWithArgmax: Kernel = ([x], context) => {
	const { data, dtype } = x!;
	if (!isNumbers(data) || isSixteenBitFloat(dtype)) throw noDtype(context, dtype);
	const shape = geometry(x!, context);
	const [, height, width] = shape.axes;
	const wide = (context.outputDtypes[1] ?? DT_INT64) === DT_INT64;
	const count = outputPixels(shape) * shape.channels;
	const largest = new (data.constructor as Float32ArrayConstructor)(count);
	const indices = wide ? new BigInt64Array(count) : new Int32Array(count);
	const image = height.input * width.input * shape.channels;
	const whole = context.attr('include_batch_in_index')?.bool ?? false;
	windows(shape, (pixel, places) => {
		for (let channel = 0; channel < shape.channels; channel++) {
			let best = places[0]! + channel;
			for (const place of places) if (data[place + channel]! > data[best]!) best = place + channel;
			const at = pixel * shape.channels + channel;
			largest[at] = data[best]!;
			const index = whole ? best : best % image;
			if (isBigInts(indices)) indices[at] = BigInt(index);
			else indices[at] = index;
		}
	});
	const size = [shape.batch, height.output, width.output, shape.channels];
	return [
		{ dtype, shape: size, data: largest },
		{ dtype: wide ? DT_INT64 : 3, shape: size, data: indices },
	];
};
