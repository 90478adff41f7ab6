/**
 * A constant's value, read from a TensorProto where it lies. Only the header is looked at until someone asks
 * for numbers (spec: core-and-rewiring 10.2).
 */
import { dtypeSize, dtypeStorage } from './dtype.ts';
import { decodeElements } from './tensor-data.ts';
import { FieldReader } from './wire.ts';

/**
 * Elements in row-major order. `half` and `bfloat16` are their 16 bits in a `Uint16Array`, `bool` one byte an
 * element, complex types pairs of reals, quantized types their plain integers, strings one `Uint8Array` each.
 */
export type TensorData =
	| Float32Array
	| Float64Array
	| Int8Array
	| Uint8Array
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array
	| BigInt64Array
	| BigUint64Array
	| readonly Uint8Array[];

/** A value in memory. `shape` is fully known; `[]` is a scalar. */
export interface TensorValue {
	readonly dtype: number;
	readonly shape: readonly number[];
	readonly data: TensorData;
}

/** A TensorProto in place. */
export class Tensor implements TensorValue {
	/** The serialized TensorProto. */
	readonly bytes: Uint8Array;
	readonly dtype: number;
	readonly shape: readonly number[];
	/** Product of the dims; 1 for a scalar. */
	readonly elements: number;
	/** `tensor_content`, in place; empty when the values are in a typed field. */
	readonly content: Uint8Array;
	/** Why the tool cannot decode it, or undefined when it can. */
	readonly problem: string | undefined;
	#data: WeakRef<TensorData & object> | undefined;

	private constructor(bytes: Uint8Array, header: Header) {
		this.bytes = bytes;
		this.dtype = header.dtype;
		this.shape = header.shape;
		this.elements = header.elements;
		this.content = header.content;
		this.problem = header.problem;
	}

	/** @param bytes a serialized TensorProto. Never throws: what is wrong stands in `problem`. */
	static read(bytes: Uint8Array): Tensor {
		return new Tensor(bytes, readHeader(bytes));
	}

	get decodable(): boolean {
		return this.problem === undefined;
	}

	/** The values. Held weakly: asking again is cheap while somebody uses them. @throws when not decodable. */
	get data(): TensorData {
		const kept = this.#data?.deref();
		if (kept) return kept;
		if (this.problem !== undefined) throw new Error(`tensor cannot be decoded: ${this.problem}`);
		const data = decodeElements(this);
		this.#data = new WeakRef(data as TensorData & object);
		return data;
	}
}

interface Header {
	dtype: number;
	shape: number[];
	elements: number;
	content: Uint8Array;
	problem: string | undefined;
}

const NOTHING = new Uint8Array(0);
const MOST_ELEMENTS = 2n ** 63n - 1n;

function readHeader(bytes: Uint8Array): Header {
	const header: Header = { dtype: 0, shape: [], elements: 1, content: NOTHING, problem: undefined };
	try {
		const reader = new FieldReader(bytes);
		while (reader.next()) {
			if (reader.field === 1) header.dtype = reader.number;
			else if (reader.field === 2) header.shape.push(...readDims(reader.slice));
			else if (reader.field === 4) header.content = reader.slice;
		}
	} catch {
		header.problem = 'it is no TensorProto';
		return header;
	}
	header.problem = check(header);
	return header;
}

/** The sizes in a TensorShapeProto, −1 and below included; an unknown rank looks like a scalar. */
export function readDims(shape: Uint8Array): number[] {
	const dims: number[] = [];
	const reader = new FieldReader(shape);
	while (reader.next()) {
		if (reader.field !== 2) continue;
		let size = 0;
		const dim = new FieldReader(shape, reader.start, reader.end);
		while (dim.next()) if (dim.field === 1) size = Number(dim.int64);
		dims.push(size);
	}
	return dims;
}

function check(header: Header): string | undefined {
	if (header.dtype === 0) return 'it has no dtype';
	if (header.shape.length > 254) return 'it has more than 254 dimensions';
	let product = 1n;
	for (const size of header.shape) {
		if (size < 0) return `dimension ${size} is negative`;
		product *= BigInt(size);
		if (product > MOST_ELEMENTS) return 'it has more than 2^63 - 1 elements';
	}
	header.elements = Number(product);
	if (header.elements === 0) return undefined;
	const storage = dtypeStorage(header.dtype);
	const known = header.dtype < 100 && (storage !== 'opaque' || header.dtype === 20 || header.dtype === 21);
	if (!known) return `dtype ${header.dtype} has no values`;
	const length = header.content.length;
	if (length === 0 || storage === 'opaque') return undefined;
	if (storage === 'string') return checkStrings(header.content, header.elements);
	const wanted = header.elements * dtypeSize(header.dtype);
	return length === wanted ? undefined : `it holds ${length} bytes where its shape needs ${wanted}`;
}

function checkStrings(content: Uint8Array, elements: number): string | undefined {
	try {
		const reader = new FieldReader(content);
		let total = 0;
		for (let i = 0; i < elements; i++) total += reader.varint();
		return reader.position + total === content.length ? undefined : 'its strings do not fill the content';
	} catch {
		return 'its string lengths are cut off';
	}
}
