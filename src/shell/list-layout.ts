/** The completion list: as many candidates as there is room for, around the one taken. */
import stringWidth from 'string-width';
import { cutEnd, cutMiddle, padTo } from '../render/cut-text.ts';
import type { Painter } from '../render/paint.ts';
import { visible } from '../render/visible.ts';
import type { CompletionList } from './prompt-model.ts';

const MOST_ROWS = 8;

/** @param left the column where the word being completed begins. @param room rows there are. */
export function layoutList(
	list: CompletionList,
	left: number,
	width: number,
	room: number,
	paint: Painter,
): string[] {
	const { items } = list.completion;
	const count = Math.min(MOST_ROWS, items.length, Math.max(0, room));
	if (count === 0) return [];
	const first = Math.max(0, Math.min(list.selected - count + 2, items.length - count));
	const shown = items.slice(first, first + count);
	const names = shown.map((item) => visible(item.text));
	const widest = Math.min(Math.max(...names.map((name) => stringWidth(name))), Math.floor(width * 0.6));
	const start = Math.max(0, Math.min(left, width - widest - 24));
	const summaryWidth = width - start - widest - 5;
	return shown.map((item, i) => {
		const name = padTo(` ${cutMiddle(names[i]!, widest)}`, widest + 2);
		const more =
			i === count - 1 && first + count < items.length ? `… ${items.length - first - count} more` : '';
		const summary = cutEnd(visible(item.summary), summaryWidth - stringWidth(more));
		const painted = first + i === list.selected ? paint.selected(name) : paint.text(name, 'name');
		return `${' '.repeat(start)}${painted} ${paint.text(padTo(summary, summaryWidth - stringWidth(more)), 'dim')}${paint.text(more, 'dim')}`.trimEnd();
	});
}
