import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../src/render/plain.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

describe('view', () => {
	it('shows the last answer on a screen of its own', async () => {
		const shell = new TestShell({ 'a.pb': smallModel() }, { interactive: true });
		await shell.run('open a.pb');
		const { answer } = await shell.run('ops');
		await shell.run('view');
		const again = await shell.run('view');
		expect(again.answer.blocks).toEqual([]);
		expect(again.answer.viewer).toEqual(answer.blocks);
	});

	it('finds an answer by the number of its cell', async () => {
		const shell = new TestShell({ 'a.pb': smallModel() }, { interactive: true });
		await shell.run('open a.pb');
		await shell.run('find op:MatMul');
		await shell.run('ops');
		const { answer } = await shell.run('view 2');
		expect(renderPlain(answer.viewer!)).toContain('MatMul');
		expect((await shell.error('view 99')).message).toBe('Cell 99 has no answer to view.');
	});

	it('prints it where there is no terminal', async () => {
		const shell = new TestShell({ 'a.pb': smallModel() });
		await shell.run('open a.pb');
		const text = await shell.text('ops');
		expect(await shell.text('view')).toBe(text);
	});
});
