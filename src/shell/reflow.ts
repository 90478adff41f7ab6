/**
 * A terminal that becomes narrower wraps the rows of the last frame. Ink counts the rows it wrote, so it would leave
 * the others behind: they are taken away before Ink hears of the new width.
 */
import stringWidth from 'string-width';

/** The live part of the screen as it was last drawn. */
export interface Frame {
	readonly lines: readonly string[];
	/** Where the terminal's cursor stands in it. */
	readonly cursor: { readonly x: number; readonly y: number };
}

/** What a terminal does with wide rows when it becomes narrower. */
export interface Reflow {
	/** Wraps them. */
	readonly wraps: boolean;
	/** Moves the cursor down by rows that were wrapped below it, too. */
	readonly sinks: boolean;
}

/**
 * What to write so that Ink, erasing as many rows as the frame had lines, ends at the frame's first row.
 * @returns nothing where no line is wider than the terminal.
 */
export function eraseWrapped({ lines, cursor }: Frame, columns: number, { wraps, sinks }: Reflow): string {
	const rows = lines.map((line) => Math.max(1, Math.ceil(stringWidth(line) / columns)));
	const all = sum(rows);
	if (!wraps || all === lines.length) return '';
	const above = sum(rows.slice(0, cursor.y)) + Math.floor(cursor.x / columns);
	const sunk = sinks ? all - lines.length - (above - cursor.y) : 0;
	return `\r${up(above + sunk)}\x1b[J${'\n'.repeat(lines.length)}${up(lines.length - cursor.y)}`;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

function up(rows: number): string {
	return rows > 0 ? `\x1b[${rows}A` : '';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** All but xterm and the console of Linux wrap; those that are built on xterm.js let the cursor sink. */
export function reflowOf(env: Environment = process.env): Reflow {
	return {
		wraps: env.TERM !== 'linux' && env.XTERM_VERSION === undefined,
		sinks: ['vscode', 'Hyper', 'Tabby'].includes(env.TERM_PROGRAM ?? ''),
	};
}
