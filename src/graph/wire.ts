/** The protobuf wire format, as far as finding fields in place and writing them needs it. */
import { WhittleError } from './error.ts';

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/**
 * Walks over the fields of one message in place. `next()` moves to a field; `field`, `wire`, and for
 * length-delimited fields `start` and `end`, then describe it. Nothing is copied.
 */
export class FieldReader {
	readonly bytes: Uint8Array;
	readonly limit: number;
	/** Offset of the next tag. */
	position: number;
	field = 0;
	wire = 0;
	/** Offset of the present field's tag. */
	tagStart = 0;
	/** The value's range; for a varint, the range of its bytes. */
	start = 0;
	end = 0;

	constructor(bytes: Uint8Array, start = 0, limit = bytes.length) {
		this.bytes = bytes;
		this.position = start;
		this.limit = limit;
	}

	/** Moves to the next field. @returns false at the end. @throws where the bytes are no message. */
	next(): boolean {
		if (this.position >= this.limit) return false;
		this.tagStart = this.position;
		const tag = this.varint();
		this.field = Math.floor(tag / 8);
		this.wire = tag & 7;
		if (this.field === 0 || this.field > 0x1fffffff) throw malformed(this.tagStart, 'invalid tag');
		this.start = this.position;
		switch (this.wire) {
			case VARINT:
				this.skipVarint();
				break;
			case FIXED64:
				this.position += 8;
				break;
			case BYTES: {
				const length = this.varint();
				this.start = this.position;
				this.position += length;
				break;
			}
			case 3:
				this.skipGroup(this.field, 0);
				break;
			case FIXED32:
				this.position += 4;
				break;
			default:
				throw malformed(this.tagStart, `wire type ${this.wire}`);
		}
		if (this.position > this.limit) throw malformed(this.tagStart, 'truncated');
		this.end = this.position;
		return true;
	}

	/** The present field's value as a number; exact up to 2^53. Only for varint fields. */
	get number(): number {
		const keep = this.position;
		this.position = this.start;
		const value = this.varint();
		this.position = keep;
		return value;
	}

	/** The present varint as a signed 64-bit integer. */
	get int64(): bigint {
		let value = 0n;
		let shift = 0n;
		for (let i = this.start; i < this.end; i++) {
			value |= BigInt(this.bytes[i]! & 0x7f) << shift;
			shift += 7n;
		}
		return BigInt.asIntN(64, value);
	}

	/** The value's bytes: a view, not a copy. */
	get slice(): Uint8Array {
		return this.bytes.subarray(this.start, this.end);
	}

	/** Reads a varint at `position`; beyond 2^53 the low bits are lost. */
	varint(): number {
		const bytes = this.bytes;
		let at = this.position;
		let byte = at < this.limit ? bytes[at++]! : -1;
		if (byte < 0) throw malformed(this.position, 'truncated');
		if (byte < 0x80) {
			this.position = at;
			return byte;
		}
		let value = byte & 0x7f;
		let factor = 128;
		for (let i = 1; i < 10; i++) {
			if (at >= this.limit) throw malformed(this.position, 'truncated');
			byte = bytes[at++]!;
			value += (byte & 0x7f) * factor;
			if (byte < 0x80) {
				this.position = at;
				return value;
			}
			factor *= 128;
		}
		throw malformed(this.position, 'varint too long');
	}

	private skipVarint(): void {
		for (let i = 0; i < 10; i++) {
			if (this.position >= this.limit) throw malformed(this.tagStart, 'truncated');
			if (this.bytes[this.position++]! < 0x80) return;
		}
		throw malformed(this.tagStart, 'varint too long');
	}

	private skipGroup(field: number, depth: number): void {
		if (depth > 64) throw malformed(this.tagStart, 'groups nested too deep');
		for (;;) {
			if (this.position >= this.limit) throw malformed(this.tagStart, 'truncated');
			const tag = this.varint();
			const inner = Math.floor(tag / 8);
			switch (tag & 7) {
				case VARINT:
					this.skipVarint();
					break;
				case FIXED64:
					this.position += 8;
					break;
				case BYTES: {
					const length = this.varint();
					this.position += length;
					break;
				}
				case 3:
					this.skipGroup(inner, depth + 1);
					break;
				case 4:
					if (inner !== field) throw malformed(this.tagStart, 'group ends under another number');
					return;
				case FIXED32:
					this.position += 4;
					break;
				default:
					throw malformed(this.tagStart, 'invalid tag in group');
			}
		}
	}
}

function malformed(offset: number, what: string): WhittleError {
	return new WhittleError('file', `Not a protobuf message: ${what} at byte ${offset}.`);
}

/** A message decoded by the codec, whose own errors know nothing of files. @throws WhittleError `file`. */
export function decodeOrThrow<T>(decode: () => T, what: string): T {
	try {
		return decode();
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new WhittleError('file', `${what} of the file is malformed: ${why}.`, { cause: error });
	}
}

/** Number of bytes of a varint. */
export function varintSize(value: number): number {
	let size = 1;
	for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
	return size;
}

/** Bytes of a field with a one-byte tag, its length and its content. */
export function framedLength(length: number): number {
	return 1 + varintSize(length) + length;
}

/** Bytes that are worth not being copied. */
const LARGE = 1 << 16;

/** Bytes of a buffer that writers use one after the other. */
const SHORT = 512;
const MOST_SPARE = 64;
/** Free ones: memory of its own, which lies outside the heap, costs a short message more than writing it. */
const spare: Uint8Array[] = [];
const NOTHING = new Uint8Array(0);

/** A growing buffer for writing message parts. */
export class FieldWriter {
	private buffer: Uint8Array;
	private length = 0;

	constructor(capacity = SHORT) {
		this.buffer = capacity > SHORT ? new Uint8Array(capacity) : (spare.pop() ?? new Uint8Array(SHORT));
	}

	varint(value: number): this {
		this.reserve(10);
		let rest = value;
		while (rest >= 128) {
			this.buffer[this.length++] = (rest % 128) | 0x80;
			rest = Math.floor(rest / 128);
		}
		this.buffer[this.length++] = rest;
		return this;
	}

	/** A signed integer as protobuf writes int32 and int64: ten bytes when negative. */
	int64(value: bigint): this {
		this.reserve(10);
		let rest = BigInt.asUintN(64, value);
		while (rest >= 128n) {
			this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
			rest >>= 7n;
		}
		this.buffer[this.length++] = Number(rest);
		return this;
	}

	tag(field: number, wire: number): this {
		return this.varint(field * 8 + wire);
	}

	raw(bytes: Uint8Array): this {
		this.reserve(bytes.length);
		this.buffer.set(bytes, this.length);
		this.length += bytes.length;
		return this;
	}

	/** A length-delimited field. */
	bytes(field: number, bytes: Uint8Array): this {
		return this.tag(field, BYTES).varint(bytes.length).raw(bytes);
	}

	float(value: number): this {
		this.reserve(4);
		new DataView(this.buffer.buffer).setFloat32(this.length, value, true);
		this.length += 4;
		return this;
	}

	/** What was written; the writer is empty then. Large messages are handed out as they lie here. */
	finish(): Uint8Array {
		const { buffer, length } = this;
		this.buffer = NOTHING;
		this.length = 0;
		if (length >= LARGE) return buffer.subarray(0, length);
		const message = buffer.slice(0, length);
		if (buffer.length === SHORT && spare.length < MOST_SPARE) spare.push(buffer);
		return message;
	}

	private reserve(extra: number): void {
		if (this.length + extra <= this.buffer.length) return;
		// Beside a large piece there is seldom more than a tag to come.
		const wanted = this.length * 2 < extra ? 0 : this.buffer.length * 2;
		const grown = new Uint8Array(Math.max(wanted, this.length + extra + 16));
		grown.set(this.buffer.subarray(0, this.length));
		this.buffer = grown;
	}
}
