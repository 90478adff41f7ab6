/** A graph in the form that the goldens are written in (`shared/goldens/README.md`). */
import { createHash } from 'node:crypto';
import type { AttrValue, NameAttrList, TensorProto, TensorShapeProto } from '../../proto/codec.ts';
import { TensorProtoCodec, VersionDefCodec } from '../../proto/codec.ts';
import type { Attr } from '../../src/graph/attr.ts';
import { dtypeEnumName } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Node } from '../../src/graph/node.ts';
import { Tensor, type TensorData } from '../../src/graph/tensor.ts';
import { contentOf } from '../../src/graph/tensor-writer.ts';
import { compareBytes } from '../../src/graph/text.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface GoldenNode {
	readonly name?: string;
	readonly op?: string;
	readonly input?: readonly string[];
	readonly device?: string;
	readonly attr?: Readonly<Record<string, Json>>;
}

/** A node, empty fields left out, attributes sorted by name. */
export function goldenNode(node: Node): GoldenNode {
	const attr: Record<string, Json> = {};
	for (const name of [...node.attrs.keys()].sort(compareBytes))
		attr[name] = goldenAttr(node.attrs.get(name)!);
	return {
		...(node.name && { name: node.name }),
		...(node.op && { op: node.op }),
		...(node.inputs.length > 0 && { input: node.inputs }),
		...(node.device && { device: node.device }),
		...(node.attrs.size > 0 && { attr }),
	};
}

const known = new WeakMap<Attr, Json>();

function goldenAttr(attr: Attr): Json {
	let form = known.get(attr);
	if (form === undefined) {
		form = attr.tensor ? { tensor: goldenTensor(attr.tensor) } : attrValue(attr.value);
		known.set(attr, form);
	}
	return form;
}

/** Members of the oneof that are not set still read as their defaults: only own properties count. */
function attrValue(value: AttrValue): Json {
	const set = <K extends keyof AttrValue>(key: K): AttrValue[K] | undefined =>
		Object.hasOwn(value, key) ? value[key] : undefined;
	const s = set('s');
	if (s) return text(s);
	const i = set('i');
	if (i !== undefined) return { i: integer(i) };
	const f = set('f');
	if (f !== undefined) return { f: real(f) };
	const b = set('b');
	if (b !== undefined) return { b };
	const type = set('type');
	if (type !== undefined) return { type: enumName(type) };
	const sizes = set('shape');
	if (sizes) return { shape: shape(sizes) };
	const tensor = set('tensor');
	if (tensor) return { tensor: tensorProto(tensor) };
	const called = set('func');
	if (called) return { func: func(called) };
	const placeholder = set('placeholder');
	if (placeholder !== undefined) return { placeholder };
	const list = set('list');
	return list ? { list: listValue(list) } : {};
}

function listValue(value: NonNullable<AttrValue['list']>): Json {
	const list: Record<string, Json> = {};
	const { s, i, f, b, type, shape: shapes, tensor, func: funcs } = value;
	if (s.length > 0) list.s = s.map((bytes) => utf8(bytes) ?? { s64: base64(bytes) });
	if (i.length > 0) list.i = i.map(integer);
	if (f.length > 0) list.f = f.map(real);
	if (b.length > 0) list.b = b;
	if (type.length > 0) list.type = type.map(enumName);
	if (shapes.length > 0) list.shape = shapes.map(shape);
	if (tensor.length > 0) list.tensor = tensor.map(tensorProto);
	if (funcs.length > 0) list.func = funcs.map(func);
	return list;
}

function utf8(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function text(bytes: Uint8Array): Json {
	const decoded = utf8(bytes);
	return decoded === undefined ? { s64: base64(bytes) } : { s: decoded };
}

function integer(value: { toString(): string }): Json {
	const number = Number(value.toString());
	return Number.isSafeInteger(number) ? number : value.toString();
}

const real = (value: number): Json => (Number.isFinite(value) ? value : String(value));

const enumName = (dtype: number): Json => dtypeEnumName(dtype) ?? dtype;

const shape = (value: TensorShapeProto): Json =>
	value.unknown_rank ? null : value.dim.map((dim) => integer(dim.size));

function func(value: NameAttrList): Json {
	const attr: Record<string, Json> = {};
	for (const name of Object.keys(value.attr).sort(compareBytes)) attr[name] = attrValue(value.attr[name]!);
	return { name: value.name, attr };
}

const tensorProto = (value: TensorProto): Json =>
	goldenTensor(Tensor.read(TensorProtoCodec.encode(value as Parameters<typeof TensorProtoCodec.encode>[0])));

const MOST_VALUES = 8;

/** `{dtype, shape, sha256, fp, v}` of a tensor's values, however they are packed. */
export function goldenTensor(tensor: Tensor): Json {
	const head = { dtype: enumName(tensor.dtype), shape: [...tensor.shape] };
	if (!tensor.decodable) return { ...head, malformed: true };
	const data = tensor.data;
	const sha256 = createHash('sha256').update(hashedBytes(tensor, data)).digest('hex');
	if (!ArrayBuffer.isView(data)) {
		const v = data.length <= MOST_VALUES ? { v: data.map((bytes) => utf8(bytes) ?? base64(bytes)) } : {};
		return { ...head, sha256, ...v };
	}
	return { ...head, sha256, ...numbers(tensor, data) };
}

function hashedBytes(tensor: Tensor, data: TensorData): Uint8Array {
	if (ArrayBuffer.isView(data)) return contentOf(tensor);
	return Buffer.concat(
		data.flatMap((bytes) => {
			const length = Buffer.alloc(4);
			length.writeUInt32LE(bytes.length);
			return [length, bytes];
		}),
	);
}

function numbers(tensor: Tensor, data: Exclude<TensorData, readonly Uint8Array[]>): { fp?: Json; v?: Json } {
	const values = Array.from(data as ArrayLike<number | bigint>, Number);
	const isFloat = data instanceof Float32Array || data instanceof Float64Array;
	const narrow = tensor.dtype === 19 || tensor.dtype === 14;
	if (narrow || tensor.dtype === 8 || tensor.dtype === 18) return {};
	const few = values.length <= MOST_VALUES;
	return {
		...((isFloat || !few) && values.length > 0 && { fp: fingerprint(values) }),
		...(few && { v: tensor.dtype === 10 ? values.map((value) => value !== 0) : values.map(real) }),
	};
}

function fingerprint(values: readonly number[]): Json {
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	let sum = 0;
	let squares = 0;
	for (const value of values) {
		if (value < min) min = value;
		if (value > max) max = value;
		sum += value;
		squares += value * value;
	}
	return [min, max, sum / values.length, Math.sqrt(squares)].map(real);
}

/** `[producer, min_consumer]`; zeros where the graph has no versions. */
export function goldenVersions(graph: Graph): readonly number[] {
	if (!graph.parts.versions) return [0, 0];
	const versions = VersionDefCodec.decode(graph.parts.versions);
	return [versions.producer, versions.min_consumer];
}

/** `[name, nodes]` of every function. The goldens' digests hash another language's way to write floats. */
export function goldenLibrary(graph: Graph): Json {
	return graph.functions.functions.map(({ name, nodes }) => [name, nodes.length]);
}
