/**
 * The one-line-a-node notation that show, preview, diff, goldens and documents use:
 *
 *   x = Placeholder {dtype: float, shape: shape[?,4]}
 *   w = Const {dtype: float, value: float[2,2] 1 2 3 4}
 *   y = MatMul(x, w:0, ^init) @"/cpu:0" {T: float, transpose_a: false}
 *
 * Inputs stand as in the file. A constant of up to 16 elements shows all of them; a larger one its shape, the
 * first digits of its bytes' sha256, and its range. `read-listing.ts` reads it back.
 */
import { createHash } from 'node:crypto';
import {
	type AttrValue,
	AttrValueCodec,
	TensorProtoCodec,
	TensorShapeProtoCodec,
} from '../../proto/codec.ts';
import { Attr } from './attr.ts';
import { DT_BOOL, DT_COMPLEX64, DT_STRING, dtypeEnumName, dtypeName, dtypeStorage } from './dtype.ts';
import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import { doubleText, escapeBytes, floatText } from './number-text.ts';
import { readShapeProto, type ShapeProto } from './shape-proto.ts';
import { Tensor, type TensorValue } from './tensor.ts';
import { elementText } from './tensor-text.ts';
import { compareBytes, encodeText } from './text.ts';

/** Elements up to which a constant is written out. */
const WRITTEN_OUT = 16;

/** All nodes in file order, one a line. */
export function listGraph(graph: Graph): string {
	return graph.nodes.map((node) => `${listNode(node)}\n`).join('');
}

/** One node without a line feed. Attributes are sorted by name. */
export function listNode(node: Node): string {
	const inputs = node.inputs.length > 0 ? `(${node.inputs.map(listInput).join(', ')})` : '';
	const device = node.device ? ` @${quoted(node.device)}` : '';
	const names = [...node.attrs.keys()].sort(compareBytes);
	const attrs = names.map((name) => `${word(name)}: ${listAttr(node.attrs.get(name)!)}`);
	const braces = attrs.length > 0 ? ` {${attrs.join(', ')}}` : '';
	return `${word(node.name)} = ${word(node.op)}${inputs}${device}${braces}`;
}

const BARE = /^[A-Za-z0-9_.][\w./\\>-]*$/;

function word(text: string): string {
	return BARE.test(text) ? text : quoted(text);
}

function listInput(input: string): string {
	return /^\^?[A-Za-z0-9_.][\w./\\>-]*(:\d+)?$/.test(input) ? input : quoted(input);
}

function quoted(text: string): string {
	return `"${escapeBytes(encodeText(text))}"`;
}

/** An attribute's value. */
export function listAttr(attr: Attr): string {
	switch (attr.kind) {
		case 's':
			return `"${escapeBytes(attr.member('s')!)}"`;
		case 'i':
			return String(attr.bigint);
		case 'f':
			return floatLiteral(attr.float!);
		case 'b':
			return String(attr.bool);
		case 'type':
			return typeWord(attr.type!);
		case 'shape':
			return shapeWord(readShapeProto(attr.member('shape')!));
		case 'tensor':
			return listTensor(attr.tensor!);
		case 'list':
			return `[${listItems(attr.value).join(', ')}]`;
		case 'func':
			return functionWord(attr.value.func!);
		case 'placeholder':
			return `$${word(attr.value.placeholder!)}`;
		default:
			return 'none';
	}
}

/** With a point or an exponent, so that it is no integer. */
function floatLiteral(value: number): string {
	const text = floatText(value);
	return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function typeWord(dtype: number): string {
	return dtypeEnumName(dtype) === undefined ? `type(${dtype})` : dtypeName(dtype);
}

function shapeWord({ sizes, unknownRank }: ShapeProto): string {
	return unknownRank ? 'shape?' : `shape[${sizes.map((size) => (size === -1n ? '?' : size)).join(',')}]`;
}

function listItems({ list }: AttrValue): string[] {
	if (!list) return [];
	return [
		...list.s.map((item) => `"${escapeBytes(item)}"`),
		...list.i.map(String),
		...list.f.map(floatLiteral),
		...list.b.map(String),
		...list.type.map(typeWord),
		...list.shape.map((item) => shapeWord(readShapeProto(TensorShapeProtoCodec.encode(item)))),
		...list.tensor.map((item) => listTensor(Tensor.read(TensorProtoCodec.encode(item)))),
		...list.func.map(functionWord),
	];
}

function functionWord({ name, attr }: NonNullable<AttrValue['func']>): string {
	const entries = Object.keys(attr)
		.sort(compareBytes)
		.map((key) => `${word(key)}: ${listAttr(new Attr(AttrValueCodec.encode(attr[key]!)))}`);
	return `&${word(name)}{${entries.join(', ')}}`;
}

/** `float[2,2] 1 2 3 4`; of many elements `float[3,3,64] #4f0c1a2b -0.31…0.42`. */
function listTensor(tensor: Tensor): string {
	const head = `${typeWord(tensor.dtype)}[${tensor.shape.join(',')}]`;
	if (!tensor.decodable) return `${head} invalid #${digest([tensor.bytes])}`;
	if (tensor.elements === 0) return head;
	if (tensor.elements <= WRITTEN_OUT && elementLiteral(tensor, 0) !== undefined) {
		const values = Array.from({ length: tensor.elements }, (_, i) => elementLiteral(tensor, i));
		return `${head} ${values.join(' ')}`;
	}
	return `${head} #${tensorDigest(tensor)}${rangeText(tensor)}`;
}

function elementLiteral(tensor: TensorValue, index: number): string | undefined {
	const { dtype, data } = tensor;
	const value = data[index];
	if (typeof value === 'object') return dtype === DT_STRING ? `"${escapeBytes(value)}"` : undefined;
	if (dtypeStorage(dtype).startsWith('complex')) {
		const show = dtype === DT_COMPLEX64 ? floatText : doubleText;
		return `(${show(Number(data[2 * index]))},${show(Number(data[2 * index + 1]))})`;
	}
	if (dtype === DT_BOOL) return value ? 'true' : 'false';
	// The tool has no text for some integers (qint32): their plain number serves.
	return elementText(dtype, data, index) ?? String(value);
}

function tensorDigest({ data }: Tensor): string {
	if (ArrayBuffer.isView(data))
		return digest([new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
	return digest(data);
}

function digest(pieces: readonly Uint8Array[]): string {
	const hash = createHash('sha256');
	for (const piece of pieces) hash.update(piece);
	return hash.digest('hex').slice(0, 8);
}

/** Smallest and largest value, as numbers of the tensor's own type; empty where they have no order. */
function rangeText(tensor: Tensor): string {
	const { data } = tensor;
	const storage = dtypeStorage(tensor.dtype);
	if (!ArrayBuffer.isView(data) || storage.startsWith('complex')) return '';
	let [low, high] = [0, 0];
	const real = (index: number): number => Number(elementText(tensor.dtype, data, index) ?? data[index]);
	const direct = storage !== 'uint16' && storage !== 'uint8';
	for (let i = 1; i < data.length; i++) {
		const value = direct ? data[i]! : real(i);
		if (value < (direct ? data[low]! : real(low))) low = i;
		if (value > (direct ? data[high]! : real(high))) high = i;
	}
	return ` ${elementLiteral(tensor, low)}…${elementLiteral(tensor, high)}`;
}
