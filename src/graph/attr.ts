/** An attribute's value: its serialized AttrValue, decoded when someone asks. */
import { type AttrValue, AttrValueCodec, type Fields } from '../../proto/codec.ts';
import { readShapeProto } from './shape-proto.ts';
import { placedField, placedText } from './small-messages.ts';
import { Tensor, type TensorValue } from './tensor.ts';
import { contentOf, encodeShape, encodeTypedElement, type TensorType, tensorField } from './tensor-writer.ts';
import { decodeText, encodeText } from './text.ts';
import { decodeOrThrow, FIXED32, FieldReader, FieldWriter, VARINT } from './wire.ts';

/** Which member of AttrValue's oneof is set; `none` for an AttrValue without a value. */
export type AttrKind =
	| 's'
	| 'i'
	| 'f'
	| 'b'
	| 'type'
	| 'shape'
	| 'tensor'
	| 'list'
	| 'func'
	| 'placeholder'
	| 'none';

const kinds: readonly (AttrKind | undefined)[] = [
	undefined,
	'list',
	's',
	'i',
	'f',
	'b',
	'type',
	'shape',
	'tensor',
	'placeholder',
	'func',
];

const MOST_TYPES = 256;
const types = new Map<number, Attr>();

export class Attr {
	/** Where the serialized AttrValue lies: `source[start, end)`, in the file where it came from one. */
	readonly source: Uint8Array;
	readonly start: number;
	readonly end: number;
	#bytes: Uint8Array | undefined;
	#kind: AttrKind | undefined;
	#value: AttrValue | undefined;
	#tensor: Tensor | undefined;
	#ints: readonly number[] | undefined;
	#at = 0;
	#end = 0;

	/** The AttrValue at `source[start, end)`. */
	constructor(source: Uint8Array, start = 0, end = source.length) {
		this.source = source;
		this.start = start;
		this.end = end;
	}

	/** The serialized AttrValue: a view, made when asked for, because graphs have a million attributes. */
	get bytes(): Uint8Array {
		this.#bytes ??= this.source.subarray(this.start, this.end);
		return this.#bytes;
	}

	/** The member that counts: the last one set. */
	get kind(): AttrKind {
		if (this.#kind === undefined) {
			this.#kind = 'none';
			const reader = new FieldReader(this.source, this.start, this.end);
			while (reader.next()) {
				const kind = kinds[reader.field];
				if (!kind) continue;
				this.#kind = kind;
				this.#at = reader.start;
				this.#end = reader.end;
			}
		}
		return this.#kind;
	}

	/**
	 * The whole message, for lists, functions and whatever has no getter of its own.
	 * @throws WhittleError `file` where the bytes are none.
	 */
	get value(): AttrValue {
		this.#value ??= decodeOrThrow(() => AttrValueCodec.decode(this.bytes), 'An attribute');
		return this.#value;
	}

	private payload(kind: AttrKind): FieldReader | undefined {
		if (this.kind !== kind) return undefined;
		const reader = new FieldReader(this.source, this.#at, this.#end);
		reader.start = this.#at;
		reader.end = this.#end;
		return reader;
	}

	/** The bytes of the member that counts, without its tag and length; undefined when it is another one. */
	member(kind: AttrKind): Uint8Array | undefined {
		return this.kind === kind ? this.source.subarray(this.#at, this.#end) : undefined;
	}

	/** The number of a DataType; undefined when the attribute is no type. */
	get type(): number | undefined {
		return this.payload('type')?.varint();
	}

	/** An integer; beyond 2^53 inexact (see {@link bigint}). */
	get int(): number | undefined {
		const big = this.bigint;
		return big === undefined ? undefined : Number(big);
	}

	get bigint(): bigint | undefined {
		return this.payload('i')?.int64;
	}

	get float(): number | undefined {
		if (this.kind !== 'f') return undefined;
		return new DataView(this.source.buffer, this.source.byteOffset).getFloat32(this.#at, true);
	}

	get bool(): boolean | undefined {
		const reader = this.payload('b');
		return reader ? reader.int64 !== 0n : undefined;
	}

	get string(): string | undefined {
		return this.kind === 's' ? decodeText(this.source, this.#at, this.#end) : undefined;
	}

	/** Sizes with −1 for unknown; null for an unknown rank; undefined when it is no shape. */
	get shape(): readonly number[] | null | undefined {
		const bytes = this.member('shape');
		if (!bytes) return undefined;
		const shape = readShapeProto(bytes);
		return shape.unknownRank ? null : shape.sizes.map(Number);
	}

	get tensor(): Tensor | undefined {
		if (this.kind !== 'tensor') return undefined;
		this.#tensor ??= Tensor.read(this.source, this.#at, this.#end);
		return this.#tensor;
	}

	/** The integers of a list; undefined when it is no list. Read in place: every convolution is asked for its strides. */
	get ints(): readonly number[] | undefined {
		if (this.kind !== 'list') return undefined;
		this.#ints ??= readInts(this.source, this.start, this.end);
		return this.#ints;
	}

	get types(): readonly number[] | undefined {
		return this.kind === 'list' ? this.value.list!.type : undefined;
	}

	get strings(): readonly string[] | undefined {
		return this.kind === 'list' ? this.value.list!.s.map((bytes) => decodeText(bytes)) : undefined;
	}

	/** The name of the function that a `func` attribute stands for. */
	get functionName(): string | undefined {
		return this.kind === 'func' ? this.value.func!.name : undefined;
	}

	/** One value for each dtype: a graph has as many of them as nodes. */
	static type(dtype: number): Attr {
		let attr = types.get(dtype);
		if (!attr) {
			attr = new Attr(new FieldWriter(4).tag(6, VARINT).varint(dtype).finish());
			if (types.size < MOST_TYPES) types.set(dtype, attr);
		}
		return attr;
	}

	static int(value: number | bigint): Attr {
		return new Attr(new FieldWriter(12).tag(3, VARINT).int64(BigInt(value)).finish());
	}

	static float(value: number): Attr {
		return new Attr(new FieldWriter(8).tag(4, FIXED32).float(value).finish());
	}

	static bool(value: boolean): Attr {
		return new Attr(
			new FieldWriter(4)
				.tag(5, VARINT)
				.varint(value ? 1 : 0)
				.finish(),
		);
	}

	static string(value: string | Uint8Array): Attr {
		if (typeof value !== 'string') return nested(2, value);
		const { source, start, end } = placedText(2, value);
		return new Attr(source, start, end);
	}

	/** @param shape −1 for an unknown size, null for an unknown rank. */
	static shape(shape: readonly (number | bigint)[] | null): Attr {
		return nested(7, encodeShape(shape));
	}

	/** A tensor with its values in `tensor_content`, as most transforms write it. */
	static tensor(value: TensorValue): Attr {
		const bytes = contentOf(value);
		const { attr, content } = Attr.tensorSpace(value, bytes.length);
		content.set(bytes);
		return attr;
	}

	/**
	 * {@link tensor} with room for `length` bytes of content, which the caller fills before anybody looks: for weights
	 * too large to be copied.
	 */
	static tensorSpace(
		type: TensorType,
		length: number,
	): { readonly attr: Attr; readonly content: Uint8Array } {
		const { buffer, start, content } = tensorField(8, type, length);
		return { attr: new Attr(buffer, start), content };
	}

	/** A tensor as `fold_constants` writes it: one element goes to the typed field. */
	static tensorTyped(value: TensorValue): Attr {
		const elements = value.shape.reduce((product, size) => product * size, 1);
		return elements > 1 ? Attr.tensor(value) : nested(8, encodeTypedElement(value));
	}

	/** A serialized TensorProto as it is. */
	static tensorProto(bytes: Uint8Array): Attr {
		return nested(8, bytes);
	}

	static ints(values: readonly (number | bigint)[]): Attr {
		const packed = new FieldWriter(16);
		for (const value of values) packed.int64(BigInt(value));
		return nested(
			1,
			values.length > 0 ? new FieldWriter(32).bytes(3, packed.finish()).finish() : new Uint8Array(0),
		);
	}

	static types(values: readonly number[]): Attr {
		const packed = new FieldWriter(16);
		for (const value of values) packed.varint(value);
		return nested(
			1,
			values.length > 0 ? new FieldWriter(32).bytes(6, packed.finish()).finish() : new Uint8Array(0),
		);
	}

	static strings(values: readonly string[]): Attr {
		const list = new FieldWriter(64);
		for (const value of values) list.bytes(2, encodeText(value));
		return nested(1, list.finish());
	}

	static shapes(values: readonly (readonly number[] | null)[]): Attr {
		const list = new FieldWriter(64);
		for (const value of values) list.bytes(7, encodeShape(value));
		return nested(1, list.finish());
	}

	static func(name: string): Attr {
		return nested(10, new FieldWriter(32).bytes(1, encodeText(name)).finish());
	}

	/** Any other value. */
	static of(value: Fields<AttrValue>): Attr {
		return new Attr(AttrValueCodec.encode(value));
	}
}

/** The integers of the AttrValue's lists, packed or one a field. Beyond 2^53 inexact. */
function readInts(source: Uint8Array, start: number, end: number): number[] {
	const ints: number[] = [];
	const value = new FieldReader(source, start, end);
	while (value.next()) {
		if (kinds[value.field] !== 'list') continue;
		const list = new FieldReader(source, value.start, value.end);
		while (list.next()) {
			if (list.field !== 3) continue;
			const packed = new FieldReader(source, list.start, list.end);
			while (packed.position < packed.limit) {
				packed.start = packed.position;
				const int = packed.varint();
				packed.end = packed.position;
				// Negative ones are written as large ones.
				ints.push(int <= Number.MAX_SAFE_INTEGER ? int : Number(packed.int64));
			}
		}
	}
	return ints;
}

function nested(field: number, bytes: Uint8Array): Attr {
	const { source, start, end } = placedField(field, bytes);
	return new Attr(source, start, end);
}
