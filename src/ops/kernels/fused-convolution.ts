/** Convolutions that resize or pad first, and the transposed convolution. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace } from '../engine/workspace.ts';
import { cannotRun, elementCount, integers, noDtype, pick } from '../values.ts';
import { convolution, toFirst, toLast } from './convolution.ts';
import type { Floats } from './convolution-windows.ts';
import { consecutive, multiplyFloats } from './matmul.ts';
import { resizeBilinear } from './resize.ts';
import { type Axis, geometryOf, tapPlaces } from './window-geometry.ts';

/** Grows a tensor by what lies next to its edges: mirrored with the edge (SYMMETRIC) or without it (REFLECT). */
function mirrored(x: TensorValue, paddings: TensorValue, context: KernelContext): TensorValue {
	const amounts = integers(paddings);
	const skip = context.attr('mode')?.string === 'SYMMETRIC' ? 0 : 1;
	const places = x.shape.map((size, axis) => {
		const [before, after] = [amounts[2 * axis]!, amounts[2 * axis + 1]!];
		const most = size - skip;
		if (before < 0 || after < 0 || before > most || after > most)
			throw cannotRun(context, `padding ${before}, ${after} does not fit size ${size}`);
		return Array.from({ length: before + size + after }, (_, i) => {
			const at = i - before;
			if (at < 0) return -at - 1 + skip;
			return at < size ? at : 2 * size - at - 1 - skip;
		});
	});
	const [batch, rows, columns, channels] = places as [number[], number[], number[], number[]];
	const indices = new Int32Array(batch.length * rows.length * columns.length * channels.length);
	let to = 0;
	for (const b of batch)
		for (const r of rows)
			for (const c of columns)
				for (const k of channels) indices[to++] = ((b * x.shape[1]! + r) * x.shape[2]! + c) * x.shape[3]! + k;
	return { dtype: x.dtype, shape: places.map((list) => list.length), data: pick(x, indices) };
}

export const padConvolution: Kernel = ([x, paddings, filter], context) =>
	convolution([mirrored(x!, paddings!, context), filter!], context);

export const resizePadConvolution: Kernel = ([x, size, paddings, filter], context) => {
	const align = context.attr('resize_align_corners');
	const resizing: KernelContext = {
		...context,
		attr: (name) =>
			name === 'align_corners' ? align : name === 'half_pixel_centers' ? undefined : context.attr(name),
	};
	const [resized] = resizeBilinear([x!, size!], resizing);
	return convolution([mirrored(resized!, paddings!, context), filter!], context);
};

/** Sizes, filter [height, width, out, in], gradient [batch, height, width, in]: each value spread over its window. */
export const backpropInput: Kernel = ([sizes, filter, gradient], context) => {
	if (gradient!.dtype !== DT_FLOAT) throw noDtype(context, gradient!.dtype);
	const first = context.attr('data_format')?.string === 'NCHW';
	const wanted = integers(sizes!);
	const y = first ? toLast(gradient!) : gradient!;
	const geometry = geometryOf(context, wanted, filter!.shape);
	const [, height, width] = geometry.axes;
	const [fh, fw, channels, depth] = filter!.shape as [number, number, number, number];
	const pixels = y.shape[0]! * y.shape[1]! * y.shape[2]!;
	const fits = y.shape[1] === height.output && y.shape[2] === width.output && y.shape[3] === depth;
	if (!fits || geometry.channels !== channels)
		throw cannotRun(context, `[${gradient!.shape}] does not come from [${wanted}]`);
	const columns = fh * fw * channels;
	const product = { rows: pixels, depth, columns, transposeLeft: false, transposeRight: true };
	const spread = inWorkspace(undefined, (workspace) =>
		multiplyFloats(workspace, y.data as Floats, () => filter!.data as Floats, product, {
			left: consecutive(1),
			right: consecutive(1),
		}),
	);
	const shape = [geometry.batch, height.input, width.input, channels];
	const data = new Float32Array(elementCount(shape));
	gather(spread, geometry.batch, height, width, channels, data);
	const result = { dtype: DT_FLOAT, shape, data };
	return [first ? toFirst(result) : result];
};

/** Adds every window's values where they belong. */
function gather(
	spread: Floats,
	batch: number,
	height: Axis,
	width: Axis,
	channels: number,
	data: Float32Array,
): void {
	const [high, wide] = [tapPlaces(height), tapPlaces(width)];
	let from = 0;
	for (let image = 0; image < batch; image++)
		for (let y = 0; y < height.output; y++)
			for (let x = 0; x < width.output; x++)
				for (let i = 0; i < height.size; i++)
					for (let j = 0; j < width.size; j++, from += channels) {
						const row = high[y * height.size + i]!;
						const column = wide[x * width.size + j]!;
						if (row < 0 || column < 0) continue;
						const to = ((image * height.input + row) * width.input + column) * channels;
						for (let c = 0; c < channels; c++) data[to + c] = data[to + c]! + spread[from + c]!;
					}
}
