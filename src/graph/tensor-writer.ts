/** Tensors as the C++ tool writes them into a TensorProto. */

import type { Tensor, TensorValue } from './tensor.ts';
import { typedFieldOf } from './tensor-data.ts';
import { BYTES, FIXED32, FieldWriter, VARINT } from './wire.ts';

/** A serialized TensorShapeProto; `null` is an unknown rank, −1 an unknown size. A size 0 is an empty dim. */
export function encodeShape(shape: readonly (number | bigint)[] | null): Uint8Array {
	const writer = new FieldWriter(32);
	if (shape === null) return writer.tag(3, VARINT).varint(1).finish();
	for (const size of shape) {
		const dim = new FieldWriter(12);
		if (Number(size) !== 0) dim.tag(1, VARINT).int64(BigInt(size));
		writer.bytes(2, dim.finish());
	}
	return writer.finish();
}

/** What a tensor is, without its values. */
export type TensorType = Omit<TensorValue, 'data'>;

/**
 * A length-delimited field with a TensorProto as the C++ tool's *content writer* has it: dtype, shape, and raw
 * little-endian `tensor_content` whatever the element count (spec: folding 1.3). The caller writes the content where
 * it lies, zeros as yet, so that weights are written once. Numbers of any size lie aligned there.
 * @param length bytes of the content.
 * @returns the buffer, where the field begins in it, and the content's bytes.
 */
export function tensorField(
	field: number,
	type: TensorType,
	length: number,
): { readonly buffer: Uint8Array; readonly start: number; readonly content: Uint8Array } {
	const header = tensorHeader(type);
	if (length > 0) header.tag(4, BYTES).varint(length);
	const tensor = header.finish();
	const size = tensor.length + length;
	const before = new FieldWriter(64).tag(field, BYTES).varint(size).raw(tensor).finish();
	const start = -before.length & 7;
	const buffer = new Uint8Array(start + before.length + length);
	buffer.set(before, start);
	return { buffer, start, content: buffer.subarray(start + before.length) };
}

/** A TensorProto of at most one element as the *attr writer* has it: in the typed field (spec: folding 1.3). */
export function encodeTypedElement(value: TensorValue): Uint8Array {
	const writer = tensorHeader(value);
	if (value.shape.every((size) => size === 1)) writeTyped(writer, value);
	return writer.finish();
}

function tensorHeader({ dtype, shape }: TensorType): FieldWriter {
	return new FieldWriter(64).tag(1, VARINT).varint(dtype).bytes(2, encodeShape(shape));
}

/** The bytes of a decodable tensor's values as {@link contentOf} gives them, in place where they are in one piece. */
export function contentInPlace(tensor: Tensor): Uint8Array {
	return tensor.hasContent ? tensor.content : contentOf(tensor);
}

/** Little-endian bytes of the values; strings as their lengths in varints, then the bytes. */
export function contentOf(value: TensorValue): Uint8Array {
	const data = value.data;
	if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	const writer = new FieldWriter(64);
	for (const item of data) writer.varint(item.length);
	for (const item of data) writer.raw(item);
	return writer.finish();
}

function writeTyped(writer: FieldWriter, value: TensorValue): void {
	const { field, wire } = typedFieldOf(value.dtype);
	const data = value.data;
	if (!ArrayBuffer.isView(data)) {
		for (const item of data) writer.bytes(field, item);
		return;
	}
	if (wire === BYTES) {
		writer.bytes(field, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
		return;
	}
	const packed = new FieldWriter(32);
	for (const item of data as Iterable<number | bigint>) {
		if (wire === VARINT) packed.int64(BigInt(item));
		else packed.raw(new Uint8Array((wire === FIXED32 ? Float32Array : Float64Array).of(Number(item)).buffer));
	}
	writer.bytes(field, packed.finish());
}
