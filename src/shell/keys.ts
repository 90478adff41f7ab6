/** The keys: one table, from which the prompt acts, `help keys` answers, and docs/keys.md is made. */

/** What a key does at the prompt. */
export type Action =
	| 'submit'
	| 'newline'
	| 'complete'
	| 'complete-back'
	| 'dismiss'
	| 'clear-line'
	| 'leave'
	| 'history-back'
	| 'history-forward'
	| 'search'
	| 'left'
	| 'right'
	| 'word-left'
	| 'word-right'
	| 'line-start'
	| 'line-end'
	| 'backspace'
	| 'delete-forward'
	| 'kill-end'
	| 'kill-start'
	| 'kill-word-back'
	| 'kill-blank-word-back'
	| 'kill-word-forward'
	| 'yank'
	| 'yank-pop'
	| 'undo'
	| 'editor'
	| 'repaint'
	| 'suspend';

export interface KeyBinding {
	readonly action: Action;
	/** As {@link KeyEvent} names them. */
	readonly keys: readonly string[];
	readonly summary: string;
	readonly category: 'Lines' | 'Completion and history' | 'Moving' | 'Editing';
}

export const keyBindings: readonly KeyBinding[] = [
	{
		action: 'submit',
		keys: ['enter'],
		summary: 'run the line as it stands; apply a preview',
		category: 'Lines',
	},
	{ action: 'newline', keys: ['alt+enter', 'ctrl+j'], summary: 'begin another line', category: 'Lines' },
	{
		action: 'clear-line',
		keys: ['ctrl+c'],
		summary: 'clear the line; stop what is running',
		category: 'Lines',
	},
	{ action: 'leave', keys: ['ctrl+d'], summary: 'leave, when the line is empty', category: 'Lines' },
	{ action: 'dismiss', keys: ['escape'], summary: 'close the list; drop a preview', category: 'Lines' },
	{ action: 'suspend', keys: ['ctrl+z'], summary: 'suspend; `fg` comes back', category: 'Lines' },
	{ action: 'repaint', keys: ['ctrl+l'], summary: 'draw the prompt anew', category: 'Lines' },
	{
		action: 'complete',
		keys: ['tab'],
		summary: 'take the first candidate; again: the next',
		category: 'Completion and history',
	},
	{
		action: 'complete-back',
		keys: ['shift+tab'],
		summary: 'the candidate before',
		category: 'Completion and history',
	},
	{
		action: 'history-back',
		keys: ['up', 'ctrl+p'],
		summary: 'the line before that begins like this one',
		category: 'Completion and history',
	},
	{
		action: 'history-forward',
		keys: ['down', 'ctrl+n'],
		summary: 'the line after',
		category: 'Completion and history',
	},
	{
		action: 'search',
		keys: ['ctrl+r'],
		summary: 'search all lines ever typed; again: further back',
		category: 'Completion and history',
	},
	{ action: 'left', keys: ['left', 'ctrl+b'], summary: 'one character back', category: 'Moving' },
	{
		action: 'right',
		keys: ['right', 'ctrl+f'],
		summary: 'one character on; at the end: take the grey text',
		category: 'Moving',
	},
	{
		action: 'word-left',
		keys: ['alt+b', 'alt+left', 'ctrl+left'],
		summary: 'one word back',
		category: 'Moving',
	},
	{
		action: 'word-right',
		keys: ['alt+f', 'alt+right', 'ctrl+right'],
		summary: 'one word on',
		category: 'Moving',
	},
	{ action: 'line-start', keys: ['ctrl+a', 'home'], summary: 'to the start of the line', category: 'Moving' },
	{
		action: 'line-end',
		keys: ['ctrl+e', 'end'],
		summary: 'to the end of the line; there: take the grey text',
		category: 'Moving',
	},
	{
		action: 'backspace',
		keys: ['backspace', 'ctrl+h', 'shift+backspace'],
		summary: 'delete the character before',
		category: 'Editing',
	},
	{ action: 'delete-forward', keys: ['delete'], summary: 'delete the character here', category: 'Editing' },
	{ action: 'kill-end', keys: ['ctrl+k'], summary: 'cut to the end of the line', category: 'Editing' },
	{ action: 'kill-start', keys: ['ctrl+u'], summary: 'cut to the start of the line', category: 'Editing' },
	{
		action: 'kill-blank-word-back',
		keys: ['ctrl+w'],
		summary: 'cut back to the last blank',
		category: 'Editing',
	},
	{
		action: 'kill-word-back',
		keys: ['alt+backspace', 'ctrl+backspace'],
		summary: 'cut the word before',
		category: 'Editing',
	},
	{
		action: 'kill-word-forward',
		keys: ['alt+d', 'ctrl+delete'],
		summary: 'cut the word after',
		category: 'Editing',
	},
	{ action: 'yank', keys: ['ctrl+y'], summary: 'put back what was cut', category: 'Editing' },
	{ action: 'yank-pop', keys: ['alt+y'], summary: 'after that: what was cut before', category: 'Editing' },
	{
		action: 'undo',
		keys: ['ctrl+_', 'ctrl+x'],
		summary: 'undo the last edit of the line',
		category: 'Editing',
	},
	{ action: 'editor', keys: ['alt+e'], summary: 'edit the line in $EDITOR', category: 'Editing' },
];

const byKey = new Map(
	keyBindings.flatMap((binding) => binding.keys.map((key) => [key, binding.action] as const)),
);

export function actionOf(key: string): Action | undefined {
	return byKey.get(key);
}

/** `ctrl+a` as people write it: `Ctrl-A`. */
export function keyName(key: string): string {
	return key
		.split('+')
		.map((part) => (part.length > 1 ? part.charAt(0).toUpperCase() + part.slice(1) : part.toUpperCase()))
		.join('-');
}
