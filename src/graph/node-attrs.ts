/** The attributes of a NodeDef, found in place; what many nodes have alike is read once for all of them. */
import { Attr } from './attr.ts';
import { decodeText, hashOfBytes, textLength } from './text.ts';
import { BYTES, FieldReader, framedLength, varintSize } from './wire.ts';

/** In the file's order. */
export type Attrs = ReadonlyMap<string, Attr>;

/** Attributes under their names, for nodes that are to have the very same ones. */
export function attrsOf(values: Readonly<Record<string, Attr>>): Attrs {
	const attrs = new Map<string, Attr>();
	for (const name in values) attrs.set(name, values[name]!);
	return attrs;
}

/**
 * Attribute sections up to so many bytes are read once for all nodes that have the same: those of convolutions are long
 * and alike, those of constants differ.
 */
function longestShared(op: string): number {
	return op === 'Const' ? 0 : 256;
}

const MOST_SHARED = 4096;
let sharedCount = 0;
/** By the hash of their bytes. Looked up without making a string of them: it is done for every node of a graph. */
const shared = new Map<number, SharedAttrs>();

interface SharedAttrs {
	readonly bytes: Uint8Array;
	readonly attrs: Attrs;
	/** Another set whose bytes have the same hash. */
	readonly next: SharedAttrs | undefined;
}

/** The attributes in a part of an op's NodeDef that holds nothing else; most nodes have one of a few such sets. */
export function readAttrSection(op: string, bytes: Uint8Array, start: number, end: number): Attrs {
	if (end - start > longestShared(op)) return readAttrFields(bytes, start, end);
	const hash = hashOfBytes(bytes, start, end);
	const first = shared.get(hash);
	for (let entry = first; entry; entry = entry.next)
		if (holds(bytes, start, end, entry.bytes)) return entry.attrs;
	if (sharedCount >= MOST_SHARED) return readAttrFields(bytes, start, end);
	sharedCount++;
	// A copy, so that the file's buffer is not held by what its nodes share with those of other files.
	const copy = Uint8Array.from(bytes.subarray(start, end));
	const attrs = readAttrFields(copy);
	shared.set(hash, { bytes: copy, attrs, next: first });
	return attrs;
}

function holds(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
	return end - start === wanted.length && startsWith(bytes, start, wanted, wanted.length);
}

function startsWith(bytes: Uint8Array, start: number, wanted: Uint8Array, length: number): boolean {
	for (let i = 0; i < length; i++) if (bytes[start + i] !== wanted[i]) return false;
	return true;
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
			if (entry.field === 1) key = attrName(bytes, entry.start, entry.end);
			else if (entry.field === 2) {
				start = entry.start;
				end = entry.end;
			}
		}
		attrs.set(key, end - start > 3 ? new Attr(bytes, start, end) : shortAttr(bytes, start, end));
	}
	return attrs;
}

/** Names by the hash of their bytes; of several with one hash the first. */
const names = new Map<number, { readonly bytes: Uint8Array; readonly text: string }>();

/** The name at `bytes[start, end)`: there are few, and each stands in many nodes. */
function attrName(bytes: Uint8Array, start: number, end: number): string {
	const hash = hashOfBytes(bytes, start, end);
	const known = names.get(hash);
	if (known && holds(bytes, start, end, known.bytes)) return known.text;
	const text = decodeText(bytes, start, end);
	if (!known && names.size < MOST_SHARED)
		names.set(hash, { bytes: Uint8Array.from(bytes.subarray(start, end)), text });
	return text;
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

/** Tags of an entry's name and value. */
const NAME = 0x0a;
const VALUE = 0x12;
/** Where the lengths of the names lie that {@link isPlainSection} has met. */
const namesMet: number[] = [];
/** The short plain section met last, in its first bytes: those of neighbours are often alike. */
const lastPlain = new Uint8Array(32);
let lastLength = -1;

/**
 * Whether attributes lie in a file as they would be written, but for their order: no name twice, nothing but name and
 * value, every length in as few bytes as it needs. Looked at in place, because every node that a step changes is.
 */
export function isPlainSection(bytes: Uint8Array, start: number, end: number): boolean {
	if (end - start === lastLength && startsWith(bytes, start, lastPlain, lastLength)) return true;
	let met = 0;
	const reader = new FieldReader(bytes, start, end);
	while (reader.next()) {
		if (reader.field !== 5 || reader.wire !== BYTES) return false;
		if (reader.end - reader.tagStart !== framedLength(reader.end - reader.start)) return false;
		const name = reader.start + 1;
		const valueTag = name + 1 + bytes[name]!;
		if (bytes[reader.start] !== NAME || bytes[name]! >= 0x80 || valueTag >= reader.end) return false;
		if (bytes[valueTag] !== VALUE || !isFramed(bytes, valueTag + 1, reader.end)) return false;
		for (let i = 0; i < met; i++) if (isSameName(bytes, namesMet[i]!, name)) return false;
		namesMet[met++] = name;
	}
	if (end - start > lastPlain.length) return true;
	lastLength = end - start;
	for (let i = 0; i < lastLength; i++) lastPlain[i] = bytes[start + i]!;
	return true;
}

/** Whether a length, in as few bytes as it needs, and as many bytes as it says fill `[start, end)`. */
function isFramed(bytes: Uint8Array, start: number, end: number): boolean {
	let at = start;
	let length = 0;
	for (let factor = 1; at < end; factor *= 128) {
		const byte = bytes[at++]!;
		length += (byte & 0x7f) * factor;
		if (byte < 0x80) break;
	}
	return at + length === end && varintSize(length) === at - start;
}

function isSameName(bytes: Uint8Array, a: number, b: number): boolean {
	for (let i = 0; i <= bytes[a]!; i++) if (bytes[a + i] !== bytes[b + i]) return false;
	return true;
}

/** Bytes of the fields of a NodeDef that hold these attributes. */
export function attrsLength(attrs: Attrs): number {
	let length = 0;
	// Going on by pairs would make one for each.
	attrs.forEach((value, name) => {
		length += framedLength(framedLength(textLength(name)) + framedLength(value.end - value.start));
	});
	return length;
}

const attrsLengths = new WeakMap<Attrs, number>();

/** {@link attrsLength} of attributes that many nodes have: counted once. */
export function sharedAttrsLength(attrs: Attrs): number {
	let length = attrsLengths.get(attrs);
	if (length === undefined) {
		length = attrsLength(attrs);
		attrsLengths.set(attrs, length);
	}
	return length;
}
