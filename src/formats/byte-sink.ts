/** Collects output in pieces of about a megabyte, so that no text has to fit into one JavaScript string. */
const PIECE = 1 << 20;

export class ByteSink {
	readonly #pieces: Uint8Array[] = [];
	#buffer = Buffer.allocUnsafe(PIECE);
	#length = 0;

	/** Appends characters below U+0080. */
	ascii(text: string): void {
		for (let at = 0; at < text.length; at += PIECE) {
			const part = text.slice(at, at + PIECE);
			this.#reserve(part.length);
			this.#length += this.#buffer.write(part, this.#length, 'latin1');
		}
	}

	/** Appends bytes in C escapes, the quotes not included. */
	escaped(bytes: Uint8Array): void {
		for (let i = 0; i < bytes.length; i++) {
			if ((i & 0xfff) === 0) this.#reserve(0x1000 * 4);
			const byte = bytes[i]!;
			const sequence = escapes[byte];
			if (sequence === undefined) this.#buffer[this.#length++] = byte;
			else for (const code of sequence) this.#buffer[this.#length++] = code;
		}
	}

	finish(): Uint8Array[] {
		this.#flush();
		return this.#pieces;
	}

	#reserve(extra: number): void {
		if (this.#length + extra > this.#buffer.length) this.#flush();
	}

	#flush(): void {
		if (this.#length > 0) this.#pieces.push(this.#buffer.subarray(0, this.#length));
		this.#buffer = Buffer.allocUnsafe(PIECE);
		this.#length = 0;
	}
}

/** Byte → how C writes it; undefined where that is the byte itself. */
const escapes: readonly (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
	const short = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 39: "\\'", 92: '\\\\' }[byte];
	if (short) return Buffer.from(short);
	if (byte >= 32 && byte < 127) return undefined;
	return Buffer.from(`\\${byte.toString(8).padStart(3, '0')}`);
});
