/** Cells too long for Ink, which takes seconds for thousands of lines: as text, written at once. */
import type { Cell } from '../../session/cell.ts';
import { paintBlock } from '../lines.ts';
import type { Painter } from '../paint.ts';
import { inputLine } from './cell-view.tsx';

/** Ink draws answers of up to so many rows. */
const MOST_ROWS = 300;

/**
 * The whole cell as it goes to the scrollback, each line ended by a line feed.
 * @param rows rows of a table that are shown before the middle is folded.
 * @returns undefined for a cell that Ink may draw.
 */
export function longCellText(cell: Cell, paint: Painter, width: number, rows: number): string | undefined {
	if (!cell.ok) return undefined;
	const { blocks } = cell.answer;
	const long = blocks.some(
		(block) => block.type === 'table' && Math.min(rows, block.rows.length) > MOST_ROWS,
	);
	if (!long) return undefined;
	const lines = blocks.flatMap((block) => paintBlock(block, paint, width - 1).map((line) => ` ${line}`));
	return `${[inputLine(cell, paint), ...lines].join('\n')}\n`;
}
