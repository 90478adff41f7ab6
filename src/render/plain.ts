/** Answers as plain text, for pipes, CI and files: no colour, no escape sequence, nothing folded. */
import stringWidth from 'string-width';
import { type Block, type Column, type Line, plainLine, type TreeItem } from '../session/answer.ts';
import { alignsRight, valueText } from './values.ts';
import { visible } from './visible.ts';

/** Columns that the longest bar of a chart takes. */
const BAR = 40;

/** All blocks, each line ended by a line feed; empty for no blocks. */
export function renderPlain(blocks: readonly Block[]): string {
	return blocks
		.map((block) =>
			plainBlock(block)
				// Text is somebody's to the letter: `summarize_graph` ends lines with a blank.
				.map((line) => `${block.type === 'text' ? line : line.trimEnd()}\n`)
				.join(''),
		)
		.join('');
}

/** A block's lines. */
export function plainBlock(block: Block): string[] {
	switch (block.type) {
		case 'text':
			return block.lines.flatMap(textLines);
		case 'table':
			return tableLines(
				block.columns,
				block.rows.map((row) => block.columns.map((c, i) => valueText(row[i] ?? null, c))),
			);
		case 'tree':
			return treeLines(block.items);
		case 'bars':
			return barLines(block.bars);
		case 'diff':
			return block.lines.map(({ mark, text }) => `${mark} ${visible(plainLine(text))}`);
	}
}

/** A line of text may itself hold several: `summary` and `show` do. */
function textLines(line: Line): string[] {
	return plainLine(line).split('\n').map(visible);
}

/** Columns two blanks apart, as wide as their widest cell; the last left-aligned one is not padded. */
function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
	const names = columns.map((column) => visible(column.name));
	const widths = names.map((name) => stringWidth(name));
	for (const row of rows) {
		for (let i = 0; i < row.length; i++) widths[i] = Math.max(widths[i]!, stringWidth(row[i]!));
	}
	const line = (cells: readonly string[]): string =>
		cells.map((cell, i) => pad(cell, widths[i]!, alignsRight(columns[i]!))).join('  ');
	return [line(names), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function pad(text: string, width: number, right: boolean): string {
	const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
	return right ? blanks + text : text + blanks;
}

/** Without recursion: a scope tree can be deep. */
function treeLines(items: readonly TreeItem[]): string[] {
	const lines: string[] = [];
	const open = items.map((item) => ({ item, indent: '', last: true, root: true })).reverse();
	for (let next = open.pop(); next; next = open.pop()) {
		const { item, indent, last, root } = next;
		const branch = root ? '' : last ? '└─ ' : '├─ ';
		lines.push(indent + branch + visible(plainLine(item.label)));
		const below = root ? '' : indent + (last ? '   ' : '│  ');
		for (let i = item.children.length - 1; i >= 0; i--) {
			const end = i === item.children.length - 1;
			open.push({ item: item.children[i]!, indent: below, last: end, root: false });
		}
	}
	return lines;
}

function barLines(bars: Extract<Block, { type: 'bars' }>['bars']): string[] {
	const labels = bars.map((bar) => visible(bar.label));
	const texts = bars.map((bar) => visible(bar.text));
	const width = labels.reduce((widest, label) => Math.max(widest, stringWidth(label)), 0);
	const textWidth = texts.reduce((widest, text) => Math.max(widest, stringWidth(text)), 0);
	const largest = bars.reduce((most, bar) => Math.max(most, bar.value), 0);
	return bars.map((bar, i) => {
		const length = largest > 0 ? Math.round((Math.max(0, bar.value) / largest) * BAR) : 0;
		return `${pad(labels[i]!, width, false)}  ${pad(texts[i]!, textWidth, true)}  ${'█'.repeat(length)}`;
	});
}
