/**
 * One node, immutable. A node that came from a file keeps its place in the file's bytes: its attributes are
 * found there when someone asks, and it is written back verbatim while nothing about it has changed.
 */
import type { Attr } from './attr.ts';
import { isMarked, sourceOf } from './names.ts';
import {
	type Attrs,
	attrsLength,
	attrsOf,
	isPlainSection,
	readAttrFields,
	readAttrSection,
	sharedAttrsLength,
} from './node-attrs.ts';
import type { Tensor } from './tensor.ts';
import { compareBytes, decodeText, encodeText, textLength } from './text.ts';
import type { TextTable } from './text-table.ts';
import { BYTES, FieldReader, FieldWriter, framedLength } from './wire.ts';

export type { Attrs } from './node-attrs.ts';

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
/** Where a node lies in a file. */
interface Place {
	readonly bytes: Uint8Array | undefined;
	readonly start: number;
	readonly end: number;
	readonly attrStart: number;
}

/** In place of where attributes begin: they were given, maybe to many nodes, and nothing else is in the file. */
const GIVEN = -2;
/** They were put together for this node alone. */
const GIVEN_ALONE = -3;
/** The inputs of the node being read. */
const inputsRead: string[] = [];

export class Node {
	readonly name: string;
	readonly op: string;
	/** As written in the file: `a`, `a:1`, `^a`. */
	readonly inputs: readonly string[];
	readonly device: string;
	/** Where the NodeDef lies that attributes and further fields come from; no bytes for a node made anew. */
	readonly #bytes: Uint8Array | undefined;
	readonly #start: number;
	readonly #end: number;
	/** Where its attributes begin when nothing follows them, as in nearly every file; else −1, or one of those above. */
	readonly #attrStart: number;
	/** True while those bytes are this very node. */
	readonly #verbatim: boolean;
	#attrs: Attrs | undefined;
	/** Fields beyond attributes when there are no bytes to take them from (`experimental_type`, unknown ones). */
	readonly #extra: Uint8Array | undefined;
	#sources: readonly string[] | undefined;
	/** Encoded bytes of name, op, inputs and device together; −1 while nobody knows. */
	#headLength: number;
	#byteLength = -1;

	private constructor(
		fields: { name: string; op: string; inputs: readonly string[]; device: string },
		place: Place,
		verbatim: boolean,
		attrs: Attrs | undefined,
		extra: Uint8Array | undefined,
		headLength: number,
	) {
		this.name = fields.name;
		this.op = fields.op;
		this.inputs = fields.inputs;
		this.device = fields.device;
		this.#bytes = place.bytes;
		this.#start = place.start;
		this.#end = place.end;
		this.#attrStart = place.attrStart;
		this.#verbatim = verbatim;
		this.#attrs = attrs;
		this.#extra = extra;
		this.#headLength = headLength;
	}

	/** A new node. `extra` are serialized NodeDef fields other than the five that {@link NodeFields} has. */
	static of(fields: NodeFields, extra?: Uint8Array): Node {
		const { name, op, inputs = NO_INPUTS, device = '' } = fields;
		const place = {
			...{ bytes: undefined, start: 0, end: 0 },
			attrStart: fields.attrs instanceof Map ? GIVEN : GIVEN_ALONE,
		};
		return new Node({ name, op, inputs, device }, place, false, attrMap(fields.attrs), extra, -1);
	}

	/**
	 * The node whose NodeDef lies at `bytes[start, end)`.
	 * @param texts those of `bytes` met so far: most are met again.
	 * @throws where that is no NodeDef.
	 */
	static read(bytes: Uint8Array, start = 0, end = bytes.length, texts?: TextTable): Node {
		const reader = new FieldReader(bytes, start, end);
		const fields = { name: '', op: '', inputs: NO_INPUTS, device: '' };
		inputsRead.length = 0;
		let attrStart = end;
		let plain = true;
		while (reader.next()) {
			if (reader.field === 5) attrStart = Math.min(attrStart, reader.tagStart);
			else if (reader.field > 5 || attrStart < end) attrStart = -1;
			if (reader.field > 4) continue;
			if (reader.wire !== BYTES) {
				plain = false;
				continue;
			}
			const length = reader.end - reader.start;
			plain &&= reader.end - reader.tagStart === framedLength(length);
			const common = reader.field === 2 || reader.field === 4;
			const text = textAt(bytes, reader.start, reader.end, common, texts);
			if (reader.field === 3) {
				inputsRead.push(text);
				continue;
			}
			const key = reader.field === 1 ? 'name' : reader.field === 2 ? 'op' : 'device';
			// Empty ones and all but the last of several are not written again.
			plain &&= length > 0 && fields[key] === '';
			fields[key] = text;
		}
		// An array that grew has room for many more.
		if (inputsRead.length > 0) fields.inputs = inputsRead.slice();
		const headLength = plain && attrStart >= 0 ? attrStart - start : -1;
		return new Node(fields, { bytes, start, end, attrStart }, true, undefined, undefined, headLength);
	}

	/** This node with some fields changed; attributes and unknown fields are kept unless given. */
	with(changes: Partial<NodeFields>): Node {
		const { name = this.name, op = this.op, inputs = this.inputs, device = this.device } = changes;
		const attrs = changes.attrs ? attrMap(changes.attrs) : this.#attrs;
		const attrStart = changes.attrs && this.#attrStart !== -1 ? GIVEN : this.#attrStart;
		const place = { bytes: this.#bytes, start: this.#start, end: this.#end, attrStart };
		const headLength = changes.inputs ? -1 : this.#headLengthWith(name, op, device);
		return new Node({ name, op, inputs, device }, place, false, attrs, this.#extra, headLength);
	}

	/** This node with one attribute set. */
	withAttr(name: string, value: Attr): Node {
		return this.with({ attrs: new Map(this.attrs).set(name, value) });
	}

	/** This node without the named attribute; itself when it has none of that name. */
	withoutAttr(name: string): Node {
		if (!this.attrs.has(name)) return this;
		const attrs = new Map(this.attrs);
		attrs.delete(name);
		return this.with({ attrs });
	}

	/** Attributes in the file's order. */
	get attrs(): Attrs {
		if (!this.#attrs) {
			if (!this.#bytes) this.#attrs = new Map();
			else if (this.#attrStart < 0) this.#attrs = readAttrFields(this.#bytes, this.#start, this.#end);
			else this.#attrs = readAttrSection(this.op, this.#bytes, this.#attrStart, this.#end);
		}
		return this.#attrs;
	}

	/** Whether the attributes are known to be another node's without being read; false may still be equal. */
	sharesAttrs(other: Node): boolean {
		return this.#bytes === other.#bytes && this.#start === other.#start && this.#attrs === other.#attrs;
	}

	attr(name: string): Attr | undefined {
		return this.attrs.get(name);
	}

	/** The node part of each input, in order (`a` for `a:1` and `^a`). */
	get sources(): readonly string[] {
		this.#sources ??= this.inputs.some(isMarked) ? this.inputs.map(sourceOf) : this.inputs;
		return this.#sources;
	}

	/** The `value` of a Const. */
	get tensor(): Tensor | undefined {
		return this.attr('value')?.tensor;
	}

	/** How many elements {@link tensor} has, as `summarize_graph` counts them: none where it cannot be decoded. */
	get elements(): number {
		const { tensor } = this;
		return tensor?.decodable ? tensor.elements : 0;
	}

	/** True while the node is exactly what the file has. */
	get verbatim(): boolean {
		return this.#verbatim;
	}

	/** Serialized NodeDef fields other than name, op, input, device and attr. */
	get extra(): Uint8Array {
		const bytes = this.#bytes;
		if (this.#extra || !bytes || this.#attrStart !== -1) return this.#extra ?? NOTHING;
		const reader = new FieldReader(bytes, this.#start, this.#end);
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
		if (this.#verbatim && this.#bytes) return [this.#bytes.subarray(this.#start, this.#end)];
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
			if (this.#verbatim) this.#byteLength = this.#end - this.#start;
			else this.#byteLength = this.encodedLength();
		}
		return this.#byteLength;
	}

	/** What {@link encode} comes to, without writing it. */
	private encodedLength(): number {
		if (this.#headLength < 0) {
			let length = fieldLength(this.name) + fieldLength(this.op) + fieldLength(this.device);
			for (const input of this.inputs) length += framedLength(textLength(input));
			this.#headLength = length;
		}
		return this.#headLength + this.encodedAttrsLength() + this.extra.length;
	}

	private encodedAttrsLength(): number {
		const from = this.#attrStart;
		if (from >= 0 && isPlainSection(this.#bytes!, from, this.#end)) return this.#end - from;
		return from === GIVEN_ALONE ? attrsLength(this.attrs) : sharedAttrsLength(this.attrs);
	}

	/** The head's bytes after a change of some texts, where those of the present ones are known. */
	#headLengthWith(name: string, op: string, device: string): number {
		let length = this.#headLength;
		if (length < 0) return length;
		if (name !== this.name) length += fieldLength(name) - fieldLength(this.name);
		if (op !== this.op) length += fieldLength(op) - fieldLength(this.op);
		if (device !== this.device) length += fieldLength(device) - fieldLength(this.device);
		return length;
	}
}

function textAt(
	bytes: Uint8Array,
	start: number,
	end: number,
	common: boolean,
	texts: TextTable | undefined,
): string {
	if (!texts) return decodeText(bytes, start, end);
	return common ? texts.readCommon(start, end) : texts.read(start, end);
}

function attrMap(attrs: NodeFields['attrs']): Attrs | undefined {
	if (!attrs) return undefined;
	return attrs instanceof Map ? attrs : attrsOf(attrs as Record<string, Attr>);
}

/** Bytes of a text's field; an empty one is not written. */
function fieldLength(text: string): number {
	return text === '' ? 0 : framedLength(textLength(text));
}
