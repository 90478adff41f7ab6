/** Values in another dtype: Cast and Bitcast. */
import { DT_BOOL, dtypeName, dtypeSize, dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { contentOf } from '../graph/tensor-writer.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { UNKNOWN } from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	isBigInts,
	isComplex,
	isNumbers,
	isSixteenBitFloat,
	narrow,
	widen,
} from './values.ts';

/** What a processor makes of a float beyond an int32: the smallest integer. */
const OUT_OF_RANGE = -(2 ** 31);

const cast: Kernel = ([x], context) => {
	const wanted = context.outputDtypes[0] ?? context.attr('DstT')?.type ?? x!.dtype;
	if (wanted === x!.dtype) return [x!];
	const supported =
		!isComplex(wanted) &&
		!isComplex(x!.dtype) &&
		![wanted, x!.dtype].some((dtype) => ['string', 'opaque'].includes(dtypeStorage(dtype)) || dtype >= 24);
	if (!supported)
		throw cannotRun(context, `from ${dtypeName(x!.dtype)} to ${dtypeName(wanted)} is not implemented`);
	if (context.attr('Truncate')?.bool) throw cannotRun(context, 'Truncate is not implemented');
	return [castValue(x!, wanted)];
};

/** A tensor of real numbers in another dtype, converted as C++ on x86-64 does. */
function castValue(x: TensorValue, dtype: number): TensorValue {
	const { shape } = x;
	const source = isSixteenBitFloat(x.dtype) ? widen(x) : x.data;
	const count = elementCount(shape);
	if (dtype === DT_BOOL) {
		const flags = new Uint8Array(count);
		for (let i = 0; i < count; i++) flags[i] = Number(source[i]) !== 0 ? 1 : 0;
		return { dtype, shape, data: flags };
	}
	if (isSixteenBitFloat(dtype)) {
		const wide = new Float32Array(count);
		for (let i = 0; i < count; i++) wide[i] = Number(source[i]);
		return { dtype, shape, data: narrow(wide, dtype) };
	}
	const data = allocate(dtype, count);
	const fromFloat = source instanceof Float32Array || source instanceof Float64Array;
	if (isBigInts(data)) {
		for (let i = 0; i < count; i++) data[i] = isBigInts(source) ? source[i]! : wideInteger(Number(source[i]));
	} else if (isNumbers(data)) {
		const toFloat = data instanceof Float32Array || data instanceof Float64Array;
		if (isBigInts(source)) {
			for (let i = 0; i < count; i++)
				data[i] = toFloat ? Number(source[i]) : Number(BigInt.asIntN(32, source[i]!));
		} else if (!toFloat && fromFloat) for (let i = 0; i < count; i++) data[i] = integer(source[i]!, dtype);
		else for (let i = 0; i < count; i++) data[i] = Number(source[i]);
	}
	return { dtype, shape, data };
}

function integer(value: number, dtype: number): number {
	const whole = Math.trunc(value);
	if (dtypeStorage(dtype) === 'uint32') return Number(BigInt.asUintN(32, wideInteger(value)));
	return whole >= -(2 ** 31) && whole < 2 ** 31 ? whole : OUT_OF_RANGE;
}

function wideInteger(value: number): bigint {
	const whole = Math.trunc(value);
	return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : -(2n ** 63n);
}

const bitcastShape: ShapeFunction = ({ inputs, attr }) => {
	const shape = inputs[0]!;
	if (shape === null) return [UNKNOWN];
	const from = dtypeSize(attr('T')?.type ?? 0);
	const to = dtypeSize(attr('type')?.type ?? 0);
	if (from === to || from === 0 || to === 0) return [shape];
	return [from > to ? [...shape, from / to] : shape.slice(0, -1)];
};

const bitcast: Kernel = ([x], context) => {
	const dtype = context.outputDtypes[0] ?? 0;
	const from = dtypeSize(x!.dtype);
	const to = dtypeSize(dtype);
	if (from === 0 || to === 0) throw cannotRun(context, `to ${dtypeName(dtype)} is not implemented`);
	const shape = from === to ? x!.shape : from > to ? [...x!.shape, from / to] : x!.shape.slice(0, -1);
	const data = allocate(dtype, elementCount(shape));
	if (!ArrayBuffer.isView(data)) throw cannotRun(context, 'strings have no bits');
	new Uint8Array(data.buffer).set(contentOf(x!));
	return [{ dtype, shape, data }];
};

/** A number is true when it is not zero, a string when it is not empty, another tensor when it has elements. */
export function isTrue({ shape, data }: TensorValue): boolean {
	if (shape.length > 0) return data.length > 0;
	const value = data[0];
	return value instanceof Uint8Array ? value.length > 0 : Boolean(value);
}

const toBool: Kernel = ([input]) => [
	{ dtype: DT_BOOL, shape: [], data: Uint8Array.of(isTrue(input!) ? 1 : 0) },
];

export const castOps: readonly OpDeclaration[] = [
	{
		names: ['Cast'],
		shape: unchangedShape,
		kernel: cast,
		...oneFlopAnElement,
		limits: 'no complex types, no Truncate',
	},
	{ names: ['ToBool'], shape: () => [[]], kernel: toBool },
	{ names: ['Bitcast'], shape: bitcastShape, kernel: bitcast },
];
