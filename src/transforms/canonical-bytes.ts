/**
 * A message's bytes as the C++ tool would write them after reading them (spec: core-and-rewiring 10.1): fields
 * in number order, repeated numbers packed, defaults left out, unknown fields last, maps sorted by key.
 */
import { type FieldSchema, type MessageSchema, messageSchema } from '../formats/text-schema.ts';
import { compareBytes, decodeText } from '../graph/text.ts';
import { BYTES, FieldReader, FieldWriter, VARINT, varintSize } from '../graph/wire.ts';

let attrValue: MessageSchema | undefined;

/** Whether the AttrValue at `bytes[start, end)` is canonical as it stands, as nearly all are. */
export function isCanonicalAttrValue(bytes: Uint8Array, start: number, end: number): boolean {
	return isCanonical(bytes, start, end, attrValueSchema());
}

/** The canonical bytes of a serialized AttrValue. */
export function canonicalAttrValue(bytes: Uint8Array): Uint8Array {
	return rewrite(bytes, attrValueSchema());
}

function attrValueSchema(): MessageSchema {
	attrValue ??= messageSchema('AttrValue');
	return attrValue;
}

function isCanonical(bytes: Uint8Array, start: number, end: number, schema: MessageSchema): boolean {
	const reader = new FieldReader(bytes, start, end);
	let last = 0;
	let oneof: string | undefined;
	while (reader.next()) {
		const field = schema.byNumber.get(reader.field);
		if (!field || field.map || reader.field < last) return false;
		const list = field.repeated && isLengthDelimited(field);
		if (reader.field === last && !list) return false;
		if (field.oneof !== undefined) {
			if (oneof === field.oneof) return false;
			oneof = field.oneof;
		}
		last = reader.field;
		if (!isCanonicalField(reader, field)) return false;
	}
	return true;
}

const isLengthDelimited = (field: FieldSchema): boolean => field.wire === BYTES;

function isCanonicalField(reader: FieldReader, field: FieldSchema): boolean {
	const { bytes, start, end, wire, tagStart } = reader;
	const packed = field.repeated && !isLengthDelimited(field);
	if (wire !== (packed ? BYTES : field.wire)) return false;
	const head = varintSize(reader.field * 8 + wire) + (wire === BYTES ? varintSize(end - start) : 0);
	if (start - tagStart !== head) return false;
	if (packed) return end > start && (field.wire !== VARINT || areShortest(bytes, start, end));
	if (field.message) return isCanonical(bytes, start, end, field.message);
	if (wire === VARINT && !areShortest(bytes, start, end)) return false;
	if (wire === VARINT && field.kind === 'bool' && bytes[start]! > 1) return false;
	return field.repeated || field.oneof !== undefined || !isDefault(bytes, start, end, wire);
}

/** Whether varints have no bytes that say nothing, and none lies between 32 and 64 bits. */
function areShortest(bytes: Uint8Array, start: number, end: number): boolean {
	let length = 0;
	for (let i = start; i < end; i++) {
		length++;
		if (bytes[i]! >= 0x80) continue;
		if (length > 1 && bytes[i] === 0) return false;
		if (length > 4 && length < 10) return false;
		length = 0;
	}
	return length === 0;
}

function isDefault(bytes: Uint8Array, start: number, end: number, wire: number): boolean {
	if (wire === BYTES) return end === start;
	for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
	return true;
}

const NOTHING = new Uint8Array(0);

/** Bytes of a message field given in several parts. */
type Parts = Uint8Array[];

function rewrite(bytes: Uint8Array, schema: MessageSchema): Uint8Array {
	const values = new Map<number, Parts>();
	const unknown = new FieldWriter(16);
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		const field = schema.byNumber.get(reader.field);
		const packed = field?.repeated && !isLengthDelimited(field) && reader.wire === BYTES;
		if (!field || (reader.wire !== field.wire && !packed)) {
			unknown.raw(bytes.subarray(reader.tagStart, reader.end));
			continue;
		}
		if (field.oneof !== undefined) {
			for (const other of values.keys())
				if (other !== field.number && schema.byNumber.get(other)!.oneof === field.oneof) values.delete(other);
		}
		const known = values.get(field.number);
		if (!known || !(field.repeated || field.message)) values.set(field.number, [reader.slice]);
		else known.push(reader.slice);
	}
	const writer = new FieldWriter(bytes.length + 16);
	for (const number of [...values.keys()].sort((a, b) => a - b))
		writeField(writer, schema.byNumber.get(number)!, values.get(number)!);
	return writer.raw(unknown.finish()).finish();
}

function writeField(writer: FieldWriter, field: FieldSchema, parts: Parts): void {
	const { number, message } = field;
	if (field.map) writeMap(writer, field, parts);
	else if (message && field.repeated) for (const part of parts) writer.bytes(number, rewrite(part, message));
	else if (message) writer.bytes(number, rewrite(Buffer.concat(parts), message));
	else if (field.repeated && isLengthDelimited(field)) for (const part of parts) writer.bytes(number, part);
	else if (field.repeated) {
		const values = Buffer.concat(parts);
		const packed = field.wire === VARINT ? rewriteVarints(values, field) : values;
		if (packed.length > 0) writer.bytes(number, packed);
	} else {
		const value = field.wire === VARINT ? rewriteVarints(parts[0]!, field) : parts[0]!;
		if (field.oneof === undefined && isDefault(value, 0, value.length, field.wire)) return;
		if (field.wire === BYTES) writer.bytes(number, value);
		else writer.tag(number, field.wire).raw(value);
	}
}

/** The last entry of a key counts. An entry has both its fields, defaults and all. */
function writeMap(writer: FieldWriter, field: FieldSchema, parts: Parts): void {
	const { byNumber } = field.message!;
	const entries = new Map<string, { key: Uint8Array; value: Uint8Array }>();
	for (const part of parts) {
		const entry: { key: Uint8Array; value: Uint8Array } = { key: NOTHING, value: NOTHING };
		const reader = new FieldReader(part);
		while (reader.next()) {
			if (reader.field === 1) entry.key = reader.slice;
			else if (reader.field === 2) entry.value = reader.slice;
		}
		entries.set(decodeText(entry.key), entry);
	}
	const value = byNumber.get(2)!;
	for (const key of [...entries.keys()].sort(compareBytes)) {
		const entry = entries.get(key)!;
		const bytes = value.message ? rewrite(entry.value, value.message) : entry.value;
		writer.bytes(field.number, new FieldWriter(64).bytes(1, entry.key).bytes(2, bytes).finish());
	}
}

function rewriteVarints(bytes: Uint8Array, field: FieldSchema): Uint8Array {
	const writer = new FieldWriter(bytes.length + 10);
	for (let at = 0; at < bytes.length; ) {
		const reader = new FieldReader(bytes, at);
		reader.start = at;
		reader.varint();
		reader.end = reader.position;
		writer.int64(narrowed(reader.int64, field));
		at = reader.position;
	}
	return writer.finish();
}

function narrowed(value: bigint, { kind }: FieldSchema): bigint {
	if (kind === 'bool') return value === 0n ? 0n : 1n;
	if (kind === 'int32' || kind === 'enum') return BigInt.asIntN(32, value);
	return kind === 'uint32' ? BigInt.asUintN(32, value) : value;
}
