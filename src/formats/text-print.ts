/**
 * Prints a serialized message in protobuf's text format exactly as C++'s `TextFormat` does (spec:
 * core-and-rewiring 1.6): fields by number, map entries by key, what nobody knows under its number.
 */
import { WhittleError } from '../graph/error.ts';
import { doubleText, floatText } from '../graph/number-text.ts';
import { finish, type Work } from '../graph/progress.ts';
import { BYTES, FIXED32, FIXED64, VARINT } from '../graph/wire.ts';
import { ByteSink } from './byte-sink.ts';
import {
	collect,
	entries,
	joined,
	type Place,
	scalars,
	type UnknownField,
	unknownFields,
	varint,
	zero,
} from './message-fields.ts';
import type { FieldSchema, MessageSchema } from './text-schema.ts';

/** Messages nested deeper than this are refused, as protobuf's own parsers do. */
const DEEPEST = 100;

/** {@link printingMessage} in one go. */
export function printMessage(bytes: Uint8Array, schema: MessageSchema): Uint8Array[] {
	return finish(printingMessage(bytes, schema));
}

/** Works in turns. @returns the text in pieces. @throws WhittleError `file` where the bytes are no message. */
export function* printingMessage(bytes: Uint8Array, schema: MessageSchema): Work<Uint8Array[]> {
	const printer = new Printer();
	yield* printer.outermost({ bytes, start: 0, end: bytes.length }, schema);
	return printer.sink.finish();
}

class Printer {
	readonly sink = new ByteSink();

	/** A message with a turn after each message in it: of a graph those are its nodes. */
	*outermost(place: Place, schema: MessageSchema): Work<void> {
		const { fields, unknown } = collect(place, schema);
		for (const [field, places] of inOrder(fields, schema)) {
			for (const part of field.repeated && !field.map ? places.map((one) => [one]) : [places]) {
				this.#field(field, part, 0);
				yield { done: part.at(-1)!.end, total: place.end };
			}
		}
		for (const item of unknown) this.#unknown(item, 0, 10);
	}

	#message(place: Place, schema: MessageSchema, depth: number): void {
		if (depth > DEEPEST)
			throw new WhittleError('file', `The graph is nested more than ${DEEPEST} messages deep.`);
		const { fields, unknown } = collect(place, schema);
		for (const [field, places] of inOrder(fields, schema)) this.#field(field, places, depth);
		for (const item of unknown) this.#unknown(item, depth, 10);
	}

	#field(field: FieldSchema, places: readonly Place[], depth: number): void {
		if (field.map) this.#map(field, places, depth);
		else if (field.message) for (const item of joined(field, places)) this.#nested(field, item, depth);
		else for (const item of scalars(field, places)) this.#scalar(field, item, depth);
	}

	#nested(field: FieldSchema, place: Place, depth: number): void {
		this.#open(field.name, depth);
		this.#message(place, field.message!, depth + 1);
		this.#close(depth);
	}

	#map(field: FieldSchema, places: readonly Place[], depth: number): void {
		for (const { key, value } of entries(field, places)) {
			this.#open(field.name, depth);
			const [keyField, valueField] = [field.message!.byNumber.get(1)!, field.message!.byNumber.get(2)!];
			this.#scalar(keyField, key ?? zero(keyField), depth + 1);
			if (valueField.message) this.#nested(valueField, value ?? zero(valueField), depth + 1);
			else this.#scalar(valueField, value ?? zero(valueField), depth + 1);
			this.#close(depth);
		}
	}

	#open(name: string | number, depth: number): void {
		this.sink.ascii(`${'  '.repeat(depth)}${name} {\n`);
	}

	#close(depth: number): void {
		this.sink.ascii(`${'  '.repeat(depth)}}\n`);
	}

	#scalar(field: FieldSchema, place: Place, depth: number): void {
		const start = `${'  '.repeat(depth)}${field.name}: `;
		if (field.kind === 'string' || field.kind === 'bytes') this.#quoted(start, place);
		else this.sink.ascii(`${start}${scalarText(field, place)}\n`);
	}

	#quoted(start: string, place: Place): void {
		this.sink.ascii(`${start}"`);
		this.sink.escaped(place.bytes.subarray(place.start, place.end));
		this.sink.ascii('"\n');
	}

	/** A field without a name; length-delimited ones are tried as messages, `budget` levels deep. */
	#unknown(reader: UnknownField, depth: number, budget: number): void {
		const { number, wire, place } = reader;
		const start = `${'  '.repeat(depth)}${number}: `;
		const view = new DataView(place.bytes.buffer, place.bytes.byteOffset);
		if (wire === VARINT) this.sink.ascii(`${start}${BigInt.asUintN(64, varint(place))}\n`);
		else if (wire === FIXED32) this.sink.ascii(`${start}0x${hex(view.getUint32(place.start, true), 8)}\n`);
		else if (wire === FIXED64)
			this.sink.ascii(`${start}0x${hex(view.getBigUint64(place.start, true), 16)}\n`);
		else {
			const inner = wire === BYTES && budget === 0 ? undefined : unknownFields(place, wire);
			if (!inner || (wire === BYTES && place.start === place.end)) this.#quoted(start, place);
			else {
				this.#open(number, depth);
				for (const item of inner) this.#unknown(item, depth + 1, budget - 1);
				this.#close(depth);
			}
		}
	}
}

function inOrder(
	fields: ReadonlyMap<number, readonly Place[]>,
	schema: MessageSchema,
): [FieldSchema, readonly Place[]][] {
	const numbers = [...fields.keys()].sort((a, b) => a - b);
	return numbers.map((number) => [schema.byNumber.get(number)!, fields.get(number)!]);
}

function scalarText(field: FieldSchema, place: Place): string {
	const view = new DataView(place.bytes.buffer, place.bytes.byteOffset);
	switch (field.kind) {
		case 'float':
			return floatText(view.getFloat32(place.start, true));
		case 'double':
			return doubleText(view.getFloat64(place.start, true));
		case 'fixed64':
			return String(view.getBigUint64(place.start, true));
		case 'fixed32':
			return String(view.getUint32(place.start, true));
		case 'bool':
			return varint(place) === 0n ? 'false' : 'true';
		case 'uint64':
			return String(BigInt.asUintN(64, varint(place)));
		case 'uint32':
			return String(BigInt.asUintN(32, varint(place)));
		case 'int32':
			return String(BigInt.asIntN(32, varint(place)));
		case 'enum': {
			const value = Number(BigInt.asIntN(32, varint(place)));
			return field.enumNames![value] ?? String(value);
		}
		default:
			return String(varint(place));
	}
}

function hex(value: number | bigint, width: number): string {
	return value.toString(16).padStart(width, '0');
}
