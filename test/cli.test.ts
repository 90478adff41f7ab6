import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../src/cli-options.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
	writeFileSync(
		join(folder, 'model.pbtxt'),
		'node { name: "x" op: "Placeholder" } node { name: "y" op: "Relu" input: "x" device: "/cpu:0" }',
	);
	writeFileSync(join(folder, 'script.whittle'), '# two steps\nopen model.pbtxt\nremove_device\nundo\n');
	writeFileSync(join(folder, 'wrong.whittle'), '# a comment\nopen model.pbtxt\nremove_divice\nundo\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs whittle from its sources, as a process without a terminal. */
function whittle(args: readonly string[], input = ''): SpawnSyncReturns<string> {
	const command = [
		'--import',
		join(root, 'node_modules/tsx/dist/loader.mjs'),
		join(root, 'src/cli.ts'),
		...args,
	];
	return spawnSync(process.execPath, command, { cwd: folder, input, encoding: 'utf8' });
}

const cellsOf = (text: string) =>
	text
		.trim()
		.split('\n')
		.map(
			(line) => JSON.parse(line) as { cell: number; input: string; ok: boolean; error?: { code: string } },
		);

describe('the command line', () => {
	it('knows its forms', () => {
		expect(parseCommandLine(['m.pb', '-c', 'undo; redo'])).toMatchObject({
			model: 'm.pb',
			lines: 'undo; redo',
		});
		expect(parseCommandLine(['run', 's.whittle', 'm.pb'])).toMatchObject({
			script: 's.whittle',
			model: 'm.pb',
		});
		expect(
			parseCommandLine(['--inputs', 'a,b', '--outputs=c', '--json', '--no-color', '--keep-going']),
		).toMatchObject({
			inputs: ['a', 'b'],
			outputs: ['c'],
			json: true,
			color: false,
			keepGoing: true,
			model: undefined,
		});
	});

	it.each([[['--bogus']], [['a', 'b']], [['run']], [['run', 's', '-c', 'x']], [['-c']], [['--json=1']]])(
		'refuses %j',
		(args) => expect(() => parseCommandLine(args)).toThrow(UsageError),
	);
});

describe('whittle as a process', () => {
	it('runs lines of -c, of stdin and of a script', () => {
		const lines = whittle(['model.pbtxt', '-c', 'remove_device; undo', '--json']);
		expect(lines.stderr).toBe('');
		expect(cellsOf(lines.stdout).map((cell) => [cell.cell, cell.input, cell.ok])).toEqual([
			[1, 'remove_device', true],
			[2, 'undo', true],
		]);
		const stdin = whittle(['model.pbtxt', '--json'], 'remove_device\nundo\n');
		expect(cellsOf(stdin.stdout).map((cell) => cell.input)).toEqual(['remove_device', 'undo']);
		const script = whittle(['run', 'script.whittle', '--json']);
		expect(cellsOf(script.stdout).map((cell) => cell.input)).toEqual([
			'open model.pbtxt',
			'remove_device',
			'undo',
		]);
		expect([lines.status, stdin.status, script.status]).toEqual([0, 0, 0]);
	});

	it('stops at the first line that fails and names it, or goes on when told', () => {
		const stopped = whittle(['run', 'wrong.whittle']);
		expect(stopped.status).toBe(1);
		expect(stopped.stderr).toContain('line 3: ');
		const kept = whittle(['run', 'wrong.whittle', '--keep-going', '--json']);
		expect(kept.status).toBe(1);
		expect(cellsOf(kept.stdout).map((cell) => cell.ok)).toEqual([true, false, true]);
	});

	it('has an exit code for wrong usage and one for files', () => {
		const usage = whittle(['--bogus']);
		expect([usage.status, usage.stdout]).toEqual([2, '']);
		expect(usage.stderr).toContain('--bogus');
		const file = whittle(['modle.pbtxt']);
		expect([file.status, file.stdout]).toEqual([3, '']);
		expect(file.stderr).toBe(
			'modle.pbtxt cannot be read: No such file or directory.\n  Did you mean model.pbtxt?\n',
		);
		expect(cellsOf(whittle(['modle.pbtxt', '--json']).stdout)[0]).toMatchObject({ ok: false });
		expect(whittle(['model.pbtxt', '--inputs', 'nowhere', '-c', 'undo']).stderr).toBe(
			'There is no node `nowhere`.\n',
		);
	});

	it('runs a tool with its own exit code', () => {
		const summary = whittle(['summarize_graph', '--in_graph=model.pbtxt']);
		expect([summary.status, summary.stderr]).toEqual([0, '']);
		expect(summary.stdout).toContain('Found 1 possible outputs: (name=y, op=Relu) \n');
		expect(whittle(['summarize_graph', '--in_graph=none']).status).toBe(255);
		const args = [
			'--in_graph=model.pbtxt',
			'--out_graph=out.txt',
			'--output_as_text',
			'--transforms=remove_device',
		];
		expect(whittle(['transform_graph', ...args]).status).toBe(0);
		expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toMatch(/^node \{\n {2}name: "x"\n/);
	});

	it('tells its version and helps', () => {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
		expect(whittle(['--version']).stdout).toBe(`whittle ${version}\n`);
		expect(whittle(['--help']).stdout).toContain('whittle run SCRIPT [MODEL]');
	});
});
