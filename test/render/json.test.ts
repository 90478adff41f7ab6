import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import { smallModel } from '../commands/models.ts';
import { TestShell } from '../commands/shell.ts';

async function lines(script: string): Promise<Record<string, unknown>[]> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	const { cells } = await shell.script(script);
	return cells.map((cell) => {
		const line = renderJson(cell);
		expect(line).toMatch(/^[^\n]*\n$/);
		return JSON.parse(line) as Record<string, unknown>;
	});
}

describe('renderJson', () => {
	it('is one object a cell, as the command line promises', async () => {
		const [, step] = await lines('open small.pb\nremove_nodes(op=Identity)');
		expect(step).toMatchObject({
			cell: 2,
			input: 'remove_nodes(op=Identity)',
			ok: true,
			kind: 'step',
			data: { transform: 'remove_nodes', removed: ['a'] },
			ms: expect.any(Number),
			graph: {
				step: 1,
				steps: 1,
				nodes: 5,
				params: 15,
				bytes: expect.any(Number),
				inputs: ['x'],
				outputs: ['y'],
				saved: false,
			},
		});
	});

	it('has the error where there is one', async () => {
		const [cell] = await lines('open missing.pb');
		expect(cell).toMatchObject({ ok: false, error: { code: 'file', message: expect.any(String), line: 1 } });
		expect(cell).not.toHaveProperty('data');
		expect(cell).not.toHaveProperty('graph');
	});

	it('writes numbers that JSON lacks, big integers and arrays', () => {
		const data = { a: Number.NaN, b: 12n, c: 2n ** 60n, d: Float32Array.of(1, 2) };
		const line = renderJson({
			cell: 1,
			input: 'x',
			ok: true,
			ms: 1,
			graph: undefined,
			answer: { kind: 'text', data, blocks: [] },
		});
		expect(JSON.parse(line).data).toEqual({ a: 'NaN', b: 12, c: String(2n ** 60n), d: [1, 2] });
	});
});
