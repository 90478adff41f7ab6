/** Blocks as lines with colours, for the terminal: everything but tables, which Ink draws. */
import stringWidth from 'string-width';
import { type Block, type Line, plainLine, type Tone, type TreeItem } from '../session/answer.ts';
import { cutMiddle, padTo } from './cut-text.ts';
import type { Painter } from './paint.ts';
import { plainBlock } from './plain.ts';
import { visible } from './visible.ts';

const MARK_TONES: Readonly<Record<string, Tone>> = {
	'+': 'added',
	'-': 'removed',
	'~': 'changed',
	' ': 'plain',
};

/** The painted lines of a block. @param width columns of the terminal. */
export function paintBlock(block: Block, paint: Painter, width: number): string[] {
	switch (block.type) {
		case 'text':
			return block.lines.flatMap((line) => paintText(line, paint));
		case 'tree':
			return paintTree(block.items, paint);
		case 'bars':
			return paintBars(block.bars, paint, width);
		case 'diff':
			return block.lines.map(({ mark, text }) => {
				const tone = MARK_TONES[mark]!;
				return typeof text === 'string'
					? paint.text(`${mark} ${text}`, tone)
					: `${paint.text(mark, tone)} ${paint.line(text)}`;
			});
		case 'table':
			return plainBlock(block);
	}
}

/** A line of text may hold several. */
function paintText(line: Line, paint: Painter): string[] {
	if (typeof line === 'string') return line.split('\n').map((part) => paint.line(part));
	if (!plainLine(line).includes('\n')) return [paint.line(line)];
	const lines: string[] = [''];
	for (const piece of line) {
		piece.text.split('\n').forEach((part, i) => {
			if (i > 0) lines.push('');
			lines[lines.length - 1] += paint.text(part, piece.tone);
		});
	}
	return lines;
}

/** Without recursion: a scope tree can be deep. */
function paintTree(items: readonly TreeItem[], paint: Painter): string[] {
	const lines: string[] = [];
	const open = items.map((item) => ({ item, indent: '', last: true, root: true })).reverse();
	for (let next = open.pop(); next; next = open.pop()) {
		const { item, indent, last, root } = next;
		lines.push(paint.text(indent + (root ? '' : last ? '└─ ' : '├─ '), 'dim') + paint.line(item.label));
		const below = root ? '' : indent + (last ? '   ' : '│  ');
		for (let i = item.children.length - 1; i >= 0; i--) {
			open.push({
				item: item.children[i]!,
				indent: below,
				last: i === item.children.length - 1,
				root: false,
			});
		}
	}
	return lines;
}

type Bars = Extract<Block, { type: 'bars' }>['bars'];

function paintBars(bars: Bars, paint: Painter, width: number): string[] {
	const longest = bars.reduce((widest, bar) => Math.max(widest, stringWidth(visible(bar.label))), 0);
	const labelWidth = Math.min(longest, Math.max(12, Math.floor(width / 3)));
	const textWidth = bars.reduce((widest, bar) => Math.max(widest, stringWidth(visible(bar.text))), 0);
	const room = Math.max(4, Math.min(50, width - labelWidth - textWidth - 5));
	const largest = bars.reduce((most, bar) => Math.max(most, bar.value), 0);
	return bars.map((bar) => {
		const share = largest > 0 ? Math.max(0, bar.value) / largest : 0;
		const label = padTo(cutMiddle(visible(bar.label), labelWidth), labelWidth);
		return `${label}  ${padTo(visible(bar.text), textWidth, true)}  ${paint.text(barOf(share * room), bar.tone ?? 'name')}`;
	});
}

/** Eighths of a cell, so that small differences show. */
function barOf(cells: number): string {
	const whole = Math.floor(cells);
	const eighths = Math.floor((cells - whole) * 8);
	return '█'.repeat(whole) + (eighths > 0 ? '▏▎▍▌▋▊▉'[eighths - 1] : '');
}

/** The first and the last lines of many, and how many stand between. */
export function foldLines(lines: readonly string[], most: number, paint: Painter): string[] {
	if (lines.length <= most) return [...lines];
	const head = Math.ceil((most * 2) / 3);
	const tail = most - head - 1;
	const hidden = lines.length - head - tail;
	return [
		...lines.slice(0, head),
		paint.text(`… ${hidden} lines more: view shows all`, 'dim'),
		...lines.slice(lines.length - tail),
	];
}
