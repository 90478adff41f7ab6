/** Tensors made from a few values: one repeated, or a row of numbers. */
import { DT_DOUBLE, DT_FLOAT, DT_INT32, dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { broadcastKnown, broadcastOffsets } from './broadcast.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { mergeSizes, misfit, UNKNOWN, withRank, withRankAtMost } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, pick, refusedValue, scalar } from './values.ts';

const fillShape: ShapeFunction = ({ inputs, value, sizes }) => {
	withRank(inputs[0], 1);
	withRank(inputs[1], 0);
	const dims = value(0);
	if (dims && integers(dims).some((size) => size < 0)) throw misfit('Fill dimensions must be >= 0');
	return [sizes(0) ?? UNKNOWN];
};

const fill: Kernel = ([dims, value]) => {
	const shape = integers(dims!);
	return [{ dtype: value!.dtype, shape, data: pick(value!, new Int32Array(elementCount(shape))) }];
};

/** Refuses in TensorFlow's words. */
const broadcastTo: Kernel = ([x, dims]) => {
	const shape = integers(dims!);
	const below = shape.find((size) => size < 0);
	if (below !== undefined) throw refusedValue(`Dimension ${below} must be >= 0`);
	if (x!.shape.length > shape.length)
		throw refusedValue(
			`Rank of input (${x!.shape.length}) must be no greater than rank of output shape (${shape.length}).`,
		);
	const together = broadcastKnown(x!.shape, shape);
	if (!together) throw refusedValue(`Incompatible shapes: [${x!.shape}] vs. [${shape}]`);
	if (together.some((size, i) => size !== shape[i]))
		throw refusedValue(`Unable to broadcast tensor of shape [${x!.shape}] to tensor of shape [${shape}]`);
	return [{ dtype: x!.dtype, shape, data: pick(x!, broadcastOffsets(x!.shape, shape)) }];
};

const broadcastToShape: ShapeFunction = ({ inputs, sizes }) => {
	const wanted = sizes(1);
	if (!wanted) return [UNKNOWN];
	const shape = withRankAtMost(inputs[0], wanted.length) ?? [];
	const known = [...wanted];
	for (let i = shape.length - 1; i >= 0; i--) {
		const at = wanted.length - shape.length + i;
		if (shape[i]! > 1) known[at] = mergeSizes(shape[i]!, wanted[at]!);
	}
	return [known];
};

const rangeShape: ShapeFunction = ({ inputs, value, attr }) => {
	for (const input of inputs) withRank(input, 0);
	const given = [value(0), value(1), value(2)];
	if (given.some((item) => !item)) return [[-1]];
	const [start, limit, delta] = (given as TensorValue[]).map(scalar) as [number, number, number];
	if (delta === 0) throw misfit('Requires delta != 0');
	if (delta > 0 && start > limit) throw misfit(`Requires start <= limit when delta > 0: ${start}/${limit}`);
	if (delta < 0 && start < limit) throw misfit(`Requires start >= limit when delta < 0: ${start}/${limit}`);
	return [[rangeSize(start, limit, delta, attr('Tidx')?.type ?? DT_INT32)]];
};

function rangeSize(start: number, limit: number, delta: number, dtype: number): number {
	const storage = dtypeStorage(dtype);
	const steps =
		storage === 'float32' ? Math.fround(Math.fround(limit - start) / delta) : (limit - start) / delta;
	return Math.max(0, Math.ceil(Math.abs(steps)));
}

const range: Kernel = ([start, limit, delta], context) => {
	const { dtype } = start!;
	const [from, to, step] = [scalar(start!), scalar(limit!), scalar(delta!)];
	if (step === 0) throw cannotRun(context, 'Requires delta != 0');
	if (step > 0 ? from > to : from < to) throw cannotRun(context, `it runs away from its limit ${to}`);
	const size = rangeSize(from, to, step, dtype);
	const storage = dtypeStorage(dtype);
	if (storage === 'int64') {
		const wide = BigInt64Array.from({ length: size }, (_, i) => BigInt(from) + BigInt(i) * BigInt(step));
		return [{ dtype, shape: [size], data: wide }];
	}
	if (storage !== 'float32' && storage !== 'float64' && storage !== 'int32')
		throw cannotRun(context, 'its dtype is not implemented');
	const data =
		storage === 'int32'
			? new Int32Array(size)
			: storage === 'float32'
				? new Float32Array(size)
				: new Float64Array(size);
	const round = storage === 'float32' ? Math.fround : (value: number) => value;
	for (let i = 0; i < size; i++) data[i] = from + round(i * step);
	return [{ dtype, shape: [size], data }];
};

const linSpaceShape: ShapeFunction = ({ inputs, value }) => {
	for (const input of inputs) withRank(input, 0);
	const count = value(2);
	if (!count) return [[-1]];
	if (scalar(count) <= 0) throw misfit(`Requires num > 0: ${scalar(count)}`);
	return [[scalar(count)]];
};

const linSpace: Kernel = ([start, stop, number], context) => {
	const count = scalar(number!);
	if (count <= 0) throw cannotRun(context, `Requires num > 0: ${count}`);
	if (start!.dtype !== DT_FLOAT && start!.dtype !== DT_DOUBLE)
		throw cannotRun(context, 'its dtype is not implemented');
	const data = start!.dtype === DT_FLOAT ? new Float32Array(count) : new Float64Array(count);
	const round = start!.dtype === DT_FLOAT ? Math.fround : (x: number) => x;
	const [from, to] = [scalar(start!), scalar(stop!)];
	const step = count > 1 ? round(round(to - from) / (count - 1)) : 0;
	for (let i = 0; i < count; i++) data[i] = round(from + round(step * i));
	if (count > 1) data[count - 1] = to;
	return [{ dtype: start!.dtype, shape: [count], data }];
};

export const arrayFillOps: readonly OpDeclaration[] = [
	{ names: ['Fill'], shape: fillShape, kernel: fill },
	{ names: ['Empty'], shape: ({ sizes }) => [sizes(0) ?? UNKNOWN] },
	{ names: ['BroadcastTo'], shape: broadcastToShape, kernel: broadcastTo },
	{ names: ['Range'], shape: rangeShape, kernel: range },
	{ names: ['LinSpace'], shape: linSpaceShape, kernel: linSpace },
];
