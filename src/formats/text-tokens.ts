/** The words of protobuf's text format, read in place from a file's bytes. */
import { WhittleError } from '../graph/error.ts';

export type TokenKind = 'identifier' | 'number' | 'string' | 'symbol' | 'end';

const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const NEWLINE = 10;

const simple: Readonly<Record<number, number>> = {
	97: 7, // \a
	98: 8, // \b
	102: 12, // \f
	110: 10, // \n
	114: 13, // \r
	116: 9, // \t
	118: 11, // \v
	63: 63, // \?
	92: 92,
	39: 39,
	34: 34,
};

/** Stands on one token; `advance` moves on. */
export class TokenReader {
	readonly #bytes: Uint8Array;
	#position = 0;
	kind: TokenKind = 'end';
	/** Identifiers, numbers and symbols as written; empty for a string. */
	text = '';
	#start = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#position = 3;
		this.advance();
	}

	advance(): void {
		this.#skipSpace();
		this.#start = this.#position;
		const byte = this.#bytes[this.#position];
		if (byte === undefined) {
			this.kind = 'end';
			this.text = '';
		} else if (isLetter(byte)) {
			this.#take('identifier', isWord);
		} else if (isDigit(byte) || (byte === 46 && isDigit(this.#bytes[this.#position + 1] ?? 0))) {
			this.#number();
		} else if (byte === QUOTE || byte === APOSTROPHE) {
			this.kind = 'string';
			this.text = '';
			this.#position = this.#closingQuote(byte) + 1;
		} else {
			this.kind = 'symbol';
			this.text = String.fromCharCode(byte);
			if (byte < 32 || byte >= 127)
				throw this.error('Invalid control characters encountered in text.', this.#start);
			this.#position++;
		}
	}

	/** Moves past a symbol or identifier if it is this one. */
	consume(text: string): boolean {
		if (this.text !== text || this.kind === 'string') return false;
		this.advance();
		return true;
	}

	expect(text: string): void {
		if (!this.consume(text)) throw this.error(`Expected "${text}", found ${this.found}.`);
	}

	/** Where the present token begins. */
	get offset(): number {
		return this.#start;
	}

	get found(): string {
		if (this.kind === 'end') return 'the end of the file';
		return this.kind === 'string' ? 'a string' : `"${this.text}"`;
	}

	/** The bytes of one or several adjacent strings; moves past them. */
	string(): Uint8Array {
		const parts: Uint8Array[] = [];
		while (this.kind === 'string') {
			parts.push(this.#unescape(this.#start + 1, this.#position - 1));
			this.advance();
		}
		if (parts.length === 0) throw this.error(`Expected a string, found ${this.found}.`);
		return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
	}

	/** An error at the present token, or at an offset. */
	error(message: string, offset = this.#start): WhittleError {
		let line = 1;
		let lineStart = 0;
		for (let i = 0; i < offset; i++) {
			if (this.#bytes[i] !== NEWLINE) continue;
			line++;
			lineStart = i + 1;
		}
		return new WhittleError('file', `Line ${line}, column ${offset - lineStart + 1}: ${message}`);
	}

	#skipSpace(): void {
		const bytes = this.#bytes;
		for (let at = this.#position; ; at++) {
			const byte = bytes[at];
			if (byte === 35) {
				while (at < bytes.length && bytes[at] !== NEWLINE) at++;
			} else if (byte !== 32 && (byte === undefined || byte < 9 || byte > 13)) {
				this.#position = Math.min(at, bytes.length);
				return;
			}
		}
	}

	#take(kind: TokenKind, belongs: (byte: number) => boolean): void {
		let end = this.#position + 1;
		while (end < this.#bytes.length && belongs(this.#bytes[end]!)) end++;
		this.kind = kind;
		// Longer than any name: a hostile file shall not make a giant string.
		this.text = Buffer.from(this.#bytes.subarray(this.#start, Math.min(end, this.#start + 400))).toString(
			'latin1',
		);
		this.#position = end;
	}

	#number(): void {
		const bytes = this.#bytes;
		this.#take('number', (byte) => isWord(byte) || byte === 46);
		// The sign of an exponent belongs to it.
		if (/^[\d.]+[eE]$/.test(this.text) && (bytes[this.#position] === 43 || bytes[this.#position] === 45)) {
			this.#position++;
			while (this.#position < bytes.length && isWord(bytes[this.#position]!)) this.#position++;
			this.text = Buffer.from(bytes.subarray(this.#start, this.#position)).toString('latin1');
		}
	}

	#closingQuote(quote: number): number {
		const bytes = this.#bytes;
		for (let at = this.#position + 1; at < bytes.length; at++) {
			const byte = bytes[at];
			if (byte === quote) return at;
			if (byte === BACKSLASH) at++;
			else if (byte === NEWLINE) break;
		}
		throw this.error('String literals cannot cross line boundaries.');
	}

	#unescape(start: number, end: number): Uint8Array {
		const bytes = this.#bytes;
		const plain = bytes.subarray(start, end);
		if (!plain.includes(BACKSLASH)) return plain;
		const text = Buffer.allocUnsafe(end - start);
		let length = 0;
		for (let at = start; at < end; at++) {
			const byte = bytes[at]!;
			if (byte !== BACKSLASH) {
				text[length++] = byte;
				continue;
			}
			const code = bytes[++at]!;
			if (code >= 48 && code <= 55) {
				let value = code - 48;
				// Up to three octal digits; written out, because tensors are made of them.
				for (let more = 0; more < 2 && at + 1 < end; more++) {
					const next = bytes[at + 1]!;
					if (next < 48 || next > 55) break;
					value = value * 8 + next - 48;
					at++;
				}
				text[length++] = value;
			} else if (code === 120 || code === 88) {
				const digits = this.#hexDigits(at + 1, Math.min(end, at + 3));
				if (digits === '') throw this.error('Expected hex digits for escape sequence.', at);
				text[length++] = Number.parseInt(digits, 16);
				at += digits.length;
			} else if (code === 117 || code === 85) {
				const width = code === 117 ? 4 : 8;
				const digits = this.#hexDigits(at + 1, Math.min(end, at + 1 + width));
				const point = Number.parseInt(digits, 16);
				if (digits.length < width || point > 0x10ffff)
					throw this.error(`Expected ${width} hex digits for a Unicode escape sequence.`, at);
				length += text.write(String.fromCodePoint(point), length);
				at += width;
			} else {
				const value = simple[code];
				if (value === undefined) throw this.error('Invalid escape sequence in string literal.', at - 1);
				text[length++] = value;
			}
		}
		return text.subarray(0, length);
	}

	#hexDigits(start: number, end: number): string {
		return /^[0-9a-fA-F]*/.exec(Buffer.from(this.#bytes.subarray(start, end)).toString('latin1'))![0];
	}
}

function isLetter(byte: number): boolean {
	return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || byte === 95;
}

function isDigit(byte: number): boolean {
	return byte >= 48 && byte <= 57;
}

function isWord(byte: number): boolean {
	return isLetter(byte) || isDigit(byte);
}
