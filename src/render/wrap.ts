/** Long lines broken at words, so that what goes on stands under what it belongs to. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Columns that the further rows of a line stand behind its first word. */
const HANG = 2;

/** A line's colour, which may come before its indentation. */
const BEGINNING = /^((?:\u001b\[[\d;]*m)*)( *)/;

/**
 * A painted line in rows of at most `width` columns. Further rows are indented a little more than the first; a word longer
 * than a row is broken.
 */
export function wrapLine(line: string, width: number): string[] {
	if (stringWidth(line) <= width) return [line];
	const [start, colour, spaces] = BEGINNING.exec(line) as unknown as [string, string, string];
	const blanks = spaces.length;
	const indent = Math.min(blanks + HANG, Math.floor(width / 2));
	const [first = '', ...rest] = wrapAnsi(colour + line.slice(start.length), width - indent, {
		hard: true,
		trim: true,
	}).split('\n');
	return [' '.repeat(blanks) + first, ...rest.map((row) => ' '.repeat(indent) + row)];
}

export function wrapLines(lines: readonly string[], width: number): string[] {
	return lines.flatMap((line) => wrapLine(line, width));
}
