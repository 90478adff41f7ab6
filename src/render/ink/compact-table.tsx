/** `ink-table` with one rule under the heading instead of one above every row, and true to wide characters. */
import { Text } from 'ink';
import { Table, type TableProps } from 'ink-table';
import { type ComponentProps, Fragment, type ReactNode } from 'react';
import stringWidth from 'string-width';

type Row = Record<string, string>;

class RuledTable extends Table<Row> {
	constructor(props: ComponentProps<typeof Table<Row>>) {
		super(props);
		const rule = this.separator;
		// Rows are keyed by their position: the rule belongs above the first only.
		this.separator = (row) => (row.key.endsWith('-0') ? rule(row) : <Fragment key={row.key} />);
	}
}

export interface CompactTableProps {
	readonly columns: readonly { readonly name: string; readonly width: number; readonly right: boolean }[];
	/** Texts by column, each padded to its column's width. */
	readonly rows: readonly (readonly string[])[];
	head(text: string): string;
	cell(text: string, column: number): string;
	frame(text: string): string;
}

export function CompactTable({ columns, rows, head, cell, frame }: CompactTableProps): ReactNode {
	const shown: TableProps<Row>['cell'] = ({ children, column }) => {
		const { width, right } = columns[column]!;
		return <Text>{cell(trimmed(String(children), width + 2, right), column)}</Text>;
	};
	return (
		<RuledTable
			data={rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.name, row[i]!])))}
			columns={columns.map((column) => ({ key: column.name, align: column.right ? 'right' : 'left' }))}
			padding={1}
			header={({ children }) => <Text>{head(String(children))}</Text>}
			cell={shown}
			skeleton={({ children }) => <Text>{frame(String(children))}</Text>}
		/>
	);
}

/** ink-table counts UTF-16 units where the terminal counts cells, and pads wide characters too much. */
function trimmed(text: string, width: number, right: boolean): string {
	const excess = stringWidth(text) - width;
	if (excess <= 0) return text;
	return right ? text.slice(excess) : text.slice(0, text.length - excess);
}
