/** The rows as text. */
import { meets, type Row, ratioOf } from './measure.ts';

const HEAD = ['group', 'what', 'model', 'median', 'range', 'against', 'ratio', 'target', '', 'note'];
const RIGHT = new Set([3, 4, 5, 6, 7]);

export function tableOf(rows: readonly Row[]): string {
	const cells = [HEAD, ...rows.map(cellsOf)];
	const widths = HEAD.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
	return cells
		.map((row) =>
			row
				.map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
				.join('  ')
				.trimEnd(),
		)
		.map((line) => `${line}\n`)
		.join('');
}

function cellsOf(row: Row): string[] {
	const { unit } = row;
	const ratio = ratioOf(row);
	const verdict = meets(row);
	return [
		row.group,
		row.what,
		row.model,
		`${figure(row.value)} ${unit}`,
		`${figure(row.spread[0])}–${figure(row.spread[1])}`,
		row.reference === undefined ? '' : `${figure(row.reference)} ${unit}`,
		ratio === undefined ? '' : ratio.toFixed(2),
		row.limit === undefined
			? ''
			: row.limitOf === 'reference'
				? `≤ ${row.limit} ×`
				: `≤ ${row.limit} ${unit}`,
		verdict === undefined ? '' : verdict ? '✓' : '✗',
		row.note ?? '',
	];
}

function figure(value: number): string {
	return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
