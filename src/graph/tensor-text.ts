/** The C++ tool's text of a tensor: `Tensor<type: float shape: [2,2] values: [1 2][3...]...>` (spec: core-and-rewiring 10.2). */
import {
	DT_BFLOAT16,
	DT_BOOL,
	DT_HALF,
	DT_QINT32,
	DT_STRING,
	dtypeName,
	dtypeSize,
	dtypeStorage,
} from './dtype.ts';
import { fromBfloat16, fromHalf } from './half.ts';
import { doubleText, escapeBytes, floatText } from './number-text.ts';
import type { Tensor, TensorData } from './tensor.ts';
import { decodeElements } from './tensor-data.ts';

/** Elements that the tool shows. */
const SHOWN = 3;

/** @throws when the tensor cannot be decoded. */
export function tensorText(tensor: Tensor): string {
	const shape = `[${tensor.shape.join(',')}]`;
	return `Tensor<type: ${dtypeName(tensor.dtype)} shape: ${shape} values: ${valuesText(tensor)}>`;
}

function valuesText(tensor: Tensor): string {
	if (tensor.elements === 0) return '';
	const rest = tensor.elements > SHOWN ? '...' : '';
	const data = firstElements(tensor, SHOWN);
	const texts: string[] = [];
	for (let i = 0; i < Math.min(SHOWN, tensor.elements); i++)
		texts.push(elementText(tensor.dtype, data, i) ?? '?');
	const bracketed = tensor.shape.length > 1 && !texts.includes('?');
	return (bracketed ? bracket(tensor.shape, texts) : texts.join(' ')) + rest;
}

/** Rows in brackets, without the outermost pair; a row that stops in its middle ends in `...`. */
function bracket(shape: readonly number[], texts: readonly string[]): string {
	let text = '';
	let shown = 0;
	const row = (dim: number): void => {
		const size = shape[dim]!;
		for (let i = 0; i < size && shown < texts.length; i++) {
			if (dim < shape.length - 1) {
				text += '[';
				row(dim + 1);
				text += ']';
			} else text += `${i > 0 ? ' ' : ''}${texts[shown++]}`;
			// The tool stops inside this row: more of it would follow.
			if (dim === shape.length - 1 && shown === texts.length && i < size - 1) text += '...';
		}
	};
	row(0);
	return text;
}

/** The first `count` values of a decodable tensor, without making the rest. */
function firstElements(tensor: Tensor, count: number): TensorData {
	if (tensor.elements <= count) return tensor.data;
	const size = dtypeSize(tensor.dtype);
	// Strings stand behind the lengths of all of them.
	const content = tensor.content.subarray(0, size > 0 ? size * count : undefined);
	const elements = size === 0 && tensor.hasContent ? tensor.elements : count;
	return decodeElements({ dtype: tensor.dtype, bytes: tensor.bytes, content, elements });
}

/** One element as the tool prints it; undefined for types that it has no text for. */
export function elementText(dtype: number, data: TensorData, index: number): string | undefined {
	const value = data[index]!;
	if (typeof value === 'object') return dtype === DT_STRING ? escapeBytes(value, true) : undefined;
	if (typeof value === 'bigint') return String(value);
	if (dtype === DT_BOOL) return value ? '1' : '0';
	if (dtype === DT_HALF) return realText(fromHalf(value), value >= 0x8000);
	if (dtype === DT_BFLOAT16) return realText(fromBfloat16(value), value >= 0x8000);
	const float8 = float8Formats[dtype];
	if (float8) return realText(float8ToNumber(value, float8), value >= 0x80);
	const storage = dtypeStorage(dtype);
	if (storage === 'float32' || storage === 'float64') {
		if (Number.isNaN(value)) return isNegative(data, index) ? '-nan' : 'nan';
		return storage === 'float32' ? floatText(value) : doubleText(value);
	}
	if (storage.startsWith('complex') || dtype === DT_QINT32 || dtype > 30) return undefined;
	return String(value);
}

function realText(value: number, negative: boolean): string {
	return Number.isNaN(value) ? (negative ? '-nan' : 'nan') : floatText(value);
}

/** The sign bit, which a NaN loses on its way to a number. */
function isNegative(data: TensorData, index: number): boolean {
	if (!(data instanceof Float32Array || data instanceof Float64Array)) return false;
	const last = (index + 1) * data.BYTES_PER_ELEMENT - 1;
	return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)[last]! >= 0x80;
}

interface Float8 {
	readonly mantissaBits: number;
	readonly bias: number;
	/** `ieee`: infinities and NaNs at the largest exponent. `fn`: one NaN, 0x7f. `fnuz`: one NaN, 0x80, no −0. */
	readonly kind: 'ieee' | 'fn' | 'fnuz';
}

const float8Formats: Readonly<Record<number, Float8>> = {
	24: { mantissaBits: 2, bias: 15, kind: 'ieee' },
	25: { mantissaBits: 3, bias: 7, kind: 'fn' },
	26: { mantissaBits: 3, bias: 8, kind: 'fnuz' },
	27: { mantissaBits: 3, bias: 11, kind: 'fnuz' },
	28: { mantissaBits: 2, bias: 16, kind: 'fnuz' },
};

function float8ToNumber(bits: number, format: Float8): number {
	const { mantissaBits, bias, kind } = format;
	const sign = bits & 0x80 ? -1 : 1;
	const magnitude = bits & 0x7f;
	const exponent = magnitude >> mantissaBits;
	const mantissa = magnitude & ((1 << mantissaBits) - 1);
	if (kind === 'fnuz' && bits === 0x80) return Number.NaN;
	if (kind === 'fn' && magnitude === 0x7f) return Number.NaN;
	if (kind === 'ieee' && exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	if (exponent === 0) return sign * mantissa * 2 ** (1 - bias - mantissaBits);
	return sign * ((1 << mantissaBits) + mantissa) * 2 ** (exponent - bias - mantissaBits);
}
