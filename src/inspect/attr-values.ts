/** Attribute values as text and as JSON: what queries compare and `show` prints. */
import type { Attr } from '../graph/attr.ts';
import { dtypeName } from '../graph/dtype.ts';
import { decodeText } from '../graph/text.ts';
import { formatShape } from './output-shapes.ts';

/** A plain JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** `SAME`, `float`, `[1,2,2,1]`, `true`, `[?,24,24,3]`; a tensor as its dtype and shape. */
export function attrText(attr: Attr): string {
	if (attr.kind === 'shape') return formatShape(attr.shape);
	if (attr.kind === 'tensor') return tensorText(attr);
	return jsonText(attrJson(attr));
}

function jsonText(value: Json): string {
	if (typeof value === 'string') return value;
	if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function isList(value: Json): value is readonly Json[] {
	return Array.isArray(value);
}

function tensorText(attr: Attr): string {
	const tensor = attr.tensor!;
	return `${dtypeName(tensor.dtype)}${formatShape(tensor.shape)}`;
}

/** Types by name, shapes with −1 and null, tensors as `{dtype, shape}`, functions as `{function}`. */
export function attrJson(attr: Attr): Json {
	switch (attr.kind) {
		case 's':
			return attr.string!;
		case 'i':
			return plainInteger(attr.bigint!);
		case 'f':
			return plainNumber(attr.float!);
		case 'b':
			return attr.bool!;
		case 'type':
			return dtypeName(attr.type!);
		case 'shape':
			return attr.shape ?? null;
		case 'tensor':
			return { dtype: dtypeName(attr.tensor!.dtype), shape: attr.tensor!.shape };
		case 'func':
			return { function: attr.functionName! };
		case 'list':
			return listJson(attr);
		case 'placeholder':
			return { placeholder: attr.value.placeholder ?? '' };
		default:
			return null;
	}
}

/** JSON numbers are exact up to 2^53; beyond that the digits come as text. */
function plainInteger(value: bigint): number | string {
	return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** JSON has no infinities. */
function plainNumber(value: number): number | string {
	return Number.isFinite(value) ? Number(value.toPrecision(7)) : String(value);
}

function listJson(attr: Attr): Json {
	const list = attr.value.list!;
	if (list.type.length > 0) return list.type.map(dtypeName);
	if (list.s.length > 0) return list.s.map((bytes) => decodeText(bytes));
	if (list.i.length > 0) return list.i.map(Number);
	if (list.f.length > 0) return list.f.map(plainNumber);
	if (list.b.length > 0) return list.b;
	if (list.shape.length > 0)
		return list.shape.map((shape) => (shape.unknown_rank ? null : shape.dim.map((dim) => Number(dim.size))));
	if (list.func.length > 0) return list.func.map((func) => ({ function: func.name }));
	if (list.tensor.length > 0) return list.tensor.map((tensor) => ({ dtype: dtypeName(tensor.dtype) }));
	return [];
}

/** One line of at most `width` characters. */
export function shortAttrText(attr: Attr, width = 80): string {
	const text = attrText(attr);
	return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
