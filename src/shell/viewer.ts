/** A screen of its own for a long answer: scroll, search, leave. Written to the alternate screen without Ink. */

import stringWidth from 'string-width';
import { cutEnd } from '../render/cut-text.ts';
import { paintBlock } from '../render/lines.ts';
import type { Painter } from '../render/paint.ts';
import { plainBlock } from '../render/plain.ts';
import type { Block } from '../session/answer.ts';
import type { KeyEvent } from './keypress.ts';

export interface ViewerState {
	/** Painted and plain, line by line. */
	readonly lines: readonly { readonly painted: string; readonly plain: string }[];
	readonly top: number;
	/** Columns scrolled to the right. */
	readonly left: number;
	/** Being typed after `/`; undefined otherwise. */
	readonly query: string | undefined;
	readonly pattern: string;
	readonly message: string;
	readonly done: boolean;
}

export function viewerState(blocks: readonly Block[], paint: Painter, width: number): ViewerState {
	const lines = blocks.flatMap((block) => {
		const plain = plainBlock(block);
		const painted = block.type === 'bars' ? plain : paintBlock(block, paint, width);
		return plain.map((text, i) => ({ plain: text, painted: painted[i] ?? text }));
	});
	return { lines, top: 0, left: 0, query: undefined, pattern: '', message: '', done: false };
}

/** One key, or several characters that arrived together. @param page rows of text on the screen. */
export function reduceViewer(state: ViewerState, event: KeyEvent, page: number): ViewerState {
	if (event.kind !== 'text') return reduceKey(state, event, page);
	return [...event.text].reduce(
		(at, character) => (at.done ? at : reduceKey(at, { kind: 'text', text: character }, page)),
		state,
	);
}

function reduceKey(state: ViewerState, event: KeyEvent, page: number): ViewerState {
	const plain = { ...state, message: '' };
	if (state.query !== undefined) return reduceQuery(plain, event, page);
	const key = event.kind === 'key' ? event.key : event.text;
	switch (key) {
		case 'q':
		case 'escape':
		case 'ctrl+c':
		case 'ctrl+d':
			return { ...plain, done: true };
		case 'down':
		case 'j':
		case 'enter':
			return scroll(plain, state.top + 1, page);
		case 'up':
		case 'k':
			return scroll(plain, state.top - 1, page);
		case ' ':
		case 'pagedown':
		case 'ctrl+f':
			return scroll(plain, state.top + page - 1, page);
		case 'b':
		case 'pageup':
		case 'ctrl+b':
			return scroll(plain, state.top - page + 1, page);
		case 'g':
		case 'home':
			return scroll(plain, 0, page);
		case 'G':
		case 'end':
			return scroll(plain, state.lines.length, page);
		case 'right':
		case 'l':
			return { ...plain, left: state.left + 8 };
		case 'left':
		case 'h':
			return { ...plain, left: Math.max(0, state.left - 8) };
		case '/':
			return { ...plain, query: '' };
		case 'n':
			return find(plain, state.top + 1, 1, page);
		case 'N':
			return find(plain, state.top - 1, -1, page);
	}
	return plain;
}

function reduceQuery(state: ViewerState, event: KeyEvent, page: number): ViewerState {
	const query = state.query!;
	if (event.kind !== 'key') return { ...state, query: query + event.text.replaceAll('\n', ' ') };
	if (event.key === 'enter')
		return find({ ...state, query: undefined, pattern: query || state.pattern }, state.top, 1, page);
	if (event.key === 'backspace')
		return { ...state, query: query === '' ? undefined : [...query].slice(0, -1).join('') };
	return { ...state, query: undefined };
}

function scroll(state: ViewerState, top: number, page: number): ViewerState {
	return { ...state, top: Math.max(0, Math.min(top, state.lines.length - page)) };
}

/** The next line that holds the pattern, around the end if need be; upper case only matters when it is typed. */
function find(state: ViewerState, from: number, step: 1 | -1, page: number): ViewerState {
	const { pattern, lines } = state;
	if (pattern === '' || lines.length === 0) return state;
	const exact = /[A-Z]/.test(pattern);
	const wanted = exact ? pattern : pattern.toLowerCase();
	for (let i = 0; i < lines.length; i++) {
		const at = (((from + step * i) % lines.length) + lines.length) % lines.length;
		const text = exact ? lines[at]!.plain : lines[at]!.plain.toLowerCase();
		if (!text.includes(wanted)) continue;
		const wrapped = step > 0 ? at < from : at > from;
		return { ...scroll(state, at, page), message: wrapped ? 'search went round' : '' };
	}
	return { ...state, message: `no line holds ${pattern}` };
}

/** The whole screen as text: `rows` lines. */
export function viewerScreen(state: ViewerState, columns: number, rows: number, paint: Painter): string {
	const page = rows - 1;
	const shown = state.lines.slice(state.top, state.top + page).map(({ painted, plain }) => {
		if (state.left === 0 && stringWidth(plain) <= columns) return painted;
		return cutEnd(plain.slice(state.left), columns);
	});
	while (shown.length < page) shown.push('');
	const last = Math.min(state.top + page, state.lines.length);
	const place = ` ${state.lines.length === 0 ? 0 : state.top + 1}–${last} of ${state.lines.length}`;
	const help = ' · / search · n next · q leaves';
	const foot =
		state.query !== undefined
			? `/${state.query}`
			: cutEnd(`${place}${state.message ? ` · ${state.message}` : help}`, columns - 1);
	return [...shown, paint.text(foot, 'strong')].join('\r\n');
}
