/** Convolutions that resize or pad first. */
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, integers, pick } from '../values.ts';
import { convolution } from './convolution.ts';
import { resizeBilinear } from './resize.ts';

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
