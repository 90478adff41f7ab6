import { describe, expect, it } from 'vitest';
import { applyStages, splitPipeline } from '../../src/commands/pipeline.ts';
import { type Answer, text } from '../../src/session/answer.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

const table: Answer = {
	kind: 'table',
	data: {
		columns: ['name', 'size'],
		rows: [
			{ name: 'b', size: 2, more: true },
			{ name: 'a10', size: null },
			{ name: 'a9', size: 30 },
		],
		total: 3,
	},
	blocks: [
		text('three nodes'),
		{
			type: 'table',
			columns: [{ name: 'name' }, { name: 'size', align: 'right' }],
			rows: [
				['b', 2],
				['a10', null],
				['a9', 30],
			],
		},
	],
};

function namesAfter(pipes: string): unknown[] {
	const { stages } = splitPipeline(pipes, 0, 'table');
	const answer = applyStages(table, stages);
	const block = answer.blocks.find((b) => b.type === 'table')!;
	const names = block.rows.map((row) => row[0]);
	expect((answer.data as { rows: { name: string }[] }).rows.map((row) => row.name)).toEqual(names);
	return names;
}

describe('pipes', () => {
	it('sort, text by its numbers and empty cells last', () => {
		expect(namesAfter(' | sort size')).toEqual(['b', 'a9', 'a10']);
		expect(namesAfter(' | sort -size')).toEqual(['a9', 'b', 'a10']);
		expect(namesAfter(' | sort name')).toEqual(['a9', 'a10', 'b']);
	});

	it('cut and filter', () => {
		expect(namesAfter(' | head 2')).toEqual(['b', 'a10']);
		expect(namesAfter(' | tail -n 1')).toEqual(['a9']);
		expect(namesAfter(' | grep a')).toEqual(['a10', 'a9']);
		expect(namesAfter(' | grep -v a | head 1')).toEqual(['b']);
		expect(namesAfter(' | grep /^a\\d$/')).toEqual(['a9']);
	});

	it('name the columns where one is unknown', () => {
		const { stages } = splitPipeline(' | sort siz', 0, 'table');
		expect(() => applyStages(table, stages)).toThrow(/no column `siz`/);
	});

	it('use all rows that the data have, when the block shows fewer', () => {
		const short: Answer = { ...table, blocks: [{ ...table.blocks[1]!, rows: [] } as never] };
		const { stages } = splitPipeline(' | sort -size | head 1', 0, 'table');
		expect(applyStages(short, stages).blocks).toMatchObject([{ rows: [['a9', 30]] }]);
	});

	it('work on lines where there is no table', () => {
		const lines: Answer = { kind: 'text', data: {}, blocks: [text('one', 'two', 'three')] };
		const { stages } = splitPipeline(' | grep t | head 1', 0, 'table');
		expect(applyStages(lines, stages).blocks).toEqual([text('two')]);
		expect(applyStages(lines, splitPipeline(' | grep zzz', 0, 'table').stages).blocks).toEqual([
			text('no line is left'),
		]);
		expect(() => applyStages(lines, splitPipeline(' | sort x', 0, 'table').stages)).toThrow(/Only a table/);
	});

	it('leave the answer of a question that nothing fits as it is', () => {
		const none: Answer = { kind: 'table', data: { rows: [] }, blocks: [text('No node fits.')] };
		expect(applyStages(none, splitPipeline(' | sort -size | head 1', 0, 'table').stages)).toEqual(none);
	});

	it('stay off text in quotes, brackets and regular expressions', () => {
		expect(splitPipeline(' name:/a | b/ "x > y" (c | d)', 0, 'table')).toMatchObject({
			stages: [],
			redirect: undefined,
		});
		expect(splitPipeline(' params:>10k', 0, 'table').redirect).toBeUndefined();
	});
});

describe('redirection', () => {
	async function written(line: string, file: string): Promise<string> {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		await shell.run(line);
		return shell.host.text(file);
	}

	it('writes CSV, JSON, Markdown and text', async () => {
		expect(await written('transforms | grep remove_device | head 1 > t.csv', 't.csv')).toBe(
			'name,summary,loss,origin\r\nremove_device,clear the device of every node,exact,tensorflow\r\n',
		);
		expect(JSON.parse(await written('history > h.json', 'h.json'))).toMatchObject({ current: 0 });
		expect(await written('transforms | head 1 > t.md', 't.md')).toMatch(
			/^\| name \| summary \| loss \| origin \|\n\| --- \|/,
		);
		expect(await written('history > h.txt', 'h.txt')).toContain('● #0 open small.pb');
	});

	it('refuses other endings, and CSV of what is no table', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		expect((await shell.error('log > x.xlsx')).hint).toContain('.csv');
		expect((await shell.error('history > x.csv')).message).toContain('Only a table');
	});
});
