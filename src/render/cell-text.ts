/** A finished cell as text for stdout and stderr. */
import type { WhittleError } from '../graph/error.ts';
import type { Cell } from '../session/cell.ts';
import { renderPlain } from './plain.ts';
import { visible } from './visible.ts';

export interface CellText {
	readonly stdout: string;
	readonly stderr: string;
}

/** The answer, or the error with its line, its place in the line, and its hint. */
export function cellText(cell: Cell): CellText {
	if (cell.ok) return { stdout: renderPlain(cell.answer.blocks), stderr: '' };
	return { stdout: '', stderr: errorText(cell.error, cell.input, cell.line) };
}

/**
 * @param input the line typed, when the error points into it.
 * @param line its number in a script.
 */
export function errorText(error: WhittleError, input?: string, line?: number): string {
	const where = line === undefined ? '' : `line ${line}: `;
	const lines = [where + messageLines(error.message)];
	if (error.span && input !== undefined && !input.includes('\n')) {
		lines.push(`  ${visible(input)}`);
		const before = visible(input.slice(0, error.span.start));
		lines.push(`  ${' '.repeat(before.length)}${'^'.repeat(Math.max(1, Math.min(error.span.length, 40)))}`);
	}
	if (error.hint !== undefined) lines.push(`  ${visible(error.hint)}`);
	return `${lines.join('\n')}\n`;
}

function messageLines(message: string): string {
	// TensorFlow indents with a tab.
	const lines = message.split('\n').map((line) => line.replace(/^\t+ ?/, '  '));
	return lines.map(visible).join('\n');
}
