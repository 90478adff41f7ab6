/** `export x.md`: the session as a notebook, questions and answers. */
import { humanBytes, humanCount } from '../../inspect/humanize.ts';
import type { Answer, Block, Column, Cell as TableCell } from '../answer.ts';
import type { LogEntry } from '../cell.ts';
import type { Session } from '../session.ts';
import { sizeOf } from '../status.ts';
import type { ExportForm, ExportOptions } from './define.ts';

/** Rows of a table that stand in the notebook. */
const MOST_ROWS = 100;

export const notebook: ExportForm = {
	ending: '.md',
	summary: 'a Markdown notebook: questions, answers, plots',
	executable: false,

	write(session, options) {
		const { model, history } = session;
		const opened = sizeOf(history.steps[0]!.graph);
		const now = sizeOf(session.graph);
		const head = [
			`# ${escaped(model.path)}`,
			'',
			`${model.format}, sha256 \`${model.digest()}\``,
			'',
			'| | as opened | now |',
			'| --- | ---: | ---: |',
			`| nodes | ${opened.nodes} | ${now.nodes} |`,
			`| parameters | ${humanCount(opened.params)} | ${humanCount(now.params)} |`,
			`| size | ${humanBytes(opened.bytes)} | ${humanBytes(now.bytes)} |`,
		];
		const cells = entriesOf(session).map((entry) => cellText(entry, options));
		return `${[head.join('\n'), ...cells].join('\n\n')}\n`;
	},
};

/** Cells that still hold: no errors, no moves in the history, no steps that were undone. */
function entriesOf(session: Session): LogEntry[] {
	const onPath = new Set(session.history.pathTo().map((step) => step.id));
	return session.log.slice(session.openedAt).filter(({ cell, scripted, stepAfter }) => {
		if (!cell.ok || stepAfter === undefined || !onPath.has(stepAfter)) return false;
		return scripted !== 'never' && !/^preview\b/.test(cell.input);
	});
}

function cellText({ cell }: LogEntry, options: ExportOptions): string {
	const head = `## [${cell.cell}]\n\n${fenced(cell.input)}`;
	if (!cell.ok) return head;
	const parts = cell.answer.blocks.map((block) => blockText(block, options));
	return [head, ...parts, ...picture(cell.answer)].join('\n\n');
}

function blockText(block: Block, { plain }: ExportOptions): string {
	if (block.type !== 'table') return fenced(plain([block]).trimEnd());
	const rows = block.rows.slice(0, MOST_ROWS);
	const more = block.rows.length > rows.length ? `\n\n… ${block.rows.length - rows.length} more rows` : '';
	return markdownTable(block.columns, rows).trimEnd() + more;
}

/** A plot that a command wrote to a file. */
function picture(answer: Answer): string[] {
	const file = (answer.data as { file?: unknown } | null)?.file;
	return typeof file === 'string' && /\.(svg|png)$/.test(file) ? [`![](${encodeURI(file)})`] : [];
}

/** A table of GitHub's Markdown. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly TableCell[])[]): string {
	const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |\n`;
	const rule = columns.map((column) => (column.align === 'right' ? '---:' : '---'));
	const body = rows.map((row) => line(row.map((value) => (value === null ? '' : escaped(String(value))))));
	return line(columns.map((column) => escaped(column.name))) + line(rule) + body.join('');
}

/** No markup, and nothing that a terminal would act on. */
function escaped(text: string): string {
	return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
}

/** A code block whose fence is longer than any in it. */
function fenced(text: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}\n${text}\n${fence}`;
}
