/**
 * One node, immutable. A node that came from a file keeps its place in the file's bytes: its attributes are
 * found there when someone asks, and it is written back verbatim while nothing about it has changed.
 */
import { Attr } from './attr.ts';
import { sourceOf } from './names.ts';
import type { Tensor } from './tensor.ts';
import { compareBytes, decodeText, encodeText, latin1, textLength } from './text.ts';
import { BYTES, FieldReader, FieldWriter, varintSize } from './wire.ts';

export type Attrs = ReadonlyMap<string, Attr>;

/** Where a NodeDef lies in a file. */
interface Slice {
	readonly bytes: Uint8Array;
	readonly start: number;
	readonly end: number;
}

/** The fields of a node that can be given anew. */
export interface NodeFields {
	readonly name: string;
	readonly op: string;
	readonly inputs?: readonly string[];
	readonly device?: string;
	readonly attrs?: Attrs | Readonly<Record<string, Attr>>;
}

const NO_INPUTS: readonly string[] = [];
const NOTHING = new Uint8Array(0);

export class Node {
	readonly name: string;
	readonly op: string;
	/** As written in the file: `a`, `a:1`, `^a`. */
	readonly inputs: readonly string[];
	readonly device: string;
	/** The NodeDef that attributes and further fields come from. */
	readonly #slice: Slice | undefined;
	/** True while the slice is this very node. */
	readonly #verbatim: boolean;
	#attrs: Attrs | undefined;
	/** Fields beyond attributes when there is no slice to take them from (`experimental_type`, unknown ones). */
	readonly #extra: Uint8Array | undefined;
	#sources: readonly string[] | undefined;
	#byteLength = -1;

	private constructor(
		fields: { name: string; op: string; inputs: readonly string[]; device: string },
		slice: Slice | undefined,
		verbatim: boolean,
		attrs: Attrs | undefined,
		extra: Uint8Array | undefined,
	) {
		this.name = fields.name;
		this.op = fields.op;
		this.inputs = fields.inputs;
		this.device = fields.device;
		this.#slice = slice;
		this.#verbatim = verbatim;
		this.#attrs = attrs;
		this.#extra = extra;
	}

	/** A new node. `extra` are serialized NodeDef fields other than the five that {@link NodeFields} has. */
	static of(fields: NodeFields, extra?: Uint8Array): Node {
		const { name, op, inputs = NO_INPUTS, device = '' } = fields;
		return new Node({ name, op, inputs, device }, undefined, false, attrMap(fields.attrs), extra);
	}

	/** The node whose NodeDef lies at `bytes[start, end)`. @throws where that is no NodeDef. */
	static read(bytes: Uint8Array, start = 0, end = bytes.length, intern?: Map<string, string>): Node {
		const reader = new FieldReader(bytes, start, end);
		const fields = { name: '', op: '', inputs: NO_INPUTS, device: '' };
		let inputs: string[] | undefined;
		while (reader.next()) {
			if (reader.field > 4 || reader.wire !== BYTES) continue;
			const text = decodeText(bytes, reader.start, reader.end);
			if (reader.field === 1) fields.name = text;
			else if (reader.field === 2) fields.op = interned(intern, text);
			else if (reader.field === 4) fields.device = interned(intern, text);
			else if (inputs) inputs.push(text);
			else inputs = [text];
		}
		if (inputs) fields.inputs = inputs;
		return new Node(fields, { bytes, start, end }, true, undefined, undefined);
	}

	/** This node with some fields changed; attributes and unknown fields are kept unless given. */
	with(changes: Partial<NodeFields>): Node {
		const { name = this.name, op = this.op, inputs = this.inputs, device = this.device } = changes;
		const attrs = changes.attrs ? attrMap(changes.attrs) : this.#attrs;
		return new Node({ name, op, inputs, device }, this.#slice, false, attrs, this.#extra);
	}

	/** This node with one attribute set. */
	withAttr(name: string, value: Attr): Node {
		return this.with({ attrs: new Map(this.attrs).set(name, value) });
	}

	/** This node without the named attributes; itself when it has none of them. */
	withoutAttrs(...names: readonly string[]): Node {
		if (!names.some((name) => this.attrs.has(name))) return this;
		const attrs = new Map(this.attrs);
		for (const name of names) attrs.delete(name);
		return this.with({ attrs });
	}

	/** Attributes in the file's order. */
	get attrs(): Attrs {
		this.#attrs ??= this.#slice ? readAttrs(this.#slice, longestShared(this.op)) : new Map();
		return this.#attrs;
	}

	/** Whether the attributes are known to be another node's without being read; false may still be equal. */
	sharesAttrs(other: Node): boolean {
		return this.#slice === other.#slice && this.#attrs === other.#attrs;
	}

	attr(name: string): Attr | undefined {
		return this.attrs.get(name);
	}

	/** The node part of each input, in order (`a` for `a:1` and `^a`). */
	get sources(): readonly string[] {
		this.#sources ??= this.inputs.every((input) => sourceOf(input) === input)
			? this.inputs
			: this.inputs.map(sourceOf);
		return this.#sources;
	}

	/** The `value` of a Const. */
	get tensor(): Tensor | undefined {
		return this.attr('value')?.tensor;
	}

	/** True while the node is exactly what the file has. */
	get verbatim(): boolean {
		return this.#verbatim;
	}

	/** Serialized NodeDef fields other than name, op, input, device and attr. */
	get extra(): Uint8Array {
		if (this.#extra || !this.#slice) return this.#extra ?? NOTHING;
		const { bytes, start, end } = this.#slice;
		const reader = new FieldReader(bytes, start, end);
		let writer: FieldWriter | undefined;
		while (reader.next()) {
			if (reader.field <= 5) continue;
			writer ??= new FieldWriter();
			writer.raw(bytes.subarray(reader.tagStart, reader.end));
		}
		return writer?.finish() ?? NOTHING;
	}

	/**
	 * The serialized NodeDef in pieces, large attribute values as views on where they lie. Nodes that have
	 * changed are written with their attributes sorted by name.
	 */
	encode(): readonly Uint8Array[] {
		if (this.#verbatim && this.#slice)
			return [this.#slice.bytes.subarray(this.#slice.start, this.#slice.end)];
		const pieces: Uint8Array[] = [];
		let writer = new FieldWriter();
		if (this.name) writer.bytes(1, encodeText(this.name));
		if (this.op) writer.bytes(2, encodeText(this.op));
		for (const input of this.inputs) writer.bytes(3, encodeText(input));
		if (this.device) writer.bytes(4, encodeText(this.device));
		for (const name of [...this.attrs.keys()].sort(compareBytes)) {
			const value = this.attrs.get(name)!.bytes;
			const key = new FieldWriter(64).bytes(1, encodeText(name)).tag(2, BYTES).varint(value.length).finish();
			writer
				.tag(5, BYTES)
				.varint(key.length + value.length)
				.raw(key);
			if (value.length < 4096) writer.raw(value);
			else {
				pieces.push(writer.finish(), value);
				writer = new FieldWriter();
			}
		}
		pieces.push(writer.raw(this.extra).finish());
		return pieces;
	}

	/** Bytes of the serialized NodeDef. */
	get byteLength(): number {
		if (this.#byteLength < 0) {
			if (this.#verbatim && this.#slice) this.#byteLength = this.#slice.end - this.#slice.start;
			else this.#byteLength = this.encodedLength();
		}
		return this.#byteLength;
	}

	/** What {@link encode} comes to, without writing it. */
	private encodedLength(): number {
		let length = attrsLength(this.attrs) + this.extra.length;
		if (this.name) length += framedLength(textLength(this.name));
		if (this.op) length += framedLength(textLength(this.op));
		for (const input of this.inputs) length += framedLength(textLength(input));
		if (this.device) length += framedLength(textLength(this.device));
		return length;
	}
}

/** Bytes of a field with a one-byte tag, its length and its content. */
function framedLength(length: number): number {
	return 1 + varintSize(length) + length;
}

/** Many nodes have the same attributes: their length is counted once. */
const attrsLengths = new WeakMap<Attrs, number>();

function attrsLength(attrs: Attrs): number {
	let length = attrsLengths.get(attrs);
	if (length === undefined) {
		length = 0;
		for (const [name, value] of attrs)
			length += framedLength(framedLength(textLength(name)) + framedLength(value.end - value.start));
		attrsLengths.set(attrs, length);
	}
	return length;
}

function interned(intern: Map<string, string> | undefined, text: string): string {
	if (!intern) return text;
	const known = intern.get(text);
	if (known !== undefined) return known;
	intern.set(text, text);
	return text;
}

function attrMap(attrs: NodeFields['attrs']): Attrs | undefined {
	if (!attrs) return undefined;
	return attrs instanceof Map ? attrs : new Map(Object.entries(attrs as Record<string, Attr>));
}

/**
 * Attribute sections up to so many bytes are read once for all nodes that have the same: those of convolutions
 * are long and alike, those of constants are alike only where they are short.
 */
function longestShared(op: string): number {
	return op === 'Const' ? 64 : 256;
}

const MOST_SHARED = 4096;
const shared = new Map<string, Attrs>();

function readAttrs(slice: Slice, longest: number): Attrs {
	const section = attrSection(slice, longest);
	if (!section) return readAttrFields(slice);
	const { bytes, start, end } = section;
	const key = latin1(bytes, start, end);
	let attrs = shared.get(key);
	if (!attrs) {
		// A copy, so that the file's buffer is not held by what its nodes share with those of other files.
		const copy = bytes.slice(start, end);
		attrs = readAttrFields({ bytes: new Uint8Array(copy), start: 0, end: copy.length });
		if (shared.size < MOST_SHARED) shared.set(key, attrs);
	}
	return attrs;
}

/** Where a node's attributes lie when they lie together and are short; most nodes have one of a few such sets. */
function attrSection(slice: Slice, longest: number): Slice | undefined {
	const reader = new FieldReader(slice.bytes, slice.start, slice.end);
	let start = -1;
	let end = -1;
	while (reader.next()) {
		if (reader.field !== 5) continue;
		if (start < 0) start = reader.tagStart;
		else if (end !== reader.tagStart) return undefined;
		end = reader.end;
		if (end - start > longest) return undefined;
	}
	return start < 0 ? undefined : { bytes: slice.bytes, start, end };
}

function readAttrFields(slice: Slice): Attrs {
	const attrs = new Map<string, Attr>();
	const reader = new FieldReader(slice.bytes, slice.start, slice.end);
	while (reader.next()) {
		if (reader.field !== 5 || reader.wire !== BYTES) continue;
		const entry = new FieldReader(slice.bytes, reader.start, reader.end);
		let key = '';
		let start = 0;
		let end = 0;
		while (entry.next()) {
			if (entry.field === 1) key = decodeText(slice.bytes, entry.start, entry.end);
			else if (entry.field === 2) {
				start = entry.start;
				end = entry.end;
			}
		}
		attrs.set(key, new Attr(slice.bytes, start, end));
	}
	return attrs;
}
