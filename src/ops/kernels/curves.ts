/** Exponentials and what is made of them, of float32 values on the engine: TensorFlow's own polynomials. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { KernelContext } from '../define.ts';
import { inWorkspace } from '../engine/workspace.ts';
import type { Floats } from './convolution-windows.ts';

const { exp, fround, min } = Math;

/** TensorFlow computes eight elements at a time, and what is left over with the C library's exponential. */
const PACKET = 8;

const SELU_BELOW = fround(1.7580993408473768);
const SELU_ABOVE = fround(1.0507009873554805);
const SIGMOID_MOST = fround(16.6355324);

type Leftover = (x: number) => number;

/** In the order of the numbers that `assembly/curves.ts` has for them; without a function all go the same way. */
const CURVES = {
	exp,
	tanh: undefined,
	sigmoid: (x) => {
		const e = fround(exp(min(x, SIGMOID_MOST)));
		return e / fround(1 + e);
	},
	elu: (x) => (x < 0 ? fround(exp(x)) - 1 : x),
	selu: (x) => (x < 0 ? SELU_BELOW * fround(fround(exp(x)) - 1) : SELU_ABOVE * x),
} as const satisfies Readonly<Record<string, Leftover | undefined>>;

export type Curve = keyof typeof CURVES;

const NUMBERS = Object.keys(CURVES);

/** The curve at every element of a float tensor. */
export function curveOf({ data, shape }: TensorValue, curve: Curve, context: KernelContext): TensorValue {
	const x = data as Floats;
	const leftover: Leftover | undefined = CURVES[curve];
	const packed = leftover ? x.length - (x.length % PACKET) : x.length;
	const values = inWorkspace(context.workspace, ({ engine }) => {
		const result = engine.float32(x.length);
		if (packed > 0)
			engine.lend([x], ([from]) =>
				engine.primitives.curve(NUMBERS.indexOf(curve), from!, result.byteOffset, 0, Math.ceil(packed / 4)),
			);
		if (leftover) for (let i = packed; i < x.length; i++) result[i] = leftover(x[i]!);
		return result;
	});
	return { dtype: DT_FLOAT, shape, data: values };
}

/** Softmax of a float tensor over its last axis. */
export function softmaxOf({ data, shape }: TensorValue, context: KernelContext): TensorValue {
	const x = data as Floats;
	const values = inWorkspace(context.workspace, ({ engine }) => {
		const result = engine.float32(x.length);
		if (x.length === 0) return result;
		const size = shape.at(-1) ?? 1;
		engine.lend([x], ([from]) => engine.primitives.softmax(from!, result.byteOffset, x.length / size, size));
		return result;
	});
	return { dtype: DT_FLOAT, shape, data: values };
}
