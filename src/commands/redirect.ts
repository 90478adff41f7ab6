/** `… > FILE`: an answer as a file of the kind that its name ends with. */
import { WhittleError } from '../graph/error.ts';
import { type Answer, type Cell, type Column, text } from '../session/answer.ts';
import { markdownTable } from '../session/export/notebook.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import type { RunContext } from './define.ts';
import { answerTable } from './pipeline.ts';
import { resultPath, writeResult } from './result-file.ts';

/** @throws WhittleError `usage` for another ending, or where the answer is no table and the file needs one. */
export async function writeAnswer(
	session: Session,
	answer: Answer,
	redirect: string,
	context: RunContext,
): Promise<Answer> {
	const file = resultPath(redirect);
	const content = contentFor(answer, file, context);
	await writeResult(session, redirect, [Buffer.from(content)], context);
	const rows = answerTable(answer)?.rows.length;
	const what = rows === undefined ? '' : ` (${plural(rows, 'row')})`;
	return {
		kind: 'text',
		data: { file, ...(rows === undefined ? {} : { rows }) },
		blocks: [text(`wrote ${file}${what}`)],
		...(answer.failed ? { failed: true } : {}),
	};
}

function contentFor(answer: Answer, file: string, context: RunContext): string {
	const ending = /\.([A-Za-z0-9]+)$/.exec(file)?.[1]?.toLowerCase();
	if (ending === 'json') return `${JSON.stringify(answer.data, null, '\t')}\n`;
	if (ending === 'txt') return context.plain(answer.blocks);
	if (ending !== 'csv' && ending !== 'md') {
		throw new WhittleError('usage', `An answer cannot be written as \`${file}\`.`, {
			hint: 'The name must end with .csv, .json, .md or .txt.',
		});
	}
	const table = answerTable(answer);
	if (table)
		return ending === 'csv' ? csv(table.columns, table.rows) : markdownTable(table.columns, table.rows);
	if (ending === 'md') return `\`\`\`\n${context.plain(answer.blocks)}\`\`\`\n`;
	throw new WhittleError('usage', 'Only a table can be written as CSV.', { hint: 'Use .txt or .json.' });
}

/** RFC 4180: CRLF line ends, quotes doubled. */
function csv(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
	const field = (value: Cell): string => {
		const content = value === null ? '' : String(value);
		return /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
	};
	const lines = [columns.map((column) => field(column.name)), ...rows.map((row) => row.map(field))];
	return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}
