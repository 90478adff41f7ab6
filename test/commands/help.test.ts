import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { parseLine } from '../../src/commands/parse.ts';
import { transforms } from '../../src/transforms/index.ts';
import { TestShell } from './shell.ts';

describe('help', () => {
	it('lists every word with what it does and an example', async () => {
		const shell = new TestShell();
		const { rows } = await shell.data<{ rows: { word: string; summary: string; example: string }[] }>('help');
		const words = rows.map((row) => row.word);
		for (const { name } of [...commands, ...transforms]) expect(words, name).toContain(name);
		for (const row of rows) expect(row.summary.length + row.example.length, row.word).toBeGreaterThan(10);
	});

	it.each(commands.map((command) => command.name))('explains the command %s', async (name) => {
		const shell = new TestShell();
		const text = await shell.text(`help ${name}`);
		const command = commands.find((c) => c.name === name)!;
		expect(text).toContain(command.summary);
		for (const example of command.examples) expect(text).toContain(`> ${example}`);
		expect((await shell.text(`${name}??`)).length).toBeGreaterThanOrEqual(text.length);
	});

	it.each(transforms.map((transform) => transform.name))('explains the transform %s', async (name) => {
		const shell = new TestShell();
		const text = await shell.text(`help ${name}`);
		const transform = transforms.find((t) => t.name === name)!;
		expect(text).toContain(transform.summary);
		for (const [key, parameter] of Object.entries(transform.params)) {
			expect(text).toContain(key);
			expect(text).toContain(parameter.summary);
		}
		if (transform.picture) expect(text).toContain(transform.picture.split('\n')[0]);
	});

	it('has only examples that can be typed', () => {
		for (const { name, examples } of [...commands, ...transforms]) {
			expect(examples.length, name).toBeGreaterThan(0);
			for (const example of examples) {
				const parsed = parseLine(example);
				expect(parsed.kind === 'error' ? `${example}: ${parsed.error.message}` : '').toBe('');
			}
		}
	});

	it('lists the words that begin with what was typed', async () => {
		const shell = new TestShell();
		const found = await shell.text('rename?');
		expect(found).toContain('rename nodes or whole scopes');
		const text = await shell.text('rem?');
		expect(text).toContain('remove_nodes');
		expect(text).toContain('remove_training_nodes');
		expect(text).not.toContain('rename');
		expect((await shell.error('rmv?')).message).toBe('There is no help on `rmv`.');
	});

	it('has topics and settings, and helps with a mistyped word', async () => {
		const shell = new TestShell();
		expect(await shell.text('help query')).toContain('op:(Conv2D OR MatMul)');
		expect(await shell.text('help theme')).toContain('dark');
		expect(await shell.text('help history')).toContain('●');
		expect((await shell.error('help undoo')).hint).toContain('undo');
	});

	it('shows pages that the shell adds', async () => {
		const helpPages = new Map([['keys', [{ type: 'text' as const, lines: ['Ctrl-R searches'] }]]]);
		const shell = new TestShell({}, { helpPages });
		expect(await shell.text('help keys')).toContain('Ctrl-R');
		expect(await shell.text('help')).toContain('help keys');
	});
});

describe('transforms', () => {
	it('describes all of them as data', async () => {
		const shell = new TestShell();
		const { rows } = await shell.data<{ rows: object[] }>('transforms');
		expect(rows).toHaveLength(transforms.length);
		expect(rows).toContainEqual(
			expect.objectContaining({
				name: 'remove_nodes',
				origin: 'tensorflow',
				parameters: expect.arrayContaining([expect.objectContaining({ name: 'op', required: true })]),
			}),
		);
	});
});
