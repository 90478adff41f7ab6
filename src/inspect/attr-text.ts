/** TensorFlow's one-line text of attributes and nodes: `SummarizeAttrValue`, `SummarizeNodeDef` (spec: core-and-rewiring 8.3). */
import {
	type AttrValue,
	AttrValueCodec,
	TensorProtoCodec,
	TensorShapeProtoCodec,
} from '../../proto/codec.ts';
import { printMessage } from '../formats/text-print.ts';
import { messageSchema } from '../formats/text-schema.ts';
import { Attr } from '../graph/attr.ts';
import { dtypeEnumName } from '../graph/dtype.ts';
import { fingerprint64 } from '../graph/farm-hash.ts';
import type { Node } from '../graph/node.ts';
import { escapeBytes, floatText } from '../graph/number-text.ts';
import { readShapeProto, shapeProblem, shapeText } from '../graph/shape-proto.ts';
import { Tensor } from '../graph/tensor.ts';
import { tensorText } from '../graph/tensor-text.ts';
import { compareBytes, encodeText } from '../graph/text.ts';

const NOTHING = new Uint8Array(0);

/** `{{node z}} = Mul[B=true, T=DT_FLOAT, _device="/d"](a, ^b)`. */
export function nodeText(node: Node): string {
	const attrs = [...node.attrs.keys()]
		.sort(compareBytes)
		.map((name) => `${name}=${attrText(node.attrs.get(name)!)}`);
	if (node.device) attrs.push(`_device="${node.device}"`);
	return `{{node ${node.name}}} = ${node.op}[${attrs.join(', ')}](${node.inputs.join(', ')})`;
}

/** `"text"`, `3`, `0.333333343`, `DT_FLOAT`, `[?,3]`, `Tensor<…>`, `[1, 2]`, `name[k=v]`. */
export function attrText(attr: Attr): string {
	switch (attr.kind) {
		case 's':
			return stringText(attr.member('s')!);
		case 'i':
			return String(attr.bigint);
		case 'f':
			return floatText(attr.float!);
		case 'b':
			return String(attr.bool);
		case 'type':
			return typeText(attr.type!);
		case 'shape':
			return shapeBytesText(attr.member('shape')!);
		case 'tensor':
			return tensorBytesText(attr.member('tensor')!);
		case 'list':
			return listText(attr.value);
		case 'func':
			return functionText(attr.value.func!);
		case 'placeholder':
			return `$${attr.value.placeholder}`;
		default:
			return '<Unknown AttrValue type>';
	}
}

const LONGEST_STRING = 80;

function stringText(bytes: Uint8Array): string {
	const text = escapeBytes(bytes);
	return text.length >= LONGEST_STRING ? `"${text.slice(0, 10)}...${text.slice(-10)}"` : `"${text}"`;
}

function typeText(dtype: number): string {
	return dtypeEnumName(dtype) ?? '';
}

function shapeBytesText(bytes: Uint8Array): string {
	const shape = readShapeProto(bytes);
	return shapeProblem(shape) ?? shapeText(shape);
}

function tensorBytesText(bytes: Uint8Array): string {
	const tensor = Tensor.read(bytes);
	if (tensor.decodable) return tensorText(tensor);
	const lines = Buffer.concat(printMessage(bytes, messageSchema('TensorProto'))).toString('latin1');
	return `<Invalid TensorProto: ${lines.trim().replace(/\s*\n\s*/g, ' ')}>`;
}

/** From so many pieces on a list is shortened. */
const LONGEST_LIST = 30;

function listText({ list }: AttrValue): string {
	if (!list) return '[]';
	const pieces = [
		() => list.s.map(stringText),
		() => list.i.map(String),
		() => list.f.map(floatText),
		() => list.b.map(String),
		() => list.type.map(typeText),
		() => list.shape.map((shape) => shapeBytesText(TensorShapeProtoCodec.encode(shape))),
		() => list.tensor.map((tensor) => tensorBytesText(TensorProtoCodec.encode(tensor))),
		() => list.func.map(functionText),
	];
	const texts = pieces.map((make) => make()).find((made) => made.length > 0) ?? [];
	if (texts.length < LONGEST_LIST) return `[${texts.join(', ')}]`;
	const shown = [...texts.slice(0, 5), '...', ...texts.slice(-5)].join(', ');
	return `[${shown}]{attr_hash=${fingerprint64(encodeText(texts.join(',')))}}`;
}

function functionText({ name, attr }: NonNullable<AttrValue['func']>): string {
	const entries = Object.entries(attr).map(([key, value]) => `${key}=${attrText(attrOf(value))}`);
	return `${name}[${entries.sort(compareBytes).join(', ')}]`;
}

/** A decoded AttrValue, such as those inside a function's, as an attribute. */
export function attrOf(value: AttrValue | undefined): Attr {
	return new Attr(value ? AttrValueCodec.encode(value) : NOTHING);
}
