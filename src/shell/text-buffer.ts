/**
 * The line being typed, which may hold several lines. Every function takes a buffer and gives a new one; the
 * cursor is an offset in UTF-16 units that always stands between two graphemes.
 */

export interface TextBuffer {
	readonly text: string;
	readonly cursor: number;
	/** What was killed last, newest first; `yank` brings it back. */
	readonly kills: readonly string[];
	/** States to go back to, newest first. */
	readonly past: readonly Snapshot[];
	/** What the last edit was, so that like ones are undone together and kills are joined. */
	readonly last: 'insert' | 'delete' | 'kill' | 'yank' | 'other';
}

interface Snapshot {
	readonly text: string;
	readonly cursor: number;
}

export const emptyBuffer: TextBuffer = { text: '', cursor: 0, kills: [], past: [], last: 'other' };

const MOST_KILLS = 20;
const MOST_PAST = 200;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The whole text replaced, the cursor at its end. What was there can be undone. */
export function setText(buffer: TextBuffer, text: string, cursor = text.length): TextBuffer {
	return edit(buffer, text, cursor, 'other');
}

/** Typed or pasted text at the cursor. Typing is undone word by word, a paste as a whole. */
export function insert(buffer: TextBuffer, added: string, pasted = false): TextBuffer {
	const text = buffer.text.slice(0, buffer.cursor) + added + buffer.text.slice(buffer.cursor);
	const joins = !pasted && buffer.last === 'insert' && !/\s$/.test(added);
	return edit(buffer, text, buffer.cursor + added.length, pasted ? 'other' : 'insert', joins);
}

export function backspace(buffer: TextBuffer): TextBuffer {
	return remove(buffer, before(buffer.text, buffer.cursor), buffer.cursor, 'delete');
}

export function deleteForward(buffer: TextBuffer): TextBuffer {
	return remove(buffer, buffer.cursor, after(buffer.text, buffer.cursor), 'delete');
}

export function left(buffer: TextBuffer): TextBuffer {
	return move(buffer, before(buffer.text, buffer.cursor));
}

export function right(buffer: TextBuffer): TextBuffer {
	return move(buffer, after(buffer.text, buffer.cursor));
}

export function wordLeft(buffer: TextBuffer): TextBuffer {
	return move(buffer, wordStart(buffer.text, buffer.cursor));
}

export function wordRight(buffer: TextBuffer): TextBuffer {
	return move(buffer, wordEnd(buffer.text, buffer.cursor));
}

export function lineStart(buffer: TextBuffer): TextBuffer {
	return move(buffer, startOfLine(buffer.text, buffer.cursor));
}

export function lineEnd(buffer: TextBuffer): TextBuffer {
	return move(buffer, endOfLine(buffer.text, buffer.cursor));
}

/** One line up, at the same column; undefined on the first line. */
export function up(buffer: TextBuffer): TextBuffer | undefined {
	const start = startOfLine(buffer.text, buffer.cursor);
	if (start === 0) return undefined;
	const above = startOfLine(buffer.text, start - 1);
	return move(buffer, atColumn(buffer.text, above, buffer.cursor - start));
}

/** One line down, at the same column; undefined on the last line. */
export function down(buffer: TextBuffer): TextBuffer | undefined {
	const end = endOfLine(buffer.text, buffer.cursor);
	if (end === buffer.text.length) return undefined;
	return move(
		buffer,
		atColumn(buffer.text, end + 1, buffer.cursor - startOfLine(buffer.text, buffer.cursor)),
	);
}

export function killToEnd(buffer: TextBuffer): TextBuffer {
	const end = endOfLine(buffer.text, buffer.cursor);
	return kill(buffer, buffer.cursor, end === buffer.cursor ? after(buffer.text, end) : end);
}

export function killToStart(buffer: TextBuffer): TextBuffer {
	return kill(buffer, startOfLine(buffer.text, buffer.cursor), buffer.cursor);
}

export function killWordBack(buffer: TextBuffer): TextBuffer {
	return kill(buffer, wordStart(buffer.text, buffer.cursor), buffer.cursor);
}

/** Back to the last blank, whatever stands between. */
export function killBlankWordBack(buffer: TextBuffer): TextBuffer {
	const head = buffer.text.slice(0, buffer.cursor);
	return kill(buffer, head.replace(/\S*\s*$/, '').length, buffer.cursor);
}

export function killWordForward(buffer: TextBuffer): TextBuffer {
	return kill(buffer, buffer.cursor, wordEnd(buffer.text, buffer.cursor));
}

/** The last killed text at the cursor. */
export function yank(buffer: TextBuffer): TextBuffer {
	const [killed] = buffer.kills;
	if (killed === undefined) return buffer;
	return { ...insert(buffer, killed, true), last: 'yank' };
}

/** After a yank: the text killed before it, in its place. */
export function yankPop(buffer: TextBuffer): TextBuffer {
	const [killed, ...older] = buffer.kills;
	if (buffer.last !== 'yank' || killed === undefined || older.length === 0) return buffer;
	const start = buffer.cursor - killed.length;
	const turned = {
		...buffer,
		kills: [...older, killed],
		text: buffer.text.slice(0, start) + buffer.text.slice(buffer.cursor),
		cursor: start,
	};
	return yank(turned);
}

export function undo(buffer: TextBuffer): TextBuffer {
	const [previous, ...past] = buffer.past;
	return previous ? { ...buffer, ...previous, past, last: 'other' } : buffer;
}

function edit(
	buffer: TextBuffer,
	text: string,
	cursor: number,
	last: TextBuffer['last'],
	joins = false,
): TextBuffer {
	if (text === buffer.text) return { ...buffer, cursor, last };
	const past = joins
		? buffer.past
		: [{ text: buffer.text, cursor: buffer.cursor }, ...buffer.past].slice(0, MOST_PAST);
	return { ...buffer, text, cursor, past, last };
}

function remove(buffer: TextBuffer, start: number, end: number, last: TextBuffer['last']): TextBuffer {
	if (start === end) return buffer;
	return edit(
		buffer,
		buffer.text.slice(0, start) + buffer.text.slice(end),
		start,
		last,
		buffer.last === last,
	);
}

/** Kills that follow each other are one. */
function kill(buffer: TextBuffer, start: number, end: number): TextBuffer {
	if (start === end) return buffer;
	const killed = buffer.text.slice(start, end);
	const [newest = '', ...older] = buffer.kills;
	const joined = start < buffer.cursor ? killed + newest : newest + killed;
	const kills = buffer.last === 'kill' ? [joined, ...older] : [killed, ...buffer.kills].slice(0, MOST_KILLS);
	return { ...remove({ ...buffer, last: 'other' }, start, end, 'kill'), kills };
}

function move(buffer: TextBuffer, cursor: number): TextBuffer {
	return { ...buffer, cursor, last: 'other' };
}

function startOfLine(text: string, at: number): number {
	return text.lastIndexOf('\n', at - 1) + 1;
}

function endOfLine(text: string, at: number): number {
	const end = text.indexOf('\n', at);
	return end < 0 ? text.length : end;
}

function atColumn(text: string, start: number, column: number): number {
	const wanted = Math.min(start + column, endOfLine(text, start));
	// Never between the parts of one grapheme.
	return wanted === start ? start : after(text, before(text, wanted));
}

/** The grapheme boundary before an offset. */
function before(text: string, at: number): number {
	if (at <= 0) return 0;
	if (isPlain(text, at - 1) && (at < 2 || isPlain(text, at - 2))) return at - 1;
	const start = Math.max(0, startOfLine(text, at));
	let last = start;
	for (const { index } of segmenter.segment(text.slice(start, at))) last = start + index;
	return start === at ? at - 1 : last;
}

/** The grapheme boundary after an offset. */
function after(text: string, at: number): number {
	if (at >= text.length) return text.length;
	if (isPlain(text, at) && (at + 1 >= text.length || isPlain(text, at + 1))) return at + 1;
	for (const { segment } of segmenter.segment(text.slice(at))) return at + segment.length;
	return text.length;
}

/** ASCII other than CR: a grapheme of its own between others of its kind. */
function isPlain(text: string, at: number): boolean {
	const code = text.charCodeAt(at);
	return code < 0x80 && code !== 0x0d;
}

/** Letters, digits and `_` make a word; other characters only separate words. */
function wordStart(text: string, at: number): number {
	return text.slice(0, at).replace(/[\p{L}\p{M}\p{N}_]*[^\p{L}\p{M}\p{N}_]*$/u, '').length;
}

function wordEnd(text: string, at: number): number {
	return at + /^[^\p{L}\p{M}\p{N}_]*[\p{L}\p{M}\p{N}_]*/u.exec(text.slice(at))![0].length;
}
