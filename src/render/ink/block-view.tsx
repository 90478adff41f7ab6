/** A block of an answer in the terminal. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Block } from '../../session/answer.ts';
import { padTo } from '../cut-text.ts';
import { fitTable } from '../fit.ts';
import { foldLines, paintBlock } from '../lines.ts';
import type { Painter } from '../paint.ts';
import { wrapLines } from '../wrap.ts';
import { CompactTable } from './compact-table.tsx';

export interface BlockViewProps {
	readonly block: Block;
	readonly paint: Painter;
	/** Columns of the terminal. */
	readonly width: number;
	/** Rows of a table, and lines of a text, that are shown before the middle is folded. */
	readonly rows: number;
	/** Lines of text that are shown before the middle is folded. */
	readonly lines: number;
}

export function BlockView({ block, paint, width, rows, lines }: BlockViewProps): ReactNode {
	if (block.type === 'table') return <TableView block={block} paint={paint} width={width} rows={rows} />;
	const painted = foldLines(paintBlock(block, paint, width), lines, paint);
	return painted.length > 0 ? <Text>{wrapLines(painted, width).join('\n')}</Text> : null;
}

type TableProps = Pick<BlockViewProps, 'paint' | 'width' | 'rows'> & {
	readonly block: Extract<Block, { type: 'table' }>;
};

function TableView({ block, paint, width, rows }: TableProps): ReactNode {
	const fitted = fitTable(block, width, rows);
	const padded = fitted.rows.map((row) =>
		fitted.columns.map((column, i) => padTo(row[i]!, column.width, column.right)),
	);
	const notes = [
		fitted.hiddenRows > 0 ? `${fitted.hiddenRows} rows folded: view shows all` : '',
		fitted.hiddenColumns.length > 0 ? `no room for ${fitted.hiddenColumns.join(', ')}` : '',
		block.total !== undefined && block.total > block.rows.length
			? `${block.rows.length} of ${block.total} rows`
			: '',
	].filter(Boolean);
	if (padded.length === 0)
		return (
			<Text>{paint.text(`no rows (${fitted.columns.map((column) => column.name).join(', ')})`, 'dim')}</Text>
		);
	return (
		<Box flexDirection="column">
			<CompactTable
				columns={fitted.columns}
				rows={padded}
				head={(content) => paint.text(content, 'strong')}
				cell={(content, column) => paint.text(content, fitted.columns[column]?.tone ?? 'plain')}
				frame={(content) => paint.text(content, 'dim')}
			/>
			{notes.length > 0 && <Text>{paint.text(notes.join(' · '), 'dim')}</Text>}
		</Box>
	);
}
