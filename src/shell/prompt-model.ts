/** The prompt as a pure function: a state, a key, and what is known around it give a state and an effect. */
import type { Completion } from '../commands/complete.ts';
import type { KeyEvent } from './keypress.ts';
import { type Action, actionOf } from './keys.ts';
import type { PromptHistory } from './prompt-history.ts';
import type { TextBuffer } from './text-buffer.ts';
import * as edit from './text-buffer.ts';

export interface PromptState {
	readonly buffer: TextBuffer;
	/** Candidates for the word at the cursor; undefined while none are shown. */
	readonly list: CompletionList | undefined;
	/** Where in the history the arrows are, and what was typed before. */
	readonly recall: { readonly at: number; readonly typed: string } | undefined;
	/** Ctrl-R: what is searched, and how far back. */
	readonly search:
		| { readonly query: string; readonly index: number; readonly before: TextBuffer }
		| undefined;
}

export interface CompletionList {
	readonly completion: Completion;
	/** −1 while nothing is taken. */
	readonly selected: number;
	/** The line as it was typed, into which a candidate is put. */
	readonly typed: TextBuffer;
}

/** What the prompt knows of the world. */
export interface PromptWorld {
	readonly history: PromptHistory;
	complete(text: string, cursor: number): Completion | undefined;
	/** Command lines offered under the last answer, chosen by digit. */
	readonly offers: readonly string[];
}

export type Effect =
	| { readonly type: 'submit'; readonly line: string }
	| { readonly type: 'interrupt' | 'leave' | 'dismiss' | 'suspend' | 'repaint' | 'editor' };

export interface Reduced {
	readonly state: PromptState;
	readonly effect?: Effect;
}

export const emptyPrompt: PromptState = {
	buffer: edit.emptyBuffer,
	list: undefined,
	recall: undefined,
	search: undefined,
};

/** One key. */
export function reducePrompt(state: PromptState, event: KeyEvent, world: PromptWorld): Reduced {
	if (state.search) return reduceSearch(state, event, world);
	if (event.kind === 'text') return { state: typed(state, event.text, world) };
	if (event.kind === 'paste')
		return { state: changed(state, edit.insert(state.buffer, event.text, true), world) };
	const action = actionOf(event.key);
	return action ? act(state, action, world) : { state };
}

/** The grey text behind the cursor: what the newest fitting line of the history adds. */
export function ghostOf(state: PromptState, world: PromptWorld): string {
	const { buffer, list, search, recall } = state;
	if (search || recall || buffer.cursor < buffer.text.length || (list && list.selected >= 0)) return '';
	return world.history.ghost(buffer.text);
}

function typed(state: PromptState, text: string, world: PromptWorld): PromptState {
	const offered =
		state.buffer.text === '' && /^[1-9]$/.test(text) ? world.offers[Number(text) - 1] : undefined;
	return changed(
		state,
		offered === undefined ? edit.insert(state.buffer, text) : edit.setText(state.buffer, offered),
		world,
	);
}

/** After an edit the candidates are looked up anew and the arrows start from here. */
function changed(state: PromptState, buffer: TextBuffer, world: PromptWorld): PromptState {
	const completion = buffer.text === '' ? undefined : world.complete(buffer.text, buffer.cursor);
	const list =
		completion && completion.items.length > 0 ? { completion, selected: -1, typed: buffer } : undefined;
	return { ...state, buffer, list, recall: undefined };
}

/** The graph is another one: candidates are looked up anew, unless one of them has been taken. */
export function inNewWorld(state: PromptState, world: PromptWorld): PromptState {
	const { buffer, list, search, recall } = state;
	return search || recall || (list && list.selected >= 0) ? state : changed(state, buffer, world);
}

/** After a move nothing is offered: the cursor is where somebody reads. */
function moved(state: PromptState, buffer: TextBuffer): PromptState {
	return { ...state, buffer, list: undefined };
}

const edits: Partial<Record<Action, (buffer: TextBuffer) => TextBuffer>> = {
	backspace: edit.backspace,
	'delete-forward': edit.deleteForward,
	'kill-end': edit.killToEnd,
	'kill-start': edit.killToStart,
	'kill-word-back': edit.killWordBack,
	'kill-blank-word-back': edit.killBlankWordBack,
	'kill-word-forward': edit.killWordForward,
	yank: edit.yank,
	'yank-pop': edit.yankPop,
	undo: edit.undo,
	newline: (buffer) => edit.insert(buffer, '\n'),
};

const moves: Partial<Record<Action, (buffer: TextBuffer) => TextBuffer>> = {
	left: edit.left,
	'word-left': edit.wordLeft,
	'word-right': edit.wordRight,
	'line-start': edit.lineStart,
};

function act(state: PromptState, action: Action, world: PromptWorld): Reduced {
	const change = edits[action];
	if (change) return { state: changed(state, change(state.buffer), world) };
	const move = moves[action];
	if (move) return { state: moved(state, move(state.buffer)) };
	switch (action) {
		case 'right':
		case 'line-end': {
			const ghost = ghostOf(state, world);
			if (ghost !== '') return { state: changed(state, edit.insert(state.buffer, ghost, true), world) };
			return {
				state: moved(state, action === 'right' ? edit.right(state.buffer) : edit.lineEnd(state.buffer)),
			};
		}
		case 'complete':
			return { state: take(state, 1, world) };
		case 'complete-back':
			return { state: take(state, -1, world) };
		case 'history-back':
			return { state: recall(state, -1, world) };
		case 'history-forward':
			return { state: recall(state, 1, world) };
		case 'search':
			return { state: { ...state, list: undefined, search: { query: '', index: 0, before: state.buffer } } };
		case 'submit':
			return submit(state, world);
		case 'dismiss':
			return state.list ? { state: { ...state, list: undefined } } : { state, effect: { type: 'dismiss' } };
		case 'clear-line':
			return {
				state: { ...emptyPrompt, buffer: edit.setText(state.buffer, '') },
				effect: { type: 'interrupt' },
			};
		case 'leave':
			if (state.buffer.text !== '') return { state: changed(state, edit.deleteForward(state.buffer), world) };
			return { state, effect: { type: 'leave' } };
		case 'suspend':
		case 'repaint':
		case 'editor':
			return { state, effect: { type: action } };
	}
	return { state };
}

function submit(state: PromptState, world: PromptWorld): Reduced {
	const { text } = state.buffer;
	if (goesOn(text))
		return { state: changed(state, edit.insert(edit.setText(state.buffer, text), '\n'), world) };
	return {
		state: { ...emptyPrompt, buffer: { ...edit.emptyBuffer, kills: state.buffer.kills } },
		effect: { type: 'submit', line: text },
	};
}

/** A line that asks for more: its last character is a backslash, or a quoted text is open. */
export function goesOn(text: string): boolean {
	if (/\\\s*$/.test(text)) return true;
	let quote = '';
	for (let i = 0; i < text.length; i++) {
		const character = text[i]!;
		if (character === '\\') i++;
		else if (quote !== '') quote = character === quote ? '' : quote;
		else if (character === '"' || (character === "'" && text[i - 1] === '=')) quote = character;
	}
	return quote !== '';
}

/** Tab: the next candidate in the place of the word. */
function take(state: PromptState, step: 1 | -1, world: PromptWorld): PromptState {
	const completion = state.list?.completion ?? world.complete(state.buffer.text, state.buffer.cursor);
	if (!completion || completion.items.length === 0) return state;
	const list = state.list ?? { completion, selected: -1, typed: state.buffer };
	const count = completion.items.length;
	const selected = list.selected < 0 ? (step > 0 ? 0 : count - 1) : (list.selected + step + count) % count;
	const item = completion.items[selected]!;
	const text = list.typed.text.slice(0, completion.start) + item.text + list.typed.text.slice(completion.end);
	// Undone, it is the line as it was typed, whatever was looked at in between.
	const buffer = edit.setText(list.typed, text, completion.start + item.text.length);
	// The only candidate is taken for good, so that the next word is completed next.
	if (count === 1) return changed(state, buffer, world);
	return { ...state, buffer, list: { ...list, selected }, recall: undefined };
}

/** An arrow: within the lines of the buffer first, then through the history. */
function recall(state: PromptState, step: -1 | 1, world: PromptWorld): PromptState {
	const inside = state.recall ? undefined : step < 0 ? edit.up(state.buffer) : edit.down(state.buffer);
	if (inside) return moved(state, inside);
	const { history } = world;
	const before = state.recall ?? { at: history.lines.length, typed: state.buffer.text };
	const at = history.find(before.typed, before.at, step, state.buffer.text);
	if (at === undefined) {
		if (step < 0 || !state.recall) return state;
		return { ...state, buffer: edit.setText(state.buffer, before.typed), recall: undefined, list: undefined };
	}
	const buffer = edit.setText(state.buffer, history.lines[at]!);
	return { ...state, buffer, recall: { at, typed: before.typed }, list: undefined };
}

function reduceSearch(state: PromptState, event: KeyEvent, world: PromptWorld): Reduced {
	const search = state.search!;
	const look = (query: string, index: number): Reduced => {
		const line = world.history.search(query, index);
		if (line === undefined && index > 0) return { state };
		const buffer = line === undefined ? state.buffer : edit.setText(state.buffer, line);
		return { state: { ...state, buffer, search: { ...search, query, index } } };
	};
	if (event.kind !== 'key') return look(search.query + event.text.replaceAll('\n', ' '), 0);
	const action = actionOf(event.key);
	switch (action) {
		case 'search':
			return look(search.query, search.index + 1);
		case 'backspace':
			return look([...search.query].slice(0, -1).join(''), 0);
		case 'dismiss':
		case 'clear-line':
			return { state: { ...state, buffer: search.before, search: undefined } };
		case 'submit':
			return submit({ ...state, search: undefined }, world);
		default:
			return action ? act({ ...state, search: undefined }, action, world) : { state };
	}
}
