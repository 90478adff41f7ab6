/** The attributes of a NodeDef, found in place; what many nodes have alike is read once for all of them. */
import { Attr } from './attr.ts';
import { decodeText, latin1, textLength } from './text.ts';
import { BYTES, FieldReader, varintSize } from './wire.ts';

/** In the file's order. */
export type Attrs = ReadonlyMap<string, Attr>;

/** Attributes under their names, for nodes that are to have the very same ones. */
export function attrsOf(values: Readonly<Record<string, Attr>>): Attrs {
	return new Map(Object.entries(values));
}

/**
 * Attribute sections up to so many bytes are read once for all nodes that have the same: those of convolutions are long
 * and alike, those of constants differ.
 */
function longestShared(op: string): number {
	return op === 'Const' ? 0 : 256;
}

const MOST_SHARED = 4096;
const shared = new Map<string, Attrs>();

/** The attributes in a part of an op's NodeDef that holds nothing else; most nodes have one of a few such sets. */
export function readAttrSection(op: string, bytes: Uint8Array, start: number, end: number): Attrs {
	if (end - start > longestShared(op)) return readAttrFields(bytes, start, end);
	const key = latin1(bytes, start, end);
	let attrs = shared.get(key);
	if (attrs) return attrs;
	if (shared.size >= MOST_SHARED) return readAttrFields(bytes, start, end);
	// A copy, so that the file's buffer is not held by what its nodes share with those of other files.
	attrs = readAttrFields(Uint8Array.from(bytes.subarray(start, end)));
	shared.set(key, attrs);
	return attrs;
}

/** The attributes among the fields of a NodeDef that lie at `bytes[from, to)`. */
export function readAttrFields(bytes: Uint8Array, from = 0, to = bytes.length): Attrs {
	const attrs = new Map<string, Attr>();
	const reader = new FieldReader(bytes, from, to);
	while (reader.next()) {
		if (reader.field !== 5 || reader.wire !== BYTES) continue;
		const entry = new FieldReader(bytes, reader.start, reader.end);
		let key = '';
		let start = 0;
		let end = 0;
		while (entry.next()) {
			if (entry.field === 1) key = decodeText(bytes, entry.start, entry.end);
			else if (entry.field === 2) {
				start = entry.start;
				end = entry.end;
			}
		}
		attrs.set(key, end - start > 3 ? new Attr(bytes, start, end) : shortAttr(bytes, start, end));
	}
	return attrs;
}

/** Values of up to three bytes, types and flags above all, by those bytes: most nodes have one of a few. */
const shortAttrs = new Map<number, Attr>();

function shortAttr(bytes: Uint8Array, start: number, end: number): Attr {
	let key = end - start;
	for (let i = start; i < end; i++) key = key * 256 + bytes[i]!;
	let attr = shortAttrs.get(key);
	if (attr) return attr;
	attr = new Attr(Uint8Array.from(bytes.subarray(start, end)));
	if (shortAttrs.size < MOST_SHARED) shortAttrs.set(key, attr);
	return attr;
}

/** Bytes of a field with a one-byte tag, its length and its content. */
export function framedLength(length: number): number {
	return 1 + varintSize(length) + length;
}

/** Many nodes have the same attributes: their length is counted once. */
const attrsLengths = new WeakMap<Attrs, number>();

/** Bytes of the fields of a NodeDef that hold these attributes. */
export function attrsLength(attrs: Attrs): number {
	let length = attrsLengths.get(attrs);
	if (length === undefined) {
		length = 0;
		for (const [name, value] of attrs)
			length += framedLength(framedLength(textLength(name)) + framedLength(value.end - value.start));
		attrsLengths.set(attrs, length);
	}
	return length;
}
