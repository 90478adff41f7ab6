/** Reads protobuf's text format into a serialized message, as C++'s `TextFormat` and serializer would. */

import type { WhittleError } from '../graph/error.ts';
import type { Work } from '../graph/progress.ts';
import { BYTES, FieldWriter } from '../graph/wire.ts';
import type { FieldSchema, MessageSchema } from './text-schema.ts';
import { TokenReader } from './text-tokens.ts';

/** Messages nested deeper than this are refused: nobody could read the result. */
const DEEPEST = 100;

/** In turns. @returns the serialized message. @throws WhittleError `file` with line and column. */
export function* parsingMessage(text: Uint8Array, schema: MessageSchema): Work<Uint8Array> {
	return yield* new Parser(new TokenReader(text)).file(schema, text.length);
}

/** The values of a message under construction, by field number. */
type Parts = Map<number, Uint8Array[]>;

class Parser {
	readonly #tokens: TokenReader;

	constructor(tokens: TokenReader) {
		this.#tokens = tokens;
	}

	/** The message that the whole text is, field by field. @param length bytes of the text. */
	*file(schema: MessageSchema, length: number): Work<Uint8Array> {
		const tokens = this.#tokens;
		const parts: Parts = new Map();
		const oneofs = new Map<string, FieldSchema>();
		for (let i = 1; tokens.kind !== 'end'; i++) {
			// A field is a whole node here.
			if (i % 64 === 0) yield { done: tokens.offset, total: length };
			this.#field(schema, parts, oneofs, 0);
			if (!tokens.consume(';')) tokens.consume(',');
		}
		return encode(schema, parts);
	}

	/** @param close the bracket that ends the message. */
	message(schema: MessageSchema, close: string, depth: number): Uint8Array {
		const tokens = this.#tokens;
		if (depth > DEEPEST) throw tokens.error(`Nested more than ${DEEPEST} messages deep.`);
		const parts: Parts = new Map();
		const oneofs = new Map<string, FieldSchema>();
		while (!tokens.consume(close)) {
			this.#field(schema, parts, oneofs, depth);
			if (!tokens.consume(';')) tokens.consume(',');
		}
		return encode(schema, parts);
	}

	#field(schema: MessageSchema, parts: Parts, oneofs: Map<string, FieldSchema>, depth: number): void {
		const tokens = this.#tokens;
		if (tokens.kind !== 'identifier') throw tokens.error(`Expected a field name, found ${tokens.found}.`);
		const field = schema.byName.get(tokens.text);
		if (!field) throw tokens.error(`Message type "${schema.name}" has no field named "${tokens.text}".`);
		this.#checkOnce(field, parts, oneofs);
		tokens.advance();
		if (field.message) tokens.consume(':');
		else tokens.expect(':');
		const values = parts.get(field.number) ?? [];
		parts.set(field.number, values);
		if (!field.repeated || !tokens.consume('[')) values.push(this.#value(field, depth));
		else if (!tokens.consume(']')) {
			do values.push(this.#value(field, depth));
			while (tokens.consume(','));
			tokens.expect(']');
		}
	}

	#checkOnce(field: FieldSchema, parts: Parts, oneofs: Map<string, FieldSchema>): void {
		if (!field.repeated && parts.has(field.number))
			throw this.#tokens.error(`Non-repeated field "${field.name}" is specified multiple times.`);
		if (!field.oneof) return;
		const other = oneofs.get(field.oneof);
		if (other)
			throw this.#tokens.error(
				`Field "${field.name}" is specified along with field "${other.name}", another member of oneof "${field.oneof}".`,
			);
		oneofs.set(field.oneof, field);
	}

	/** One value as on the wire, without tag and length. */
	#value(field: FieldSchema, depth: number): Uint8Array {
		const tokens = this.#tokens;
		if (field.message) {
			const close = tokens.consume('<') ? '>' : '}';
			if (close === '}') tokens.expect('{');
			return this.message(field.message, close, depth + 1);
		}
		if (field.kind === 'string' || field.kind === 'bytes') return tokens.string();
		const writer = new FieldWriter(10);
		if (field.kind === 'float') return writer.float(this.#float()).finish();
		if (field.kind === 'double') return new Uint8Array(Float64Array.of(this.#float()).buffer);
		if (field.kind === 'bool') return writer.varint(this.#bool()).finish();
		if (field.kind === 'enum') return writer.int64(this.#enum(field)).finish();
		const value = this.#integer(field);
		if (field.kind === 'fixed64') return new Uint8Array(BigUint64Array.of(value).buffer);
		if (field.kind === 'fixed32') return new Uint8Array(Uint32Array.of(Number(value)).buffer);
		return writer.int64(value).finish();
	}

	#float(): number {
		const tokens = this.#tokens;
		const sign = tokens.consume('-') ? -1 : 1;
		const text = tokens.text.toLowerCase();
		let value: number | undefined;
		if (tokens.kind === 'identifier') {
			if (text === 'inf' || text === 'infinity') value = Number.POSITIVE_INFINITY;
			else if (text === 'nan') value = Number.NaN;
		} else if (tokens.kind === 'number') {
			if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?f?$/.test(text)) value = Number(text.replace(/f$/, ''));
			else if (/^0x[0-9a-f]+$/.test(text)) value = Number(text);
		}
		if (value === undefined) throw tokens.error(`Expected a number, found ${tokens.found}.`);
		tokens.advance();
		return sign * value;
	}

	#bool(): 0 | 1 {
		const tokens = this.#tokens;
		const { text } = tokens;
		const isTrue = ['true', 'True', 't', '1'].includes(text);
		if (tokens.kind === 'string' || !(isTrue || ['false', 'False', 'f', '0'].includes(text)))
			throw tokens.error(`Expected true or false, found ${tokens.found}.`);
		tokens.advance();
		return isTrue ? 1 : 0;
	}

	#enum(field: FieldSchema): bigint {
		const tokens = this.#tokens;
		if (tokens.kind !== 'identifier') return this.#integer({ ...field, kind: 'int32' });
		const value = field.enumValues![tokens.text];
		if (value === undefined)
			throw tokens.error(`Unknown enumeration value of "${tokens.text}" for field "${field.name}".`);
		tokens.advance();
		return BigInt(value);
	}

	#integer(field: FieldSchema): bigint {
		const tokens = this.#tokens;
		const negative = tokens.consume('-');
		const { text } = tokens;
		if (tokens.kind !== 'number' || !/^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text))
			throw tokens.error(`Expected an integer, found ${tokens.found}.`);
		const size = BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
		const value = negative ? -size : size;
		const bits = field.kind.endsWith('32') ? 32 : 64;
		const unsigned = field.kind.startsWith('u') || field.kind.startsWith('fixed');
		const fits = (unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)) === value;
		if (!fits) throw this.#outOfRange(text);
		tokens.advance();
		return value;
	}

	#outOfRange(text: string): WhittleError {
		return this.#tokens.error(`Integer out of range (${text}).`);
	}
}

/** Fields by number, numbers of a repeated field packed, defaults outside a oneof left out. */
function encode(schema: MessageSchema, parts: Parts): Uint8Array {
	const pieces: Uint8Array[] = [];
	for (const number of [...parts.keys()].sort((a, b) => a - b)) {
		const field = schema.byNumber.get(number)!;
		const values = parts.get(number)!;
		if (field.repeated && field.wire !== BYTES) {
			if (values.length > 0) pushField(pieces, number, BYTES, Buffer.concat(values));
			continue;
		}
		const visible = field.repeated || field.oneof || field.message;
		for (const value of values)
			if (visible || !isZero(field, value)) pushField(pieces, number, field.wire, value);
	}
	return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

function isZero(field: FieldSchema, value: Uint8Array): boolean {
	return field.wire === BYTES ? value.length === 0 : value.every((byte) => byte === 0);
}

function pushField(pieces: Uint8Array[], number: number, wire: number, value: Uint8Array): void {
	const head = new FieldWriter(12).tag(number, wire);
	if (wire === BYTES) head.varint(value.length);
	pieces.push(head.finish(), value);
}
