/** Elementwise ops of float32 values, computed in the engine's memory: its next readers need no copy. */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { KernelContext } from '../ops/define.ts';
import type { Engine } from '../ops/engine/engine.ts';
import { PLAIN } from '../ops/engine/workspace.ts';
import { reciprocalRoots } from '../ops/reciprocal-root.ts';
import { elementCount } from '../ops/values.ts';

const OPERATIONS: ReadonlyMap<string, number> = new Map([
	['Add', 0],
	['AddV2', 0],
	['Sub', 1],
	['Mul', 2],
	['RealDiv', 3],
]);

/** How often the second operand is repeated: its own size where the first one's shape ends with its shape. */
function period(x: TensorValue, y: TensorValue): number | undefined {
	if (y.shape.length > x.shape.length) return undefined;
	let trailing = true;
	for (let i = 1; i <= y.shape.length; i++) {
		if (trailing && y.shape.at(-i) === x.shape.at(-i)) continue;
		if (y.shape.at(-i) !== 1) return undefined;
		trailing = false;
	}
	const size = y.data.length;
	// A short period is slow: one row at a time.
	return size >= 8 && x.data.length % size === 0 ? size : undefined;
}

type Floats = Float32Array<ArrayBufferLike>;

/** One loop an op: a loop that calls a function for each element is several times slower. */
const LOOPS: ReadonlyMap<string, (x: Floats, out: Floats) => void> = new Map([
	[
		'Neg',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = -x[i]!;
		},
	],
	[
		'Abs',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = Math.abs(x[i]!);
		},
	],
	[
		'Square',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = x[i]! * x[i]!;
		},
	],
	[
		'Sqrt',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = Math.sqrt(x[i]!);
		},
	],
	['Rsqrt', reciprocalRoots],
]);

/** @returns undefined where the op's own kernel has to do it. */
export function fastKernel(
	op: string,
	inputs: readonly TensorValue[],
	context: KernelContext,
): readonly TensorValue[] | undefined {
	const engine = context.workspace?.engine;
	if (!engine) return undefined;
	const loop = LOOPS.get(op);
	if (loop) return mapped(inputs[0]!, loop, engine);
	if (op === 'Pad') return padded(inputs, engine);
	if (op === 'ConcatV2') return joined(inputs, engine);
	if (op === 'Mean') return spatialMean(inputs, context, engine);
	return combined(op, inputs, context, engine);
}

function mapped(
	x: TensorValue,
	loop: (x: Floats, out: Floats) => void,
	engine: Engine,
): readonly TensorValue[] | undefined {
	if (x.dtype !== DT_FLOAT || x.data.length === 0) return undefined;
	const data = engine.float32(x.data.length);
	loop(x.data as Floats, data);
	return [{ dtype: DT_FLOAT, shape: x.shape, data }];
}

/** The loop of an operation whose second operand is one number. */
function withNumber(operation: number, y: number): (x: Floats, out: Floats) => void {
	switch (operation) {
		case 0:
			return (x, out) => {
				for (let i = 0; i < x.length; i++) out[i] = x[i]! + y;
			};
		case 1:
			return (x, out) => {
				for (let i = 0; i < x.length; i++) out[i] = x[i]! - y;
			};
		case 2:
			return (x, out) => {
				for (let i = 0; i < x.length; i++) out[i] = x[i]! * y;
			};
		default:
			return (x, out) => {
				for (let i = 0; i < x.length; i++) out[i] = x[i]! / y;
			};
	}
}

function combined(
	op: string,
	inputs: readonly TensorValue[],
	context: KernelContext,
	engine: Engine,
): readonly TensorValue[] | undefined {
	const operation = OPERATIONS.get(op);
	if (operation === undefined) return undefined;
	let [x, y] = inputs as [TensorValue, TensorValue];
	if (x.dtype !== DT_FLOAT || x.data.length === 0 || y.data.length === 0) return undefined;
	const commutes = operation === 0 || operation === 2;
	if (commutes && x.data.length < y.data.length) [x, y] = [y, x];
	if (y.data.length === 1 && y.shape.length <= x.shape.length && !context.epilogue)
		return mapped(x, withNumber(operation, (y.data as Floats)[0]!), engine);
	const repeated = period(x, y);
	if (repeated === undefined) return undefined;
	const result = engine.float32(x.data.length);
	const { low, high } = context.epilogue ?? PLAIN;
	engine.lend([x.data as Floats, y.data as Floats], ([a, b]) =>
		engine.primitives.combine(operation, a!, b!, result.byteOffset, result.length, repeated, low, high),
	);
	return [{ dtype: DT_FLOAT, shape: x.shape, data: result }];
}

/** Runs shorter than this are copied float by float: a call costs more. */
const SHORT = 24;

/** Float tensors one after the other along an axis: whole runs are copied. */
function joined(inputs: readonly TensorValue[], engine: Engine): readonly TensorValue[] | undefined {
	const parts = inputs.slice(0, -1);
	const [first] = parts;
	if (!first || parts.some(({ dtype, shape }) => dtype !== DT_FLOAT || shape.length !== first.shape.length))
		return undefined;
	const rank = first.shape.length;
	const given = Number(inputs.at(-1)!.data[0]);
	const axis = given < 0 ? given + rank : given;
	if (!(axis >= 0 && axis < rank)) return undefined;
	const fits = parts.every(({ shape }) => shape.every((size, i) => i === axis || size === first.shape[i]));
	const shape = first.shape.map((size, i) =>
		i === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : size,
	);
	if (!fits || elementCount(shape) === 0) return undefined;
	const outer = elementCount(shape.slice(0, axis));
	const row = elementCount(shape.slice(axis));
	const data = engine.float32(outer * row);
	let at = 0;
	for (const part of parts) {
		const source = part.data as Floats;
		const run = source.length / outer;
		for (let i = 0, from = 0, to = at; i < outer; i++, from += run, to += row) {
			if (run >= SHORT) data.set(source.subarray(from, from + run), to);
			else for (let k = 0; k < run; k++) data[to + k] = source[from + k]!;
		}
		at += run;
	}
	return [{ dtype: DT_FLOAT, shape, data }];
}

/** Zeros around a float tensor: whole rows are copied. */
function padded([x, paddings]: readonly TensorValue[], engine: Engine): readonly TensorValue[] | undefined {
	if (x?.dtype !== DT_FLOAT || x.shape.length < 2 || x.data.length === 0) return undefined;
	const amounts = Array.from(paddings!.data as Int32Array, Number);
	const rank = x.shape.length;
	if (amounts.length !== 2 * rank || amounts.some((amount) => amount < 0)) return undefined;
	const shape = x.shape.map((size, axis) => size + amounts[2 * axis]! + amounts[2 * axis + 1]!);
	// Inner axes that keep their size are one with the axis before them.
	let split = rank - 1;
	while (split > 0 && amounts[2 * split] === 0 && amounts[2 * split + 1] === 0) split--;
	const inner = elementCount(x.shape.slice(split + 1));
	const run = x.shape[split]! * inner;
	const width = shape[split]! * inner;
	const source = x.data as Floats;
	const data = engine.float32(elementCount(shape));
	data.fill(0);
	const index = new Int32Array(split);
	for (let from = 0; from < source.length; from += run) {
		let row = 0;
		for (let axis = 0; axis < split; axis++) row = row * shape[axis]! + index[axis]! + amounts[2 * axis]!;
		data.set(source.subarray(from, from + run), row * width + amounts[2 * split]! * inner);
		for (let axis = split - 1; axis >= 0; axis--) {
			if (++index[axis]! < x.shape[axis]!) break;
			index[axis] = 0;
		}
	}
	return [{ dtype: DT_FLOAT, shape, data }];
}

/** The mean of every channel of an image: sums in double precision, row after row. */
function spatialMean(
	[x, axes]: readonly TensorValue[],
	context: KernelContext,
	engine: Engine,
): readonly TensorValue[] | undefined {
	const along = Array.from((axes?.data ?? []) as Int32Array, Number).join();
	if (x?.dtype !== DT_FLOAT || x.shape.length !== 4 || x.data.length === 0 || along !== '1,2')
		return undefined;
	const [batch, height, width, channels] = x.shape as [number, number, number, number];
	const source = x.data as Floats;
	const data = engine.float32(batch * channels);
	const sums = new Float64Array(channels);
	const count = height * width;
	for (let image = 0, at = 0; image < batch; image++) {
		sums.fill(0);
		for (let pixel = 0; pixel < count; pixel++)
			for (let channel = 0; channel < channels; channel++, at++) sums[channel] = sums[channel]! + source[at]!;
		for (let channel = 0; channel < channels; channel++)
			data[image * channels + channel] = sums[channel]! / count;
	}
	const shape = context.attr('keep_dims')?.bool ? [batch, 1, 1, channels] : [batch, channels];
	return [{ dtype: DT_FLOAT, shape, data }];
}
