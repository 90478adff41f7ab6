/**
 * Names in a graph are bytes. They are held as JavaScript strings; a byte that is no valid UTF-8 becomes a
 * lone surrogate U+DC80…U+DCFF, so that every name survives the way to a string and back.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `bytes[start, end)` as a string; malformed bytes are kept (see above). */
export function decodeText(bytes: Uint8Array, start = 0, end = bytes.length): string {
	let ascii = true;
	for (let i = start; i < end; i++) {
		if (bytes[i]! >= 0x80) {
			ascii = false;
			break;
		}
	}
	if (ascii) return latin1(bytes, start, end);
	const slice = bytes.subarray(start, end);
	try {
		return strict.decode(slice);
	} catch {
		return decodeMalformed(slice);
	}
}

/** The Buffer over all of some memory: making one for every name costs more than reading the name. */
const buffers = new WeakMap<ArrayBufferLike, Buffer>();

/** `bytes[start, end)` as a string of as many characters. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
	if (end - start < 8) {
		let text = '';
		for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
		return text;
	}
	if (bytes instanceof Buffer) return bytes.toString('latin1', start, end);
	let buffer = buffers.get(bytes.buffer);
	if (!buffer) {
		buffer = Buffer.from(bytes.buffer);
		buffers.set(bytes.buffer, buffer);
	}
	return buffer.toString('latin1', bytes.byteOffset + start, bytes.byteOffset + end);
}

function decodeMalformed(bytes: Uint8Array): string {
	let text = '';
	for (let i = 0; i < bytes.length; ) {
		const lead = bytes[i]!;
		const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
		try {
			if (length === 0 || i + length > bytes.length) throw new TypeError('malformed');
			text += strict.decode(bytes.subarray(i, i + length));
			i += length;
		} catch {
			text += String.fromCharCode(0xdc00 + lead);
			i += 1;
		}
	}
	return text;
}

/** A hash of `bytes[start, end)`, for tables that find a text without making a string. */
export function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
	let hash = 0;
	for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
	return hash;
}

/** The bytes of a string made by {@link decodeText}, or of any well-formed string as UTF-8. */
export function encodeText(text: string): Uint8Array {
	if (/^[\x00-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
	if (text.isWellFormed()) return Buffer.from(text, 'utf8');
	const parts: number[] = [];
	for (const character of text) {
		const code = character.codePointAt(0)!;
		if (code >= 0xdc80 && code <= 0xdcff) parts.push(code - 0xdc00);
		else parts.push(...Buffer.from(character, 'utf8'));
	}
	return Uint8Array.from(parts);
}

/** How many bytes {@link encodeText} gives. */
export function textLength(text: string): number {
	for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return encodeText(text).length;
	return text.length;
}

/** Order by UTF-8 bytes, as the C++ tool's maps and sorts have it; UTF-16 order differs above U+D7FF. */
export function compareBytes(a: string, b: string): number {
	if (a === b) return 0;
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const x = a.charCodeAt(i);
		const y = b.charCodeAt(i);
		if (x !== y) {
			if (x < 0xd800 && y < 0xd800) return x - y;
			return Buffer.compare(encodeText(a), encodeText(b));
		}
	}
	return a.length - b.length;
}
