/** Kernels that compute with codes: products and sums of quantized values in 32 bits. */
import { DT_DOUBLE, DT_QINT32 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, type Numbers, scalar } from '../values.ts';
import { directInteger } from './direct-convolution.ts';
import { averagePool, maxPool } from './pooling.ts';
import { codesOf, productRange, toCode, toCodeUnclamped, toFloat } from './quantization.ts';
import { codeArray, float, quantizedCodes } from './quantize.ts';
import { geometryOf } from './window-geometry.ts';

/** A quantized input with its range: three inputs of a node. */
interface Ranged {
	readonly value: TensorValue;
	readonly low: number;
	readonly high: number;
}

function ranged(value: TensorValue, low: TensorValue, high: TensorValue): Ranged {
	return { value, low: scalar(low), high: scalar(high) };
}

/** Codes less the code of zero: what products are taken of. */
function centered({ value, low, high }: Ranged, context: KernelContext): Int32Array {
	const zero = toCodeUnclamped(0, low, high, quantizedCodes(value.dtype, context));
	return Int32Array.from(value.data as Numbers, (code) => code - zero);
}

function products(a: Ranged, b: Ranged, shape: readonly number[], data: Int32Array): readonly TensorValue[] {
	const typed = ({ value, low, high }: Ranged) => ({ low, high, type: codesOf(value.dtype)! });
	const [low, high] = productRange(typed(a), typed(b));
	return [{ dtype: DT_QINT32, shape, data }, float(low), float(high)];
}

export const quantizedMatMul: Kernel = (inputs, context) => {
	const [x, y, minX, maxX, minY, maxY] = inputs as TensorValue[];
	const [a, b] = [ranged(x!, minX!, maxX!), ranged(y!, minY!, maxY!)];
	const [left, right] = [centered(a, context), centered(b, context)];
	const transposeLeft = context.attr('transpose_a')?.bool ?? false;
	const transposeRight = context.attr('transpose_b')?.bool ?? false;
	const [rows, depth] = transposeLeft ? [x!.shape[1]!, x!.shape[0]!] : [x!.shape[0]!, x!.shape[1]!];
	const columns = y!.shape[transposeRight ? 0 : 1]!;
	if (depth !== y!.shape[transposeRight ? 1 : 0])
		throw cannotRun(context, `shapes [${x!.shape}] and [${y!.shape}] do not fit`);
	const data = new Int32Array(rows * columns);
	for (let row = 0; row < rows; row++)
		for (let k = 0; k < depth; k++) {
			const factor = left[transposeLeft ? k * rows + row : row * depth + k]!;
			if (factor === 0) continue;
			for (let column = 0; column < columns; column++) {
				const other = right[transposeRight ? column * depth + k : k * columns + column]!;
				data[row * columns + column]! += Math.imul(factor, other);
			}
		}
	return products(a, b, [rows, columns], data);
};

export const quantizedConvolution: Kernel = (inputs, context) => {
	const [x, filter, minX, maxX, minFilter, maxFilter] = inputs as TensorValue[];
	const [a, b] = [ranged(x!, minX!, maxX!), ranged(filter!, minFilter!, maxFilter!)];
	const geometry = geometryOf(context, x!.shape, filter!.shape);
	const sizes = { depth: filter!.shape[2]!, outputs: filter!.shape[3]! };
	if (geometry.channels !== sizes.depth) throw cannotRun(context, 'its filter does not fit its channels');
	const data = directInteger(centered(a, context), centered(b, context), geometry, sizes);
	const [, height, width] = geometry.axes;
	return products(a, b, [geometry.batch, height.output, width.output, sizes.outputs], data);
};

/** Both operands brought to one range that holds all their sums. */
export const quantizedAdd: Kernel = (inputs, context) => {
	const [x, y, minX, maxX, minY, maxY] = inputs as TensorValue[];
	const [a, b] = [ranged(x!, minX!, maxX!), ranged(y!, minY!, maxY!)];
	const size = y!.data.length;
	const fits = y!.shape.every((length, i) => length === x!.shape.at(i - y!.shape.length));
	if (!fits || y!.shape.length > x!.shape.length)
		throw cannotRun(context, 'this kind of broadcasting is not implemented');
	const high = Math.fround(Math.max(a.high, -a.low, b.high, -b.low) * (1 << 17));
	const wide = codesOf(DT_QINT32)!;
	const brought = ({ value, low, high: top }: Ranged): Int32Array => {
		const codes = quantizedCodes(value.dtype, context);
		return Int32Array.from(value.data as Numbers, (code) =>
			toCode(toFloat(code, low, top, codes), -high, high, wide),
		);
	};
	const other = brought(b);
	const data = brought(a).map((code, i) => code + other[i % size]!);
	return [{ dtype: DT_QINT32, shape: x!.shape, data }, float(-high), float(high)];
};

export const quantizedMul: Kernel = (inputs, context) => {
	const [x, y, minX, maxX, minY, maxY] = inputs as TensorValue[];
	const [a, b] = [ranged(x!, minX!, maxX!), ranged(y!, minY!, maxY!)];
	const other = centered(b, context);
	if (x!.data.length % Math.max(1, other.length) !== 0 || x!.shape.length < y!.shape.length)
		throw cannotRun(context, 'this kind of broadcasting is not implemented');
	const data = centered(a, context).map((code, i) => Math.imul(code, other[i % other.length]!));
	return products(a, b, x!.shape, data);
};

/** Codes clamped between those of zero and, where there is one, of a highest value. */
function reluKernel(highest: (inputs: readonly TensorValue[]) => number | undefined): Kernel {
	return (inputs, context) => {
		const x = inputs[0]!;
		const [min, max] = inputs.slice(-2) as [TensorValue, TensorValue];
		const codes = quantizedCodes(x.dtype, context);
		const [low, high] = [scalar(min), scalar(max)];
		const zero = toCode(0, low, high, codes);
		const top = highest(inputs);
		const most = top === undefined ? codes.highest : toCode(top, low, high, codes);
		const source = x.data as Numbers;
		const data = codeArray(x.dtype, source.length);
		for (let i = 0; i < source.length; i++) data[i] = Math.max(zero, Math.min(source[i]!, most));
		return [{ dtype: x.dtype, shape: x.shape, data }, float(low), float(high)];
	};
}

export const quantizedRelu = reluKernel(() => undefined);
export const quantizedRelu6 = reluKernel(() => 6);
export const quantizedReluX = reluKernel((inputs) => scalar(inputs[1]!));

export const quantizedMaxPool: Kernel = ([x, min, max], context) => {
	return [{ ...maxPool([x!], context)[0]!, dtype: x!.dtype }, min!, max!];
};

/** The mean of codes, without its fraction. */
export const quantizedAveragePool: Kernel = ([x, min, max], context) => {
	const wide: TensorValue = {
		dtype: DT_DOUBLE,
		shape: x!.shape,
		data: Float64Array.from(x!.data as Numbers),
	};
	const [mean] = averagePool([wide], context);
	const data = codeArray(x!.dtype, mean!.data.length);
	for (let i = 0; i < data.length; i++) data[i] = Math.trunc(Number(mean!.data[i]));
	return [{ dtype: x!.dtype, shape: mean!.shape, data }, min!, max!];
};

export const quantizedReshape: Kernel = ([x, size, min, max]) => {
	const wanted = Array.from(size!.data as Int32Array, Number);
	const known = wanted.filter((n) => n >= 0).reduce((product, n) => product * n, 1);
	const shape = wanted.map((n) => (n < 0 ? x!.data.length / known : n));
	return [{ dtype: x!.dtype, shape, data: x!.data }, min!, max!];
};
