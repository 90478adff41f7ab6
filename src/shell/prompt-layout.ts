/** The prompt laid out in rows, wrapped by grapheme, with the place of the cursor. */
import stringWidth from 'string-width';
import type { Painter } from '../render/paint.ts';
import { visible } from '../render/visible.ts';

export interface PromptText {
	/** What stands before the first row: `whittle[6]> `. */
	readonly prefix: string;
	readonly text: string;
	readonly cursor: number;
	/** Grey text behind the cursor. */
	readonly ghost: string;
	/** A part of the text that is wrong. */
	readonly fault: { readonly start: number; readonly end: number } | undefined;
	readonly width: number;
	/** Rows there are room for; of a longer text those around the cursor are shown. */
	readonly most: number;
}

export interface PromptRows {
	readonly rows: readonly string[];
	readonly cursor: { readonly x: number; readonly y: number };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

export function layoutPrompt(prompt: PromptText, paint: Painter): PromptRows {
	const indent = stringWidth(prompt.prefix);
	const rows: string[] = [paint.text(prompt.prefix, 'good')];
	let x = indent;
	let cursor = { x, y: 0 };
	const newRow = (): void => {
		rows.push(`${' '.repeat(Math.max(0, indent - 2))}${paint.text('· ', 'dim')}`);
		x = indent;
	};
	const put = (shown: string, painted: string): void => {
		const width = stringWidth(shown);
		if (x + width > prompt.width - 1) newRow();
		rows[rows.length - 1] += painted;
		x += width;
	};
	let at = 0;
	for (const { segment } of segmenter.segment(prompt.text)) {
		if (at === prompt.cursor) cursor = { x, y: rows.length - 1 };
		if (segment === '\n') newRow();
		else {
			const shown = visible(segment);
			const wrong = prompt.fault && at >= prompt.fault.start && at < prompt.fault.end;
			put(shown, wrong ? paint.underlined(shown) : shown);
			// A grapheme that went to a new row takes a cursor before it along.
			if (at === prompt.cursor) cursor = { x: x - stringWidth(shown), y: rows.length - 1 };
		}
		at += segment.length;
	}
	if (at === prompt.cursor) cursor = { x, y: rows.length - 1 };
	for (const { segment } of segmenter.segment(prompt.ghost.split('\n')[0]!)) {
		const shown = visible(segment);
		if (x + stringWidth(shown) > prompt.width - 1) break;
		put(shown, paint.text(shown, 'dim'));
	}
	if (rows.length <= prompt.most) return { rows, cursor };
	const first = Math.max(0, Math.min(cursor.y - Math.floor(prompt.most / 2), rows.length - prompt.most));
	return { rows: rows.slice(first, first + prompt.most), cursor: { x: cursor.x, y: cursor.y - first } };
}
