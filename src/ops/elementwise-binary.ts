/** Functions of two operands that broadcast against each other, arithmetic and comparison. */
import { DT_BOOL, DT_STRING, dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { type BroadcastPlan, combinePairs, planBroadcast } from './broadcast.ts';
import type { Kernel, KernelContext, OpDeclaration } from './define.ts';
import { broadcastShape, oneFlopAnElement } from './elementwise.ts';
import {
	flooredQuotient,
	flooredRemainder,
	floorMod,
	integerPower,
	shifted,
	truncatedQuotient,
	truncatedRemainder,
	wideFloor,
	wideFloorMod,
	wideMaximum,
	wideMinimum,
	widePower,
	wideQuotient,
	wideRemainder,
	wideShifted,
} from './integer-arithmetic.ts';
import { incompleteGamma } from './special-functions.ts';
import {
	type BigInts,
	isBigInts,
	isComplex,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	narrow,
	noDtype,
	refusedValue,
	rounding,
	widen,
} from './values.ts';

type RealFunction = (x: number, y: number) => number;

/** A function of two numbers; results are rounded, or wrap, when they are stored. */
interface BinaryFunction {
	/** For floats, and for narrower integers unless `integer` is given. Absent where there is no float version. */
	readonly real?: RealFunction;
	/** For float32 and sixteen-bit floats, where an inner step is rounded too. */
	readonly stepwise?: (x: number, y: number, round: (value: number) => number) => number;
	/** For integers up to 32 bits; `undefined` in place of it means `real`. */
	readonly integer?: RealFunction | 'none';
	/** For int64 and uint64. */
	readonly wide?: (x: bigint, y: bigint) => bigint;
	readonly complex?: (a: number, b: number, c: number, d: number) => readonly [number, number];
}

const { fround } = Math;

const functions: Readonly<Record<string, BinaryFunction>> = {
	Add: { real: (x, y) => x + y, wide: (x, y) => x + y, complex: (a, b, c, d) => [a + c, b + d] },
	Sub: { real: (x, y) => x - y, wide: (x, y) => x - y, complex: (a, b, c, d) => [a - c, b - d] },
	Mul: {
		real: (x, y) => x * y,
		integer: Math.imul,
		wide: (x, y) => x * y,
		complex: (a, b, c, d) => [a * c - b * d, a * d + b * c],
	},
	RealDiv: { real: (x, y) => x / y, integer: 'none' },
	Div: { real: (x, y) => x / y, integer: truncatedQuotient, wide: wideQuotient },
	TruncateDiv: {
		real: (x, y) => Math.trunc(x / y),
		stepwise: (x, y, round) => Math.trunc(round(x / y)),
		integer: truncatedQuotient,
		wide: wideQuotient,
	},
	FloorDiv: {
		real: (x, y) => Math.floor(x / y),
		stepwise: (x, y, round) => Math.floor(round(x / y)),
		integer: flooredQuotient,
		wide: wideFloor,
	},
	FloorMod: { real: floorMod, integer: flooredRemainder, wide: wideFloorMod },
	Mod: { real: (x, y) => x % y, integer: truncatedRemainder, wide: wideRemainder },
	TruncateMod: { real: (x, y) => x % y, integer: truncatedRemainder, wide: wideRemainder },
	DivNoNan: { real: (x, y) => (y === 0 ? 0 : x / y), integer: 'none' },
	MulNoNan: { real: (x, y) => (y === 0 ? 0 : x * y), integer: 'none' },
	Maximum: { real: maximum, wide: wideMaximum },
	Minimum: { real: minimum, wide: wideMinimum },
	Pow: { real: (x, y) => x ** y, integer: integerPower, wide: widePower },
	SquaredDifference: {
		real: (x, y) => (x - y) * (x - y),
		stepwise: (x, y, round) => round(x - y) ** 2,
		integer: (x, y) => Math.imul(x - y, x - y),
		wide: (x, y) => (x - y) * (x - y),
	},
	Atan2: { real: Math.atan2, integer: 'none' },
	Xdivy: { real: (x, y) => (x === 0 ? 0 : x / y), integer: 'none' },
	Xlogy: {
		real: (x, y) => (x === 0 ? 0 : x * Math.log(y)),
		stepwise: (x, y, round) => (x === 0 ? 0 : x * round(Math.log(y))),
		integer: 'none',
	},
	Xlog1py: { real: (x, y) => (x === 0 ? 0 : x * Math.log1p(y)), integer: 'none' },
	NextAfter: {},
	Igamma: { real: (a, x) => incompleteGamma(a, x, false), integer: 'none' },
	Igammac: { real: (a, x) => incompleteGamma(a, x, true), integer: 'none' },
	Zeta: {},
	Polygamma: {},
	BitwiseAnd: { integer: (x, y) => x & y, wide: (x, y) => x & y },
	BitwiseOr: { integer: (x, y) => x | y, wide: (x, y) => x | y },
	BitwiseXor: { integer: (x, y) => x ^ y, wide: (x, y) => x ^ y },
	// Shifts by less than nothing, or by more bits than there are, are held to those that there are.
	LeftShift: { integer: (x, y) => x << shifted(y), wide: (x, y) => x << wideShifted(y) },
	RightShift: { integer: (x, y) => x >> shifted(y), wide: (x, y) => x >> wideShifted(y) },
};

/** NaN in either operand is the result, as in TensorFlow's kernels. */
function maximum(x: number, y: number): number {
	return x > y || Number.isNaN(x) ? x : y;
}

function minimum(x: number, y: number): number {
	return x < y || Number.isNaN(x) ? x : y;
}

function binary(op: BinaryFunction): Kernel {
	return ([x, y], context) => {
		try {
			return [combine(x!, y!, op, context)];
		} catch (error) {
			if (error instanceof RangeError) throw refusedValue(error.message);
			throw error;
		}
	};
}

function combine(x: TensorValue, y: TensorValue, op: BinaryFunction, context: KernelContext): TensorValue {
	const { dtype } = x;
	const walk = planBroadcast(x.shape, y.shape);
	const { shape, elements } = walk;
	const storage = dtypeStorage(dtype);
	if (isComplex(dtype)) return combineComplex(x, y, op, walk, context);
	if (isBigInts(x.data)) {
		if (!op.wide) throw noDtype(context, dtype);
		const data = new (x.data.constructor as BigInt64ArrayConstructor)(elements) as BigInts;
		combinePairs(walk, x.data as BigInt64Array, y.data as BigInt64Array, data as BigInt64Array, op.wide);
		return { dtype, shape, data };
	}
	if (isSixteenBitFloat(dtype)) {
		if (!op.real) throw noDtype(context, dtype);
		const data = new Float32Array(elements);
		combinePairs(walk, widen(x), widen(y), data, rounded(op, rounding(dtype)) ?? op.real);
		return { dtype, shape, data: narrow(data, dtype) };
	}
	if (!isNumbers(x.data) || dtype === DT_BOOL) throw noDtype(context, dtype);
	const isFloat = storage === 'float32' || storage === 'float64';
	const single = storage === 'float32' ? rounded(op, fround) : undefined;
	const apply = isFloat ? (single ?? op.real) : (op.integer ?? op.real);
	if (!apply || apply === 'none') throw noDtype(context, dtype);
	const data = new (x.data.constructor as Float32ArrayConstructor)(elements);
	combinePairs(walk, x.data, y.data as Numbers, data, apply);
	return { dtype, shape, data };
}

function rounded(op: BinaryFunction, round: (value: number) => number): RealFunction | undefined {
	const { stepwise } = op;
	return stepwise && ((x, y) => stepwise(x, y, round));
}

function combineComplex(
	x: TensorValue,
	y: TensorValue,
	op: BinaryFunction,
	walk: BroadcastPlan,
	context: KernelContext,
): TensorValue {
	if (!op.complex) throw noDtype(context, x.dtype);
	const a = x.data as Float32Array;
	const b = y.data as Float32Array;
	const data = new (a.constructor as Float32ArrayConstructor)(walk.elements * 2);
	for (let i = 0; i < walk.elements; i++) {
		const left =
			2 * (walk.way === 'same' || walk.way === 'right' ? i : walk.way === 'left' ? 0 : walk.left[i]!);
		const right =
			2 * (walk.way === 'same' || walk.way === 'left' ? i : walk.way === 'right' ? 0 : walk.right[i]!);
		const [real, imaginary] = op.complex(a[left]!, a[left + 1]!, b[right]!, b[right + 1]!);
		data[2 * i] = real;
		data[2 * i + 1] = imaginary;
	}
	return { dtype: x.dtype, shape: walk.shape, data };
}

/** Strings joined pairwise: what `Add` is for them. */
const addStrings: Kernel = ([x, y]) => {
	const walk = planBroadcast(x!.shape, y!.shape);
	const data = new Array<Uint8Array>(walk.elements);
	combinePairs(
		walk,
		x!.data as never,
		y!.data as never,
		data as never,
		((a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b])) as never,
	);
	return [{ dtype: DT_STRING, shape: walk.shape, data }];
};

const add: Kernel = (inputs, context) =>
	inputs[0]!.dtype === DT_STRING ? addStrings(inputs, context) : binary(functions.Add!)(inputs, context);

export const binaryOps: readonly OpDeclaration[] = [
	{ names: ['Add', 'AddV2'], kernel: add },
	...Object.entries(functions)
		.filter(([name]) => name !== 'Add')
		.map(
			([name, op]): OpDeclaration => ({
				names: [name],
				...(op.real || op.integer ? { kernel: binary(op) } : {}),
			}),
		),
].map((op) => ({
	...op,
	shape: broadcastShape,
	...oneFlopAnElement,
	flushesDenormals: true,
}));
