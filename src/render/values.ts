/** How a table's cells look, in every renderer. */

import { humanBytes, humanCount } from '../inspect/humanize.ts';
import type { Cell, Column } from '../session/answer.ts';
import { formatNumber, formatPercent } from '../session/figures.ts';
import { visible } from './visible.ts';

/** A cell as text; an empty one is empty. */
export function valueText(value: Cell, column: Column): string {
	if (value === null) return '';
	if (typeof value !== 'number') return visible(String(value));
	if (column.format === 'count') return Number.isInteger(value) ? humanCount(value) : formatNumber(value);
	if (column.format === 'bytes') return humanBytes(value);
	if (column.format === 'percent') return formatPercent(value);
	return column.format === 'number' ? formatNumber(value) : String(value);
}

/** Whether a column stands at the right: as declared. */
export function alignsRight(column: Column): boolean {
	return column.align === 'right';
}
