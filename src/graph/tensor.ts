/**
 * A constant's value, read from a TensorProto where it lies. Only the header is looked at until someone asks
 * for numbers (spec: core-and-rewiring 10.2).
 */
import { DT_INVALID, DT_RESOURCE, DT_VARIANT, dtypeSize, dtypeStorage } from './dtype.ts';
import { decodeElements } from './tensor-data.ts';
import { FieldReader } from './wire.ts';

/** Arrays of plain numbers: every storage but int64, uint64 and strings. */
export type Numbers =
	| Float32Array
	| Float64Array
	| Int8Array
	| Uint8Array
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array;

export type BigInts = BigInt64Array | BigUint64Array;

/**
 * Elements in row-major order. `half` and `bfloat16` are their 16 bits in a `Uint16Array`, `bool` one byte an
 * element, complex types pairs of reals, quantized types their plain integers, strings one `Uint8Array` each.
 */
export type TensorData = Numbers | BigInts | readonly Uint8Array[];

/** A value in memory. `shape` is fully known; `[]` is a scalar. */
export interface TensorValue {
	readonly dtype: number;
	readonly shape: readonly number[];
	readonly data: TensorData;
}

/** A TensorProto in place. Graphs have a hundred thousand of them: views on its parts are made when asked for. */
/** Elements up to which a reference that does not hold them costs more than they do. */
const FEW = 8;

export class Tensor implements TensorValue {
	readonly #source: Uint8Array;
	readonly #start: number;
	readonly #end: number;
	readonly #contentStart: number;
	readonly #contentEnd: number;
	readonly dtype: number;
	readonly shape: readonly number[];
	/** Product of the dims; 1 for a scalar. */
	readonly elements: number;
	/** Why the tool cannot decode it, or undefined when it can. */
	readonly problem: string | undefined;
	#data: TensorData | WeakRef<TensorData & object> | undefined;

	private constructor(source: Uint8Array, start: number, end: number, header: Header) {
		this.#source = source;
		this.#start = start;
		this.#end = end;
		this.#contentStart = header.contentStart;
		this.#contentEnd = header.contentEnd;
		this.dtype = header.dtype;
		this.shape = header.shape;
		this.elements = header.elements;
		this.problem = header.problem;
	}

	/** The TensorProto at `source[start, end)`. Never throws: what is wrong stands in `problem`. */
	static read(source: Uint8Array, start = 0, end = source.length): Tensor {
		return new Tensor(source, start, end, readHeader(source, start, end));
	}

	/** The serialized TensorProto. */
	get bytes(): Uint8Array {
		return this.#source.subarray(this.#start, this.#end);
	}

	/** `tensor_content`, in place; empty when the values are in a typed field. */
	get content(): Uint8Array {
		return this.#source.subarray(this.#contentStart, this.#contentEnd);
	}

	/** Whether the values are in `tensor_content`. */
	get hasContent(): boolean {
		return this.#contentEnd > this.#contentStart;
	}

	get decodable(): boolean {
		return this.problem === undefined;
	}

	/**
	 * The values. A few are kept, being asked for again and again by whoever works out shapes; many are held weakly:
	 * asking again is cheap while somebody uses them. @throws when not decodable.
	 */
	get data(): TensorData {
		const kept = this.#data instanceof WeakRef ? this.#data.deref() : this.#data;
		if (kept) return kept;
		if (this.problem !== undefined) throw new Error(`tensor cannot be decoded: ${this.problem}`);
		const data = decodeElements(this);
		this.#data = this.elements <= FEW ? data : new WeakRef(data as TensorData & object);
		return data;
	}
}

interface Header {
	dtype: number;
	shape: readonly number[];
	elements: number;
	contentStart: number;
	contentEnd: number;
	problem: string | undefined;
}

const SCALAR: readonly number[] = [];
const MOST_ELEMENTS = 2n ** 63n - 1n;

function readHeader(source: Uint8Array, start: number, end: number): Header {
	const header: Header = {
		dtype: DT_INVALID,
		shape: SCALAR,
		elements: 1,
		contentStart: 0,
		contentEnd: 0,
		problem: undefined,
	};
	try {
		const reader = new FieldReader(source, start, end);
		while (reader.next()) {
			if (reader.field === 1) header.dtype = reader.number;
			else if (reader.field === 2) {
				const dims = readDims(source, reader.start, reader.end);
				header.shape = header.shape.length === 0 ? dims : [...header.shape, ...dims];
			} else if (reader.field === 4) {
				header.contentStart = reader.start;
				header.contentEnd = reader.end;
			}
		}
	} catch {
		header.problem = 'it is no TensorProto';
		return header;
	}
	header.problem = check(header, source);
	return header;
}

/** The sizes in the TensorShapeProto at `source[start, end)`, −1 and below included; an unknown rank looks like a scalar. */
function readDims(source: Uint8Array, start = 0, end = source.length): readonly number[] {
	const dims: number[] = [];
	const reader = new FieldReader(source, start, end);
	while (reader.next()) {
		if (reader.field !== 2) continue;
		let size = 0;
		const dim = new FieldReader(source, reader.start, reader.end);
		while (dim.next()) if (dim.field === 1) size = Number(dim.int64);
		dims.push(size);
	}
	// An array that grew has room for many more.
	return dims.length === 0 ? SCALAR : dims.slice();
}

function check(header: Header, source: Uint8Array): string | undefined {
	if (header.dtype === DT_INVALID) return 'it has no dtype';
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
	const known =
		header.dtype < 100 &&
		(storage !== 'opaque' || header.dtype === DT_RESOURCE || header.dtype === DT_VARIANT);
	if (!known) return `dtype ${header.dtype} has no values`;
	const length = header.contentEnd - header.contentStart;
	if (length === 0 || storage === 'opaque') return undefined;
	if (storage === 'string')
		return checkStrings(source.subarray(header.contentStart, header.contentEnd), header.elements);
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
