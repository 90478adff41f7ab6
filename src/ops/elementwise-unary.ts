/** Functions of one operand, element by element: the shape stays. */
import { DT_BOOL, DT_DOUBLE, DT_FLOAT, DT_UINT8 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Kernel, KernelContext, OpDeclaration } from './define.ts';
import { oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { type Curve, curveOf } from './kernels/curves.ts';
import { reciprocalRoots } from './reciprocal-root.ts';
import {
	digamma,
	erf,
	erfc,
	inverseErf,
	logGamma,
	normalQuantile,
	scaledBessel,
} from './special-functions.ts';
import {
	type BigInts,
	isBigInts,
	isComplex,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	narrow,
	noDtype,
	widen,
} from './values.ts';

/** A function of one number. Results are rounded when they are stored. */
interface UnaryFunction {
	readonly real: (x: number) => number;
	/** How float32 is computed: as TensorFlow does it. */
	readonly curve?: Curve;
	/** For whole float arrays, where TensorFlow's kernel rounds in a way of its own. */
	readonly floats?: (from: Float32Array, to: Float32Array) => void;
	/** For int64 and uint64; absent where the op has no integer version. */
	readonly wide?: (x: bigint) => bigint;
	readonly complex?: (real: number, imaginary: number) => readonly [number, number];
}

const functions: Readonly<Record<string, UnaryFunction>> = {
	Abs: { real: Math.abs, wide: (x) => (x < 0n ? -x : x) },
	Neg: { real: (x) => -x, wide: (x) => -x, complex: (a, b) => [-a, -b] },
	Sign: {
		real: (x) => (x > 0 ? 1 : x < 0 ? -1 : Number.isNaN(x) ? x : 0),
		wide: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
	},
	Square: { real: (x) => x * x, wide: (x) => x * x, complex: (a, b) => [a * a - b * b, 2 * a * b] },
	Sqrt: { real: Math.sqrt },
	Rsqrt: { real: (x) => 1 / Math.sqrt(x), floats: reciprocalRoots },
	Reciprocal: { real: (x) => 1 / x },
	Inv: { real: (x) => 1 / x },
	Exp: {
		real: Math.exp,
		curve: 'exp',
		complex: (a, b) => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)],
	},
	Expm1: { real: Math.expm1 },
	Log: { real: Math.log },
	Log1p: { real: Math.log1p },
	Sin: { real: Math.sin },
	Cos: { real: Math.cos },
	Tan: { real: Math.tan },
	Asin: { real: Math.asin },
	Acos: { real: Math.acos },
	Atan: { real: Math.atan },
	Sinh: { real: Math.sinh },
	Cosh: { real: Math.cosh },
	Tanh: { real: Math.tanh, curve: 'tanh' },
	Asinh: { real: Math.asinh },
	Acosh: { real: Math.acosh },
	Atanh: { real: Math.atanh },
	Sigmoid: { real: (x) => 1 / (1 + Math.exp(-x)), curve: 'sigmoid' },
	Floor: { real: Math.floor, wide: (x) => x },
	Ceil: { real: Math.ceil },
	Rint: { real: roundHalfEven },
	Round: { real: roundHalfEven, wide: (x) => x },
	Erf: { real: erf },
	Erfc: { real: erfc },
	Erfinv: { real: inverseErf },
	Ndtri: { real: normalQuantile },
	Lgamma: { real: logGamma },
	Digamma: { real: digamma },
	BesselI0e: { real: (x) => scaledBessel(0, x) },
	BesselI1e: { real: (x) => scaledBessel(1, x) },
	Invert: { real: (x) => ~x, wide: (x) => ~x },
};

/** To the nearest integer, ties to the even one. */
export function roundHalfEven(x: number): number {
	const floor = Math.floor(x);
	const rest = x - floor;
	if (rest < 0.5) return floor === 0 && (x < 0 || Object.is(x, -0)) ? -0 : floor;
	if (rest > 0.5) return floor === -1 ? -0 : floor + 1;
	return floor % 2 === 0 ? floor : floor === -1 ? -0 : floor + 1;
}

function unary(op: UnaryFunction): Kernel {
	return ([x], context) => [mapElements(x!, op, context)];
}

/** Applies a function to every element of a tensor of any real dtype. */
function mapElements(x: TensorValue, op: UnaryFunction, context: KernelContext): TensorValue {
	const { dtype, shape, data } = x;
	if (op.curve && dtype === DT_FLOAT) return curveOf(x, op.curve, context);
	if (op.complex && isComplex(dtype))
		return { dtype, shape, data: mapPairs(data as Float32Array, op.complex) };
	if (isComplex(dtype) || dtype === DT_BOOL) throw noDtype(context, dtype);
	if (isSixteenBitFloat(dtype)) {
		const wide = widen(x);
		fill(wide, wide, op.real);
		return { dtype, shape, data: narrow(wide, dtype) };
	}
	if (isBigInts(data)) {
		if (!op.wide) throw noDtype(context, dtype);
		const result = new (data.constructor as BigInt64ArrayConstructor)(data.length) as BigInts;
		for (let i = 0; i < data.length; i++) result[i] = op.wide(data[i]!);
		return { dtype, shape, data: result };
	}
	if (!isNumbers(data)) throw noDtype(context, dtype);
	if (!op.wide && dtype !== DT_FLOAT && dtype !== DT_DOUBLE) throw noDtype(context, dtype);
	const result = new (data.constructor as Float32ArrayConstructor)(data.length);
	if (op.real === multiplySquare && !(data instanceof Float32Array || data instanceof Float64Array))
		for (let i = 0; i < data.length; i++) result[i] = Math.imul(data[i]!, data[i]!);
	else if (op.floats && data instanceof Float32Array) op.floats(data, result as Float32Array);
	else fill(data, result, op.real);
	return { dtype, shape, data: result };
}

function mapPairs(pairs: Float32Array, f: (real: number, imaginary: number) => readonly [number, number]) {
	const result = new (pairs.constructor as Float32ArrayConstructor)(pairs.length);
	for (let i = 0; i < pairs.length; i += 2) result.set(f(pairs[i]!, pairs[i + 1]!), i);
	return result;
}

const multiplySquare = functions.Square!.real;

function fill(from: Numbers, to: Numbers, f: (x: number) => number): void {
	for (let i = 0; i < from.length; i++) to[i] = f(from[i]!);
}

const testers: Readonly<Record<string, (x: number) => boolean>> = {
	IsNan: Number.isNaN,
	IsFinite: Number.isFinite,
	IsInf: (x) => Math.abs(x) === Number.POSITIVE_INFINITY,
};

function test(accepts: (x: number) => boolean): Kernel {
	return ([x], context) => {
		const data = isSixteenBitFloat(x!.dtype) ? widen(x!) : x!.data;
		if (!isNumbers(data) || isComplex(x!.dtype)) throw noDtype(context, x!.dtype);
		const result = new Uint8Array(data.length);
		for (let i = 0; i < data.length; i++) result[i] = accepts(data[i]!) ? 1 : 0;
		return [{ dtype: DT_BOOL, shape: x!.shape, data: result }];
	};
}

const logicalNot: Kernel = ([x]) => {
	const data = x!.data as Uint8Array;
	const result = new Uint8Array(data.length);
	for (let i = 0; i < data.length; i++) result[i] = data[i] ? 0 : 1;
	return [{ dtype: DT_BOOL, shape: x!.shape, data: result }];
};

/** How many bits of each integer are set, of negative ones in two's complement. */
const populationCount: Kernel = ([x], context) => {
	const { data, dtype, shape } = x!;
	if (!isBigInts(data) && !isNumbers(data)) throw noDtype(context, dtype);
	const bits = BigInt(data.BYTES_PER_ELEMENT * 8);
	const counts = Array.from(data as ArrayLike<number | bigint>, (item) => {
		let count = 0;
		for (let rest = BigInt.asUintN(Number(bits), BigInt(item)); rest > 0n; rest &= rest - 1n) count++;
		return count;
	});
	return [{ dtype: DT_UINT8, shape, data: Uint8Array.from(counts) }];
};

/** Values that fill a tensor of the input's shape and dtype. */
function filled(value: 0 | 1): Kernel {
	return ([x], context) => {
		const { dtype, shape, data } = x!;
		if (isBigInts(data))
			return [
				{
					dtype,
					shape,
					data: new (data.constructor as BigInt64ArrayConstructor)(data.length).fill(BigInt(value)),
				},
			];
		if (!isNumbers(data) || (value === 1 && isComplex(dtype))) throw noDtype(context, dtype);
		const result = new (data.constructor as Float32ArrayConstructor)(data.length);
		if (value === 1 && isSixteenBitFloat(dtype))
			return [{ dtype, shape, data: narrow(new Float32Array(data.length).fill(1), dtype) }];
		return [{ dtype, shape, data: result.fill(value) }];
	};
}

/** Relu, Elu and the like belong to `activation.ts`; these are the plain functions. */
export const unaryOps: readonly OpDeclaration[] = [
	...Object.entries(functions).map(([name, op]) => ({
		names: [name],
		shape: unchangedShape,
		kernel: unary(op),
		...oneFlopAnElement,
		// Sign changes are bit operations.
		flushesDenormals: name !== 'Neg' && name !== 'Abs',
	})),
	...Object.entries(testers).map(([name, accepts]) => ({
		names: [name],
		shape: unchangedShape,
		kernel: test(accepts),
		...oneFlopAnElement,
	})),
	{
		names: ['LogicalNot'],
		shape: unchangedShape,
		kernel: logicalNot,
		...oneFlopAnElement,
	},
	{ names: ['ZerosLike'], shape: unchangedShape, kernel: filled(0) },
	{ names: ['OnesLike'], shape: unchangedShape, kernel: filled(1) },
	{ names: ['PopulationCount'], dtypes: 'integers', shape: unchangedShape, kernel: populationCount },
];
