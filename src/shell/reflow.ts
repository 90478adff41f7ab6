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

/**
 * What to write so that Ink, erasing as many rows as the frame had lines, ends at the frame's first row.
 * @returns nothing where no line is wider than the terminal.
 */
export function eraseWrapped({ lines, cursor }: Frame, columns: number): string {
	const rows = lines.map((line) => Math.max(1, Math.ceil(stringWidth(line) / columns)));
	if (rows.every((count) => count === 1)) return '';
	const above = rows.slice(0, cursor.y).reduce((sum, count) => sum + count, 0);
	const inside = Math.floor(cursor.x / columns);
	return `\r${up(above + inside)}\x1b[J${'\n'.repeat(lines.length)}${up(lines.length - cursor.y)}`;
}

function up(rows: number): string {
	return rows > 0 ? `\x1b[${rows}A` : '';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the terminal wraps what it shows when it is resized: all but xterm and the console of Linux do. */
export function wrapsOnResize(env: Environment = process.env): boolean {
	return env.TERM !== 'linux' && env.XTERM_VERSION === undefined;
}
