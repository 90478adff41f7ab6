/** When TensorFlow's `compare_graphs` takes two attributes for equal (spec: core-and-rewiring 8.2). */
import { type AttrValue, AttrValueCodec } from '../../proto/codec.ts';
import type { Attr } from '../graph/attr.ts';
import { dtypeSize } from '../graph/dtype.ts';
import type { Tensor } from '../graph/tensor.ts';
import { contentOf } from '../graph/tensor-writer.ts';
import { attrOf } from './attr-text.ts';

/** Tensors by their values, functions by name and attributes, everything else by its canonical bytes. */
export function sameAttr(a: Attr, b: Attr): boolean {
	const [type, other] = [a.type ?? 0, b.type ?? 0];
	if (type !== other) return false;
	if (type !== 0) return true;
	if (a.kind === 'tensor' || b.kind === 'tensor')
		return a.tensor !== undefined && b.tensor !== undefined && sameTensor(a.tensor, b.tensor);
	if (a.kind === 'func' || b.kind === 'func')
		return a.kind === b.kind && sameFunction(a.value.func!, b.value.func!);
	return sameBytes(a.bytes, b.bytes) || sameBytes(canonical(a), canonical(b));
}

/** A tensor that cannot be decoded is unequal even to itself, save for one case that TensorFlow takes a shortcut in. */
function sameTensor(a: Tensor, b: Tensor): boolean {
	const [size, other] = [decodedSize(a), decodedSize(b)];
	if (size !== other) return false;
	const identical = sameBytes(a.bytes, b.bytes);
	if (identical && a.bytes.length < 512 && size > 4096) return true;
	if (!a.decodable || !b.decodable) return false;
	if (identical) return true;
	if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false;
	if (a.shape.some((dim, i) => dim !== b.shape[i])) return false;
	return sameBytes(contentOf(a), contentOf(b));
}

function decodedSize(tensor: Tensor): number {
	return tensor.shape.some((dim) => dim < 0) ? -1 : tensor.elements * dtypeSize(tensor.dtype);
}

type Func = NonNullable<AttrValue['func']>;

function sameFunction(a: Func, b: Func): boolean {
	const keys = Object.keys(a.attr);
	return (
		a.name === b.name &&
		keys.length === Object.keys(b.attr).length &&
		keys.every((key) => Object.hasOwn(b.attr, key) && sameAttr(attrOf(a.attr[key]), attrOf(b.attr[key])))
	);
}

function canonical(attr: Attr): Uint8Array {
	return AttrValueCodec.encode(attr.value);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return Buffer.compare(a, b) === 0;
}
