/** Tables made to fit: columns narrowed in the middle of their text, long tables folded in the middle of their rows. */
import stringWidth from 'string-width';
import type { Block, Column } from '../session/answer.ts';
import { cutEnd, cutMiddle, cutNames } from './cut-text.ts';
import { alignsRight, valueText } from './values.ts';

export interface FittedTable {
	readonly columns: readonly {
		readonly name: string;
		readonly right: boolean;
		readonly width: number;
		readonly tone: Column['tone'];
	}[];
	/** Texts, cut to their columns' widths. */
	readonly rows: readonly (readonly string[])[];
	/** Columns that found no room. */
	readonly hiddenColumns: readonly string[];
	/** Rows left out in the middle. */
	readonly hiddenRows: number;
}

type Table = Extract<Block, { type: 'table' }>;

/** A column is never narrower than this when it is cut. */
const NARROWEST = 10;
/** Border and padding that a table takes for each column, and once more. */
const FRAME = 3;

/**
 * @param width columns of the terminal.
 * @param most rows shown; of more the first two thirds and the last third.
 */
export function fitTable(table: Table, width: number, most: number): FittedTable {
	const { rows, hidden } = foldRows(table.rows, most);
	let indexes = table.columns.map((_column, i) => i);
	const texts = rows.map((row) =>
		row
			? table.columns.map((column, i) => valueText(row[i] ?? null, column))
			: table.columns.map((_column, i) => (i === 0 ? `… ${hidden} more` : '…')),
	);
	const natural = table.columns.map((column, i) =>
		texts.reduce((widest, row) => Math.max(widest, stringWidth(row[i]!)), stringWidth(column.name)),
	);
	const hiddenColumns: string[] = [];
	while (indexes.length > 2 && narrowestOf(indexes, natural, table.columns, wanted) > width) {
		const drop = spareOf(indexes, table.columns);
		if (drop === undefined) break;
		hiddenColumns.push(table.columns[drop]!.name);
		indexes = indexes.filter((index) => index !== drop);
	}
	while (indexes.length > 2 && narrowestOf(indexes, natural, table.columns, () => NARROWEST) > width) {
		const drop = indexes[Math.floor(indexes.length / 2)]!;
		hiddenColumns.push(table.columns[drop]!.name);
		indexes = indexes.filter((index) => index !== drop);
	}
	const widths = shrink(indexes, natural, table.columns, width);
	return {
		columns: indexes.map((index, i) => {
			const column = table.columns[index]!;
			return {
				name: cut(column.name, widths[i]!),
				right: alignsRight(column),
				width: widths[i]!,
				tone: column.tone,
			};
		}),
		rows: transposed(
			indexes.map((index, i) =>
				cutColumn(
					texts.map((row) => row[index]!),
					widths[i]!,
					table.columns[index]!,
				),
			),
		),
		hiddenColumns,
		hiddenRows: hidden,
	};
}

function foldRows(
	rows: Table['rows'],
	most: number,
): { rows: (Table['rows'][number] | undefined)[]; hidden: number } {
	if (rows.length <= Math.max(3, most)) return { rows: [...rows], hidden: 0 };
	const head = Math.ceil((most * 2) / 3);
	const tail = Math.max(1, most - head - 1);
	return {
		rows: [...rows.slice(0, head), undefined, ...rows.slice(rows.length - tail)],
		hidden: rows.length - head - tail,
	};
}

function isText(column: Column): boolean {
	return column.shrink ?? column.align !== 'right';
}

function narrowestOf(
	indexes: readonly number[],
	natural: readonly number[],
	columns: readonly Column[],
	least: (column: Column) => number,
): number {
	return indexes.reduce(
		(sum, i) => sum + FRAME + (isText(columns[i]!) ? Math.min(natural[i]!, least(columns[i]!)) : natural[i]!),
		1,
	);
}

function wanted({ wants }: Column): number {
	return wants ?? NARROWEST;
}

/** The column that is the first to go without. */
function spareOf(indexes: readonly number[], columns: readonly Column[]): number | undefined {
	let found: number | undefined;
	for (const index of indexes) {
		const { spare } = columns[index]!;
		if (spare !== undefined && spare > (columns[found ?? -1]?.spare ?? 0)) found = index;
	}
	return found;
}

/**
 * Takes from the widest remark first, then from the widest text that has more than it wants, then from the widest
 * one, until the table fits.
 */
function shrink(
	indexes: readonly number[],
	natural: readonly number[],
	columns: readonly Column[],
	width: number,
): number[] {
	const widths = indexes.map((index) => natural[index]!);
	let over = widths.reduce((sum, w) => sum + w + FRAME, 1) - width;
	const narrowest = indexes.map(() => NARROWEST);
	const remarks = indexes.map((index) =>
		columns[index]!.tone === 'dim' ? NARROWEST : Number.POSITIVE_INFINITY,
	);
	for (const least of [remarks, indexes.map((index) => wanted(columns[index]!)), narrowest]) {
		while (over > 0) {
			let widest = -1;
			for (let i = 0; i < widths.length; i++) {
				if (!isText(columns[indexes[i]!]!) || widths[i]! <= Math.max(least[i]!, NARROWEST)) continue;
				if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
			}
			if (widest < 0) break;
			widths[widest]! -= 1;
			over--;
		}
	}
	return widths;
}

function cutColumn(texts: readonly string[], width: number, { tone, shorten }: Column): string[] {
	if (tone !== 'name' || shorten) return texts.map((text) => cut(text, width, shorten));
	const isName = (text: string): boolean => !text.includes(' ');
	const names = cutNames(texts.filter(isName), width).values();
	return texts.map((text) => (isName(text) ? names.next().value! : cutEnd(text, width)));
}

function transposed(columns: readonly (readonly string[])[]): string[][] {
	return columns[0]?.map((_, row) => columns.map((column) => column[row]!)) ?? [];
}

/** Names are cut in the middle, sentences at their end. */
function cut(text: string, width: number, shorten?: Column['shorten']): string {
	if (shorten && stringWidth(text) > width) return cut(shorten(text, width), width);
	return text.includes(' ') ? cutEnd(text, width) : cutMiddle(text, width);
}
