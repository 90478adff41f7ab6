/** Ops that take axes away: sums, products, extremes, means, logical ones, positions of extremes, running sums. */
import { dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Flops, Kernel, KernelContext, OpDeclaration, ShapeFunction } from './define.ts';
import { elementsOf, misfit, UNKNOWN, unknownSizes, withRankAtMost } from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integers,
	isBigInts,
	isComplex,
	isNumbers,
	isSixteenBitFloat,
	narrow,
	noDtype,
	stridesOf,
	widen,
} from './values.ts';

const reductionShape: ShapeFunction = ({ inputs, value, attr, producer }) => {
	const shape = inputs[0]!;
	if (producer >= 21) withRankAtMost(inputs[1], 1);
	const keep = attr('keep_dims')?.bool ?? false;
	const axesValue = value(1);
	if (!axesValue || shape === null) return [keep && shape !== null ? unknownSizes(shape.length) : UNKNOWN];
	const axes = new Set<number>();
	for (const axis of integers(axesValue)) {
		if (axis < -shape.length || axis >= shape.length)
			throw misfit(`Invalid reduction dimension ${axis} for input with ${shape.length} dimensions.`);
		axes.add(axis < 0 ? axis + shape.length : axis);
	}
	if (keep) return [shape.map((size, axis) => (axes.has(axis) ? 1 : size))];
	return [shape.filter((_, axis) => !axes.has(axis))];
};

/** One operation an element of the input. */
export const inputFlops: Flops = ({ inputs }) => {
	const elements = elementsOf(inputs[0] ?? null);
	return elements < 0 ? undefined : elements;
};

interface Reduction {
	readonly start: number;
	readonly combine: (a: number, b: number) => number;
	readonly wide?: (a: bigint, b: bigint) => bigint;
	/** What is made of the total; sums of more than a few elements are kept in float64 and rounded once. */
	readonly finish?: (total: number, count: number) => number;
}

const reductions: Readonly<Record<string, Reduction>> = {
	Sum: { start: 0, combine: (a, b) => a + b, wide: (a, b) => a + b },
	Mean: {
		start: 0,
		combine: (a, b) => a + b,
		wide: (a, b) => a + b,
		finish: (total, count) => total / count,
	},
	Prod: { start: 1, combine: (a, b) => a * b, wide: (a, b) => a * b },
	Max: { start: Number.NEGATIVE_INFINITY, combine: (a, b) => (a > b || Number.isNaN(a) ? a : b) },
	Min: { start: Number.POSITIVE_INFINITY, combine: (a, b) => (a < b || Number.isNaN(a) ? a : b) },
	All: { start: 1, combine: (a, b) => a & b },
	Any: { start: 0, combine: (a, b) => a | b },
	EuclideanNorm: { start: 0, combine: (a, b) => a + b * b, finish: (total) => Math.sqrt(total) },
};

/** How a reduction walks: for each element of the input, the element of the result that it goes to. */
function targets(shape: readonly number[], axes: ReadonlySet<number>): Int32Array {
	const kept = shape.map((size, axis) => (axes.has(axis) ? 1 : size));
	const strides = stridesOf(kept).map((stride, axis) => (axes.has(axis) ? 0 : stride));
	const found = new Int32Array(elementCount(shape));
	const index = new Int32Array(shape.length);
	for (let i = 0, to = 0; i < found.length; i++) {
		found[i] = to;
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			to += strides[axis]!;
			if (++index[axis]! < shape[axis]!) break;
			to -= index[axis]! * strides[axis]!;
			index[axis] = 0;
		}
	}
	return found;
}

function reduce(op: Reduction): Kernel {
	return ([x, axesValue], context) => {
		const rank = x!.shape.length;
		const axes = new Set(integers(axesValue!).map((axis) => (axis < 0 ? axis + rank : axis)));
		for (const axis of axes)
			if (axis < 0 || axis >= rank)
				throw cannotRun(context, `Invalid reduction dimension (${axis} for input with ${rank} dimension(s)`);
		const keep = context.attr('keep_dims')?.bool ?? false;
		const shape = x!.shape.flatMap((size, axis) => (axes.has(axis) ? (keep ? [1] : []) : [size]));
		return [accumulate(x!, axes, shape, op, context)];
	};
}

/** Fewer elements than these are added one after the other, each sum rounded, as TensorFlow does. */
const FEW = 8;

function accumulate(
	x: TensorValue,
	axes: ReadonlySet<number>,
	shape: readonly number[],
	op: Reduction,
	context: KernelContext,
): TensorValue {
	const { dtype } = x;
	const to = targets(x.shape, axes);
	const elements = elementCount(shape);
	const count = elements === 0 ? 0 : to.length / elements;
	if (isComplex(dtype)) throw noDtype(context, dtype);
	if (isBigInts(x.data)) return accumulateWide(x, to, shape, op, context, count);
	if (!isNumbers(x.data)) throw noDtype(context, dtype);
	const source = isSixteenBitFloat(dtype) ? widen(x) : x.data;
	const total = new Float64Array(elements).fill(op.start);
	const storage = dtypeStorage(dtype);
	const whole = storage !== 'float32' && storage !== 'float64' && !isSixteenBitFloat(dtype);
	if (whole && op.combine === reductions.Prod!.combine)
		for (let i = 0; i < source.length; i++) total[to[i]!] = Math.imul(total[to[i]!]!, source[i]!);
	else if (storage === 'float32' && count < FEW)
		for (let i = 0; i < source.length; i++)
			total[to[i]!] = Math.fround(op.combine(total[to[i]!]!, source[i]!));
	else for (let i = 0; i < source.length; i++) total[to[i]!] = op.combine(total[to[i]!]!, source[i]!);
	const { finish } = op;
	if (finish) for (let i = 0; i < elements; i++) total[i] = finish(total[i]!, count);
	if (isSixteenBitFloat(dtype)) return { dtype, shape, data: narrow(Float32Array.from(total), dtype) };
	const data = allocate(dtype, elements) as Float32Array;
	if (whole && (op === reductions.Max || op === reductions.Min))
		clampEmpty(total, dtype, op === reductions.Max);
	for (let i = 0; i < elements; i++) data[i] = total[i]!;
	return { dtype, shape, data };
}

/** The extreme of no integers is the type's own limit. */
function clampEmpty(values: Float64Array, dtype: number, least: boolean): void {
	const limits: Readonly<Record<string, readonly [number, number]>> = {
		int8: [-128, 127],
		int16: [-32768, 32767],
		int32: [-(2 ** 31), 2 ** 31 - 1],
		uint8: [0, 255],
		uint16: [0, 65535],
		uint32: [0, 2 ** 32 - 1],
	};
	const limit = limits[dtypeStorage(dtype)]?.[least ? 0 : 1] ?? 0;
	for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) values[i] = limit;
}

function accumulateWide(
	x: TensorValue,
	to: Int32Array,
	shape: readonly number[],
	op: Reduction,
	context: KernelContext,
	count: number,
): TensorValue {
	const source = x.data as BigInt64Array;
	const data = new (source.constructor as BigInt64ArrayConstructor)(elementCount(shape));
	const signed = dtypeStorage(x.dtype) === 'int64';
	const extreme = op === reductions.Max || op === reductions.Min;
	if (extreme) {
		const largest = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
		data.fill(op === reductions.Min ? largest : signed ? -(2n ** 63n) : 0n);
		for (let i = 0; i < source.length; i++) {
			const now = data[to[i]!]!;
			if (op === reductions.Max ? source[i]! > now : source[i]! < now) data[to[i]!] = source[i]!;
		}
		return { dtype: x.dtype, shape, data };
	}
	if (!op.wide) throw noDtype(context, x.dtype);
	data.fill(BigInt(op.start));
	for (let i = 0; i < source.length; i++) data[to[i]!] = op.wide(data[to[i]!]!, source[i]!);
	if (op === reductions.Mean && count > 0)
		for (let i = 0; i < data.length; i++) data[i] = data[i]! / BigInt(count);
	return { dtype: x.dtype, shape, data };
}

export const reductionOps: readonly OpDeclaration[] = [
	...Object.entries(reductions).map(([name, op]) => ({
		names: [name],
		shape: reductionShape,
		kernel: reduce(op),
		flops: inputFlops,
		flopsRule: 'one an element of the input',
		flushesDenormals: true,
	})),
];
