/**
 * What a command answers: data for programs, and blocks for the eye. Nothing prints by itself; `src/render/`
 * shows the blocks as plain text or through Ink, and the data as JSON.
 */

export type AnswerKind = 'step' | 'table' | 'text' | 'tree' | 'chart' | 'diff';

/** What a piece of text means; a theme gives it a colour, or none. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'good'
	| 'warn'
	| 'bad'
	| 'name'
	| 'op'
	| 'number'
	| 'added'
	| 'removed'
	| 'changed'
	| 'exact'
	| 'numeric'
	| 'lossy'
	| 'interface';

export interface Span {
	readonly text: string;
	readonly tone: Tone;
}

/** A line of text: a plain string, or pieces with a meaning. May hold node names; never escape sequences. */
export type Line = string | readonly Span[];

export interface Column {
	readonly name: string;
	/** Numbers are right-aligned. Default left. */
	readonly align?: 'left' | 'right';
	/** How {@link Cell} numbers are shown: as they are, or humanized (`495.86k`, `1.90 MiB`, `12.4 %`). */
	readonly format?: 'plain' | 'count' | 'bytes' | 'percent' | 'number';
	/** Cut in the middle first when the table is too wide. */
	readonly shrink?: boolean;
	/** Characters that a text wants to keep: columns to spare are left out before it gets fewer. Default 10. */
	readonly wants?: number;
	/** Left out where the texts would get fewer characters than they want; of several the largest number first. */
	readonly spare?: number;
	/** Says the same in fewer characters, as near to `width` as it can. What is still too long is cut. */
	readonly shorten?: (text: string, width: number) => string;
	readonly tone?: Tone;
}

export type Cell = string | number | boolean | null;

export interface TreeItem {
	readonly label: Line;
	readonly children: readonly TreeItem[];
}

export type Block =
	| { readonly type: 'text'; readonly lines: readonly Line[] }
	| {
			readonly type: 'table';
			readonly columns: readonly Column[];
			readonly rows: readonly (readonly Cell[])[];
			/** Rows there are in all, when more than stand here. */
			readonly total?: number;
	  }
	| { readonly type: 'tree'; readonly items: readonly TreeItem[] }
	| {
			/** Horizontal bars, largest value as wide as there is room. */
			readonly type: 'bars';
			readonly bars: readonly {
				readonly label: string;
				readonly value: number;
				readonly text: string;
				readonly tone?: Tone;
			}[];
	  }
	| {
			/** A diff: one line each, marked. */
			readonly type: 'diff';
			readonly lines: readonly { readonly mark: '+' | '-' | '~' | ' '; readonly text: Line }[];
	  };

export interface Answer<D = unknown> {
	readonly kind: AnswerKind;
	/** What `--json` prints; plain JSON values only. */
	readonly data: D;
	readonly blocks: readonly Block[];
	/** Command lines that make sense next, already filled in; the shell offers them by digit. */
	readonly next?: readonly string[];
	/** Blocks that a terminal shows on a screen of their own, to scroll and search in. */
	readonly viewer?: readonly Block[];
	/** The answer is a check that did not hold (verify, assert, compare): exit code 4, the session goes on. */
	readonly failed?: boolean;
}

/** A block of lines. */
export function text(...lines: Line[]): Block {
	return { type: 'text', lines };
}

/** A piece of a line, with what it means. */
export function span(content: string, tone: Tone = 'plain'): Span {
	return { text: content, tone };
}

/** A line without its tones. */
export function plainLine(line: Line): string {
	return typeof line === 'string' ? line : line.map((piece) => piece.text).join('');
}
