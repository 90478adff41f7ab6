/** Numbers out of a TensorProto; `tensor-writer.ts` is the way in. */
import { DT_BFLOAT16, DT_BOOL, DT_HALF, DT_VARIANT, dtypeStorage, type Storage } from './dtype.ts';
import type { Tensor, TensorData, TensorValue } from './tensor.ts';
import { BYTES, FIXED32, FIXED64, FieldReader, VARINT } from './wire.ts';

type NumberArray = Exclude<TensorData, readonly Uint8Array[]>;

/** An array of `elements` zeros for values of a type (twice as many reals for complex types). */
export function allocate(dtype: number, elements: number): TensorData {
	const storage = dtypeStorage(dtype);
	if (storage === 'string' || storage === 'opaque')
		return new Array<Uint8Array>(elements).fill(new Uint8Array(0));
	return allocateNumbers(storage, elements);
}

function allocateNumbers(storage: Storage, elements: number): NumberArray {
	switch (storage) {
		case 'float32':
			return new Float32Array(elements);
		case 'float64':
			return new Float64Array(elements);
		case 'int32':
			return new Int32Array(elements);
		case 'int16':
			return new Int16Array(elements);
		case 'int8':
			return new Int8Array(elements);
		case 'uint16':
			return new Uint16Array(elements);
		case 'uint32':
			return new Uint32Array(elements);
		case 'int64':
			return new BigInt64Array(elements);
		case 'uint64':
			return new BigUint64Array(elements);
		case 'complex64':
			return new Float32Array(elements * 2);
		case 'complex128':
			return new Float64Array(elements * 2);
		default:
			return new Uint8Array(elements);
	}
}

/** The typed field of each storage in a TensorProto, and its wire type. */
const typedField: Record<Storage, { field: number; wire: number }> = {
	float32: { field: 5, wire: FIXED32 },
	float64: { field: 6, wire: FIXED64 },
	int32: { field: 7, wire: VARINT },
	int16: { field: 7, wire: VARINT },
	int8: { field: 7, wire: VARINT },
	uint8: { field: 7, wire: VARINT },
	uint16: { field: 7, wire: VARINT },
	string: { field: 8, wire: BYTES },
	complex64: { field: 9, wire: FIXED32 },
	int64: { field: 10, wire: VARINT },
	complex128: { field: 12, wire: FIXED64 },
	uint32: { field: 16, wire: VARINT },
	uint64: { field: 17, wire: VARINT },
	opaque: { field: 14, wire: BYTES },
};

/** The field of TensorProto that holds values of a dtype one by one. */
export function typedFieldOf(dtype: number): { field: number; wire: number } {
	if (dtype === DT_BOOL) return { field: 11, wire: VARINT };
	if (dtype === DT_HALF || dtype === DT_BFLOAT16) return { field: 13, wire: VARINT };
	if (dtype >= 24 && dtype <= 28) return { field: 18, wire: BYTES };
	if (dtype === DT_VARIANT) return { field: 15, wire: BYTES };
	return typedField[dtypeStorage(dtype)];
}

/** What decoding needs of a {@link Tensor}; fewer `elements` (with as much content) give the first ones. */
export type TensorSource = Pick<Tensor, 'dtype' | 'bytes' | 'content' | 'elements'>;

/** All values of a decodable tensor; typed fields repeat their last value, nothing at all means zeros. */
export function decodeElements(tensor: TensorSource): TensorData {
	const storage = dtypeStorage(tensor.dtype);
	if (storage === 'string' || storage === 'opaque') return decodeStrings(tensor);
	const { content } = tensor;
	if (content.length > 0) return viewContent(storage, content);
	if (tensor.dtype >= 24 && tensor.dtype <= 28)
		return repeatLast(storage, tensor.elements, [...(lastBytes(tensor, 18) ?? [])]);
	return repeatLast(storage, tensor.elements, typedValues(tensor));
}

/** The content as numbers: a view where it lies aligned, a copy elsewhere. */
function viewContent(storage: Storage, content: Uint8Array): NumberArray {
	const sample = allocateNumbers(storage, 0);
	const size = sample.BYTES_PER_ELEMENT;
	if (content.byteOffset % size === 0) {
		const View = sample.constructor as new (
			buffer: ArrayBufferLike,
			offset: number,
			length: number,
		) => NumberArray;
		return new View(content.buffer, content.byteOffset, content.length / size);
	}
	const copy = allocateNumbers(
		storage,
		storage.startsWith('complex') ? content.length / size / 2 : content.length / size,
	);
	new Uint8Array(copy.buffer).set(content);
	return copy;
}

function typedValues(tensor: TensorSource): (number | bigint)[] {
	const { field, wire } = typedFieldOf(tensor.dtype);
	const storage = dtypeStorage(tensor.dtype);
	const wide = storage === 'int64' || storage === 'uint64';
	const values: (number | bigint)[] = [];
	const { bytes } = tensor;
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field !== field) continue;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		for (let at = reader.start; at < reader.end; ) {
			if (wire === FIXED32) {
				values.push(view.getFloat32(at, true));
				at += 4;
			} else if (wire === FIXED64) {
				values.push(view.getFloat64(at, true));
				at += 8;
			} else {
				const item = new FieldReader(bytes, at, reader.end);
				const value = readInteger(item);
				values.push(
					wide ? BigInt(value) : tensor.dtype === DT_BOOL ? Number(Number(value) !== 0) : Number(value),
				);
				at = item.position;
			}
		}
	}
	return values;
}

/** Numbers that hold their value are read without the detour of a bigint; negative ones are written as large ones. */
function readInteger(reader: FieldReader): number | bigint {
	reader.start = reader.position;
	const value = reader.varint();
	reader.end = reader.position;
	return value <= Number.MAX_SAFE_INTEGER ? value : reader.int64;
}

function repeatLast(storage: Storage, elements: number, values: readonly (number | bigint)[]): NumberArray {
	const data = allocateNumbers(storage, elements);
	const given = Math.min(values.length, data.length);
	const target = data as { [i: number]: number | bigint; fill(v: never, s: number): unknown };
	for (let i = 0; i < given; i++) target[i] = values[i]!;
	if (given > 0 && given < data.length) {
		if (storage.startsWith('complex')) for (let i = given; i < data.length; i++) target[i] = target[i - 2]!;
		else target.fill(target[given - 1] as never, given);
	}
	return data;
}

function decodeStrings(tensor: TensorSource): readonly Uint8Array[] {
	const values: Uint8Array[] = [];
	const { content } = tensor;
	if (content.length > 0) {
		const reader = new FieldReader(content);
		const lengths: number[] = [];
		for (let i = 0; i < tensor.elements; i++) lengths.push(reader.varint());
		let at = reader.position;
		for (const length of lengths) {
			values.push(content.subarray(at, at + length));
			at += length;
		}
		return values;
	}
	const { field } = typedFieldOf(tensor.dtype);
	const reader = new FieldReader(tensor.bytes);
	while (reader.next() && values.length < tensor.elements)
		if (reader.field === field) values.push(reader.slice);
	const last = values.at(-1) ?? new Uint8Array(0);
	while (values.length < tensor.elements) values.push(last);
	return values;
}

function lastBytes(tensor: TensorSource, field: number): Uint8Array | undefined {
	const reader = new FieldReader(tensor.bytes);
	let found: Uint8Array | undefined;
	while (reader.next()) if (reader.field === field) found = reader.slice;
	return found;
}

/** Bytes that the values of a tensor take in memory (24 a string beside its bytes, as the C++ tool counts). */
export function memoryOf(value: TensorValue): number {
	const data = value.data;
	if (ArrayBuffer.isView(data)) return data.byteLength;
	return data.reduce((total, item) => total + 24 + item.length, 0);
}
