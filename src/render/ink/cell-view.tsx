/** A finished cell: the line that was typed, and what came of it. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Cell } from '../../session/cell.ts';
import { errorText } from '../cell-text.ts';
import type { Painter } from '../paint.ts';
import { visible } from '../visible.ts';
import { wrapLines } from '../wrap.ts';
import { BlockView } from './block-view.tsx';

export interface CellViewProps {
	readonly cell: Cell;
	readonly paint: Painter;
	readonly width: number;
	readonly rows: number;
}

/** Lines of text shown before the middle is folded. */
const TEXT_LINES = 60;

export function CellView({ cell, paint, width, rows }: CellViewProps): ReactNode {
	return (
		<Box flexDirection="column">
			<Text>{inputLine(cell, paint)}</Text>
			{cell.ok ? (
				<Box flexDirection="column" paddingLeft={1}>
					{cell.answer.blocks.map((block, i) => (
						// The blocks of a finished cell never change places.
						// biome-ignore lint/suspicious/noArrayIndexKey: see above.
						<BlockView key={i} block={block} paint={paint} width={width - 1} rows={rows} lines={TEXT_LINES} />
					))}
				</Box>
			) : (
				<Text>{wrapLines(paintError(cell, paint), width).join('\n')}</Text>
			)}
			{cell.ok && cell.answer.next && cell.answer.next.length > 0 && (
				<Text>{nextLine(cell.answer.next, paint)}</Text>
			)}
		</Box>
	);
}

/** `[3] find op:Conv2D`; further lines of a pasted text stand under its first. */
export function inputLine(cell: Cell, paint: Painter): string {
	const mark = `[${cell.cell}] `;
	const lines = cell.input.trim().split('\n').map(visible);
	return (
		paint.text(mark, cell.ok ? 'dim' : 'bad') +
		lines.map((line) => paint.text(line, 'strong')).join(`\n${' '.repeat(mark.length)}`)
	);
}

function paintError(cell: Extract<Cell, { ok: false }>, paint: Painter): string[] {
	const [first = '', ...rest] = errorText(cell.error, cell.input, cell.line).trimEnd().split('\n');
	return [
		paint.text(` ✗ ${first}`, 'bad'),
		...rest.map((line) => ` ${line.includes('^') ? paint.text(line, 'bad') : line}`),
	];
}

/** What makes sense next, chosen with a digit. */
function nextLine(next: readonly string[], paint: Painter): string {
	return ` ${next
		.slice(0, 9)
		.map((line, i) => `${paint.text(String(i + 1), 'number')} ${paint.text(line, 'dim')}`)
		.join('   ')}`;
}
