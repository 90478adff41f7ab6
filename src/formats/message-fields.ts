/** The fields of a serialized message as its parser would keep them, each where it lies. */
import { WhittleError } from '../graph/error.ts';
import { BYTES, FIXED32, FIXED64, FieldReader, VARINT } from '../graph/wire.ts';
import type { FieldSchema, MessageSchema } from './text-schema.ts';

/** A value where it lies. */
export interface Place {
	readonly bytes: Uint8Array;
	readonly start: number;
	readonly end: number;
}

/** A field that the schema does not have. */
export interface UnknownField {
	readonly number: number;
	readonly wire: number;
	readonly place: Place;
}

/** A message's fields by number, as its parser would keep them: of a oneof only the last member. */
export function collect(
	place: Place,
	schema: MessageSchema,
): { fields: Map<number, Place[]>; unknown: UnknownField[] } {
	const fields = new Map<number, Place[]>();
	const unknown: UnknownField[] = [];
	const oneofs = new Map<string, number>();
	const { bytes } = place;
	const reader = new FieldReader(bytes, place.start, place.end);
	while (reader.next()) {
		const value = { bytes, start: reader.start, end: reader.end };
		const field = schema.byNumber.get(reader.field);
		const fits = field && (reader.wire === field.wire || (field.repeated && reader.wire === BYTES));
		if (!field || !fits) {
			unknown.push({ number: reader.field, wire: reader.wire, place: value });
			continue;
		}
		if (field.oneof) {
			const other = oneofs.get(field.oneof);
			if (other !== undefined && other !== field.number) fields.delete(other);
			oneofs.set(field.oneof, field.number);
		}
		const items =
			field.repeated && field.wire !== BYTES && reader.wire === BYTES ? unpack(field, value) : [value];
		const list = fields.get(field.number);
		if (list) for (const item of items) list.push(item);
		else fields.set(field.number, items);
	}
	return { fields, unknown };
}

function unpack(field: FieldSchema, { bytes, start, end }: Place): Place[] {
	const items: Place[] = [];
	const reader = new FieldReader(bytes, start, end);
	for (let at = start; at < end; at = reader.position) {
		if (field.wire === VARINT) reader.varint();
		else reader.position += field.wire === FIXED32 ? 4 : 8;
		if (reader.position > end) throw new WhittleError('file', `\`${field.name}\` is cut off.`);
		items.push({ bytes, start: at, end: reader.position });
	}
	return items;
}

/** Values of a repeated message; a single message given in parts is their bytes in a row. */
export function joined(field: FieldSchema, places: readonly Place[]): readonly Place[] {
	if (field.repeated || places.length === 1) return places;
	const bytes = Buffer.concat(places.map((place) => place.bytes.subarray(place.start, place.end)));
	return [{ bytes, start: 0, end: bytes.length }];
}

/** Values to print: all of a repeated field, else the last, unless it is a default that nobody can see. */
export function scalars(field: FieldSchema, places: readonly Place[]): readonly Place[] {
	if (field.repeated) return places;
	const last = places.at(-1)!;
	return field.oneof || !isZero(field, last) ? [last] : [];
}

function isZero(field: FieldSchema, { bytes, start, end }: Place): boolean {
	if (field.wire === BYTES) return start === end;
	for (let i = start; i < end; i++)
		if ((bytes[i]! & (field.wire === VARINT ? 0x7f : 0xff)) !== 0) return false;
	return true;
}

export interface Entry {
	key: Place | undefined;
	value: Place | undefined;
}

/** Map entries by key; the last of several with one key counts. */
export function entries(field: FieldSchema, places: readonly Place[]): Entry[] {
	const byKey = new Map<string, Entry>();
	const integer = field.message!.byNumber.get(1)!.wire === VARINT;
	for (const place of places) {
		const { fields } = collect(place, field.message!);
		const entry: Entry = { key: fields.get(1)?.at(-1), value: undefined };
		const values = fields.get(2);
		if (values) entry.value = joined(field.message!.byNumber.get(2)!, values).at(-1);
		const { key } = entry;
		const text = !key
			? ''
			: integer
				? String(varint(key))
				: Buffer.from(key.bytes.subarray(key.start, key.end)).toString('latin1');
		byKey.set(text, entry);
	}
	const sorted = [...byKey];
	if (integer) sorted.sort(([a], [b]) => (BigInt(a || 0) < BigInt(b || 0) ? -1 : 1));
	else sorted.sort(([a], [b]) => (a < b ? -1 : 1));
	return sorted.map(([, entry]) => entry);
}

/** What stands for a value that is not there: its type's default. */
export function zero(field: FieldSchema): Place {
	const size = field.wire === VARINT ? 1 : field.wire === FIXED32 ? 4 : field.wire === FIXED64 ? 8 : 0;
	return { bytes: new Uint8Array(size), start: 0, end: size };
}

/** The value of a varint, as a signed 64-bit integer. */
export function varint({ bytes, start, end }: Place): bigint {
	const reader = new FieldReader(bytes, start, end);
	reader.start = start;
	reader.end = end;
	return reader.int64;
}

/** The fields of a group or of bytes that could be a message; undefined where they are none. */
export function unknownFields({ bytes, start, end }: Place, wire: number): UnknownField[] | undefined {
	const fields: UnknownField[] = [];
	// A group's range closes with its end tag.
	const limit = wire === BYTES ? end : end - endTagLength(bytes, end);
	const reader = new FieldReader(bytes, start, limit);
	try {
		while (reader.next()) {
			const place = { bytes, start: reader.start, end: reader.end };
			fields.push({ number: reader.field, wire: reader.wire, place });
		}
	} catch {
		return undefined;
	}
	return fields;
}

function endTagLength(bytes: Uint8Array, end: number): number {
	let length = 1;
	while (length < 5 && (bytes[end - 1 - length] ?? 0) >= 0x80) length++;
	return length;
}
