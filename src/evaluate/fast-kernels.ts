/** Elementwise ops of float32 values, computed in the engine's memory: its next readers need no copy. */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { KernelContext } from '../ops/define.ts';
import type { Engine } from '../ops/engine/engine.ts';
import { PLAIN } from '../ops/engine/workspace.ts';

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
	[
		'Rsqrt',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = 1 / Math.sqrt(x[i]!);
		},
	],
	[
		'Exp',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = Math.exp(x[i]!);
		},
	],
	[
		'Tanh',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = Math.tanh(x[i]!);
		},
	],
	[
		'Sigmoid',
		(x, out) => {
			for (let i = 0; i < x.length; i++) out[i] = 1 / (1 + Math.exp(-x[i]!));
		},
	],
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
	const repeated = period(x, y);
	if (repeated === undefined) return undefined;
	const result = engine.float32(x.data.length);
	const { low, high } = context.epilogue ?? PLAIN;
	engine.lend([x.data as Floats, y.data as Floats], ([a, b]) =>
		engine.primitives.combine(operation, a!, b!, result.byteOffset, result.length, repeated, low, high),
	);
	return [{ dtype: DT_FLOAT, shape: x.shape, data: result }];
}
