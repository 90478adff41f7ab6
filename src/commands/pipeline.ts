/** `… | sort -bytes | head 20 > FILE.csv` after a command: taken off the line here, applied to the answer. */
import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import type { Answer, Block, Cell, Line } from '../session/answer.ts';
import { plainLine, text } from '../session/answer.ts';
import { Nesting } from './nesting.ts';

export type Stage =
	| { readonly kind: 'sort'; readonly column: string; readonly descending: boolean }
	| { readonly kind: 'head'; readonly count: number }
	| { readonly kind: 'tail'; readonly count: number }
	| { readonly kind: 'grep'; readonly text: string; readonly inverted: boolean };

export interface Pipeline {
	/** The command's own text. */
	readonly body: string;
	readonly stages: readonly Stage[];
	/** The file after `>`. */
	readonly redirect: string | undefined;
}

/**
 * @param text what follows the command's name.
 * @param offset where it stands in the line.
 * @throws WhittleError `usage` for a stage that does not exist.
 */
export function splitPipeline(text: string, offset: number, redirect: 'table' | 'own' | 'none'): Pipeline {
	if (redirect === 'none') return { body: text, stages: [], redirect: undefined };
	const cuts: { at: number; mark: string }[] = [];
	const nesting = new Nesting();
	for (let i = 0; i < text.length; i++) {
		const outside = nesting.take(text[i]!);
		if (outside && (text[i] === '|' || text[i] === '>') && /\s/.test(text[i - 1] ?? ' '))
			cuts.push({ at: i, mark: text[i]! });
	}
	const stages: Stage[] = [];
	let file: string | undefined;
	cuts.forEach(({ at, mark }, i) => {
		const part = text.slice(at + 1, cuts[i + 1]?.at);
		const place = { start: offset + at, length: Math.max(1, part.trimEnd().length + 1) };
		if (mark === '|') stages.push(readStage(part.trim(), place));
		else if (file !== undefined || part.trim() === '' || i < cuts.length - 1)
			throw new WhittleError('usage', 'One file name stands after `>`, at the end of the line.', {
				span: place,
			});
		else file = part.trim().replace(/^(["'])(.*)\1$/, '$2');
	});
	return { body: text.slice(0, cuts[0]?.at), stages, redirect: file };
}

function readStage(text: string, span: { start: number; length: number }): Stage {
	const [, name = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text)!;
	const value = rest.replace(/^(["'])(.*)\1$/s, '$2');
	if (name === 'sort' && value !== '')
		return { kind: 'sort', column: value.replace(/^[-+]/, ''), descending: value.startsWith('-') };
	if (name === 'head' || name === 'tail') {
		const count = /^(?:-n\s*|-)?(\d+)$/.exec(value === '' ? '10' : value);
		if (count) return { kind: name, count: Number(count[1]) };
	}
	if (name === 'grep' && value !== '') {
		const inverted = /^-v\s+/.test(value);
		return { kind: 'grep', text: inverted ? value.replace(/^-v\s+/, '') : value, inverted };
	}
	const known = ['sort', 'head', 'tail', 'grep'];
	const what = known.includes(name) ? `\`${name}\` is not complete` : `There is no pipe called \`${name}\``;
	throw new WhittleError('usage', `${what}.`, {
		hint:
			(known.includes(name) ? undefined : didYouMean(name, known)) ??
			'sort [-]COLUMN, head N, tail N, grep TEXT',
		span,
	});
}

/** The answer after all stages. @throws WhittleError `usage` where it has no such column or no table. */
export function applyStages(answer: Answer, stages: readonly Stage[]): Answer {
	const cut = stages.reduce(applyStage, answer);
	const empty =
		stages.length > 0 && cut.blocks.every((block) => block.type === 'text' && block.lines.length === 0);
	return empty ? { ...cut, blocks: [text('no line is left')] } : cut;
}

type Table = Extract<Block, { type: 'table' }>;

function applyStage(answer: Answer, stage: Stage): Answer {
	const table = answerTable(answer);
	// Of a question that nothing answers there is nothing to sort or cut: it says so itself.
	if (!table && answer.kind === 'table' && dataRows(answer.data)?.length === 0) return answer;
	if (!table) return applyToLines(answer, stage);
	const order = selectRows(table, stage);
	const rows = order.map((i) => table.rows[i]!);
	const block: Table = { ...table, rows };
	const blocks: readonly Block[] = [block];
	return { ...answer, kind: 'table', data: permuted(answer.data, table.rows.length, order), blocks };
}

/** The table that an answer shows, with all the rows that its data have. */
export function answerTable(answer: Answer): Table | undefined {
	const table = answer.blocks.find((block) => block.type === 'table');
	const rows = dataRows(answer.data);
	if (!table || !rows || rows.length === table.rows.length) return table;
	const full = rows.map((row) => table.columns.map((column) => cellOf(row[column.name])));
	return { ...table, rows: full };
}

function cellOf(value: unknown): Cell {
	if (value === null || value === undefined) return null;
	return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}

function dataRows(data: unknown): readonly Record<string, unknown>[] | undefined {
	const rows = (data as { rows?: unknown } | null)?.rows;
	return Array.isArray(rows) ? rows : undefined;
}

function permuted(data: unknown, length: number, order: readonly number[]): unknown {
	const rows = dataRows(data);
	if (!rows || rows.length !== length) return data;
	return { ...(data as object), rows: order.map((i) => rows[i]) };
}

function selectRows(table: Table, stage: Stage): number[] {
	const all = table.rows.map((_row, i) => i);
	if (stage.kind === 'head') return all.slice(0, stage.count);
	if (stage.kind === 'tail') return all.slice(Math.max(0, all.length - stage.count));
	if (stage.kind === 'grep') {
		const matches = matcher(stage.text);
		return all.filter((i) => table.rows[i]!.some((cell) => matches(String(cell ?? ''))) !== stage.inverted);
	}
	const names = table.columns.map((column) => column.name);
	const at = names.findIndex((name) => name.toLowerCase() === stage.column.toLowerCase());
	if (at < 0) {
		throw new WhittleError('usage', `The table has no column \`${stage.column}\`.`, {
			hint: didYouMean(stage.column, names) ?? `Columns: ${names.join(', ')}.`,
		});
	}
	const sign = stage.descending ? -1 : 1;
	return all.sort((a, b) => compareCells(table.rows[a]![at]!, table.rows[b]![at]!, sign) || a - b);
}

/** Numbers by size, text by its characters, empty cells last in either direction. */
function compareCells(a: Cell, b: Cell, sign: number): number {
	if (a === null || b === null) return Number(a === null) - Number(b === null);
	if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
	return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** `text` anywhere, upper and lower case alike unless it has capitals; or `/regular expression/`. */
function matcher(text: string): (line: string) => boolean {
	const pattern = /^\/(.+)\/$/.exec(text);
	if (pattern) {
		try {
			const expression = new RegExp(pattern[1]!);
			return (line) => expression.test(line);
		} catch {
			throw new WhittleError('usage', `\`${text}\` is no valid regular expression.`);
		}
	}
	if (/[A-Z]/.test(text)) return (line) => line.includes(text);
	return (line) => line.toLowerCase().includes(text);
}

function applyToLines(answer: Answer, stage: Stage): Answer {
	if (stage.kind === 'sort') throw new WhittleError('usage', 'Only a table can be sorted.');
	const blocks = answer.blocks.map((block): Block => {
		if (block.type === 'text') return { ...block, lines: pick(block.lines, stage, plainLine) };
		if (block.type === 'diff') return { ...block, lines: pick(block.lines, stage, (l) => plainLine(l.text)) };
		if (block.type === 'bars') return { ...block, bars: pick(block.bars, stage, (bar) => bar.label) };
		return block.type === 'tree' ? { type: 'text', lines: pick(treeLines(block), stage, plainLine) } : block;
	});
	return { ...answer, blocks };
}

function treeLines(tree: Extract<Block, { type: 'tree' }>): Line[] {
	const lines: Line[] = [];
	const open = tree.items.map((item) => ({ item, depth: 0 })).reverse();
	for (let next = open.pop(); next; next = open.pop()) {
		lines.push('  '.repeat(next.depth) + plainLine(next.item.label));
		for (const item of next.item.children.toReversed()) open.push({ item, depth: next.depth + 1 });
	}
	return lines;
}

function pick<T>(
	items: readonly T[],
	stage: Exclude<Stage, { kind: 'sort' }>,
	read: (item: T) => string,
): T[] {
	if (stage.kind === 'head') return items.slice(0, stage.count);
	if (stage.kind === 'tail') return items.slice(Math.max(0, items.length - stage.count));
	const matches = matcher(stage.text);
	return items.filter((item) => matches(read(item)) !== stage.inverted);
}
