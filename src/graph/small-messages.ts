/**
 * Messages of one field, small ones side by side in one piece of memory: a step makes one for each of many nodes, and
 * memory of its own costs such a message more than writing it.
 */
import { encodeText, textLength } from './text.ts';
import { BYTES, FieldWriter, framedLength } from './wire.ts';

/** Where a message lies: `source[start, end)`. */
export interface Placed {
	readonly source: Uint8Array;
	readonly start: number;
	readonly end: number;
}

const ROOM = 1 << 16;
const SMALL = 1 << 12;
let room = Buffer.alloc(0);
let used = 0;

/** The message that holds `bytes` as one field, whose number is below 16. */
export function placedField(field: number, bytes: Uint8Array): Placed {
	if (bytes.length > SMALL) return alone(field, bytes);
	const start = reserve(field, bytes.length);
	room.set(bytes, used);
	used += bytes.length;
	return { source: room, start, end: used };
}

/** The same of a text. */
export function placedText(field: number, text: string): Placed {
	const isAscii = textLength(text) === text.length;
	if (!isAscii || text.length > SMALL) return placedField(field, encodeText(text));
	const start = reserve(field, text.length);
	used += room.write(text, used, 'latin1');
	return { source: room, start, end: used };
}

/** Makes room, and writes the tag and the length. @returns where the message starts. */
function reserve(field: number, length: number): number {
	if (used + framedLength(length) > room.length) {
		room = Buffer.allocUnsafeSlow(ROOM);
		used = 0;
	}
	const start = used;
	room[used++] = field * 8 + BYTES;
	if (length >= 0x80) room[used++] = (length & 0x7f) | 0x80;
	room[used++] = length >= 0x80 ? length >> 7 : length;
	return start;
}

function alone(field: number, bytes: Uint8Array): Placed {
	const writer = new FieldWriter(bytes.length + 12).tag(field, BYTES).varint(bytes.length).raw(bytes);
	const source = writer.finish();
	return { source, start: 0, end: source.length };
}
