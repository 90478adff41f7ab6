import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { runScript } from '../../src/commands/runner.ts';
import { encodeGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { packageFile } from '../../src/graph/package-file.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import { Session } from '../../src/session/session.ts';
import { oddModel, smallModel } from './models.ts';
import { quietContext, TestShell } from './shell.ts';

const bytesOf = (shell: { session: Session }): Buffer => Buffer.concat(encodeGraphDef(shell.session.graph));

async function opened(...lines: readonly string[]): Promise<TestShell> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	await shell.run('open small.pb');
	for (const line of lines) await shell.run(line);
	return shell;
}

describe('export x.whittle', () => {
	it('holds what led here, and nothing else', async () => {
		const shell = await opened(
			'inputs x',
			'log',
			'remove_device',
			'remove_nodes(op=Identity)',
			'undo',
			'strip_unused_nodes',
			'save out.pb',
			'assert nodes = 5',
			'preview remove_nodes(op=Identity)',
		);
		await shell.run('export a.whittle');
		const digest = shell.session.model.digest();
		expect(shell.host.text('a.whittle')).toBe(
			[
				'#!/usr/bin/env -S whittle run',
				`open small.pb                                   # sha256 ${digest}`,
				'inputs x',
				'outputs y',
				'remove_device                                   # 6 nodes',
				'strip_unused_nodes                              # 6 → 5 nodes',
				'save out.pb',
				'assert nodes = 5',
				'',
			].join('\n'),
		);
	});

	it('has questions where they are asked for', async () => {
		const shell = await opened('log', 'remove_device', 'export a.whittle --all');
		expect(shell.host.text('a.whittle')).toContain('\nlog\n');
	});

	it('carries inputs and outputs that change on the way', async () => {
		const shell = await opened(
			'remove_device',
			'inputs a',
			'strip_unused_nodes',
			'outputs m',
			'export a.whittle',
		);
		const lines = shell.host
			.text('a.whittle')
			.split('\n')
			.map((line) => line.replace(/ *#.*/, ''));
		expect(lines.slice(2)).toEqual([
			'inputs x',
			'outputs y',
			'remove_device',
			'inputs a',
			'strip_unused_nodes',
			'outputs m',
			'',
		]);
	});

	it('keeps names with every kind of mark', async () => {
		const shell = new TestShell({ 'odd.pb': oddModel() });
		await shell.script('open odd.pb; remove_nodes(op=Identity); export a.whittle');
		const again = new TestShell({ 'odd.pb': oddModel() });
		expect((await again.script(shell.host.text('a.whittle'))).exitCode).toBe(0);
		expect(bytesOf(again)).toEqual(bytesOf(shell));
		expect(again.session.inputs).toEqual(['it\'s "$HOME" #1 \\ ;(']);
	});

	it('does not overwrite without --force', async () => {
		const shell = await opened('remove_device', 'export a.whittle');
		expect((await shell.error('export a.whittle')).code).toBe('file');
		await shell.run('export a.whittle --force');
	});

	it('replays to the same bytes, whatever the session was', async () => {
		const line = fc.constantFrom(
			'remove_device',
			'remove_nodes(op=Identity)',
			'strip_unused_nodes',
			'sort_by_execution_order',
			'remove_control_dependencies',
			'set_device(device="/gpu:0")',
			'rename_op(old_op_name=Relu, new_op_name="Relu6")',
			'merge_duplicate_nodes remove_device',
			'inputs a',
			'inputs x',
			'outputs m',
			'outputs y',
			'undo',
			'undo 2',
			'redo',
			'goto 0',
			'drop 1',
			'preview remove_device',
		);
		await fc.assert(
			fc.asyncProperty(fc.array(line, { maxLength: 14 }), async (lines) => {
				const shell = new TestShell({ 'small.pb': smallModel() });
				await shell.run('open small.pb');
				for (const each of lines) await shell.cell(each);
				await shell.run('export a.whittle');
				const again = new TestShell({ 'small.pb': smallModel() });
				const { exitCode } = await again.script(shell.host.text('a.whittle'));
				expect(exitCode).toBe(0);
				expect(bytesOf(again)).toEqual(bytesOf(shell));
				expect(again.session.inputs).toEqual(shell.session.inputs);
				expect(again.session.outputs).toEqual(shell.session.outputs);
			}),
			{ numRuns: 60 },
		);
	});
});

describe('run', () => {
	const script = 'open small.pb # sha256 0000000000000000\nremove_device\n# comment\nstrip_unused_nodes\n';

	it('makes ordinary, undoable steps on the open model', async () => {
		const shell = new TestShell({ 'small.pb': smallModel(), 'other.pb': smallModel(), 'a.whittle': script });
		await shell.run('open other.pb');
		const data = await shell.data('run a.whittle');
		expect(data).toMatchObject({ script: 'a.whittle', lines: 2, failed: 0 });
		expect(shell.session.model.path).toBe('other.pb');
		expect(shell.session.history.steps).toHaveLength(3);
		await shell.run('undo');
		expect(shell.session.history.current.id).toBe(1);
	});

	it("opens the script's own model when none is open, and warns that it is another", async () => {
		const shell = new TestShell({ 'small.pb': smallModel(), 'a.whittle': script });
		expect(await shell.text('run a.whittle')).toContain(
			'! small.pb is not the file that a.whittle was made on',
		);
		expect(shell.session.model.path).toBe('small.pb');
	});

	it('stops at the first line that fails, and names it', async () => {
		const shell = new TestShell({ 'small.pb': smallModel(), 'a.whittle': 'remove_device\n\nnonsense\nundo' });
		await shell.run('open small.pb');
		const error = await shell.error('run a.whittle');
		expect(error.message).toMatch(/^a\.whittle, line 3: There is no command or transform called `nonsense`/);
		expect(shell.session.history.current.id).toBe(1);
	});
});

describe('export to other programs', () => {
	const folder = mkdtempSync(join(tmpdir(), 'whittle-export-'));
	const root = packageFile('');
	afterAll(() => rmSync(folder, { recursive: true }));

	/** A session on a real file, exported in all forms. */
	async function session(): Promise<Session> {
		const model = join(folder, 'it is a "model".pb');
		writeFileSync(model, serializeGraphDef(oddModel()));
		const made = new Session(new NodeHost());
		const lines = [
			`open "${model.replaceAll('"', '\\"')}"`,
			'remove_device',
			'strip_unused_nodes',
			'inputs a',
			'strip_unused_nodes',
			'set_device(device="it\'s $X; #2")',
			'rename_op(old_op_name=Relu, new_op_name="it\'s")',
			...['sh', 'py', 'ts', 'md'].map((ending) => `export ${folder}/x.${ending} --force`),
		];
		const { cells, exitCode } = await runScript(made, lines.join('\n'), quietContext());
		const failed = cells.find((cell) => !cell.ok);
		expect(failed && !failed.ok ? failed.error.message : '').toBe('');
		expect(exitCode).toBe(0);
		return made;
	}

	it('the shell script gives the same bytes with whittle as the tool', async () => {
		const made = await session();
		const script = join(folder, 'x.sh');
		expect(statSync(script).mode & 0o111).not.toBe(0);
		const out = join(folder, 'from sh.pb');
		execFileSync(script, [made.model.path, out], {
			cwd: root,
			stdio: 'pipe',
			env: { ...process.env, TRANSFORM_GRAPH: `${process.execPath} --import tsx src/cli.ts transform_graph` },
		});
		expect(readFileSync(out)).toEqual(bytesOf({ session: made }));
	});

	it('the TypeScript program gives the same bytes with the library', async () => {
		const made = await session();
		const program = join(folder, 'x.ts');
		const library = pathToFileURL(packageFile('src/index.ts')).href;
		writeFileSync(program, readFileSync(program, 'utf8').replace("'graphwhittle'", `'${library}'`));
		const out = join(folder, 'from ts.pb');
		execFileSync(process.execPath, ['--import', 'tsx', program, made.model.path, out], {
			cwd: root,
			stdio: 'pipe',
		});
		expect(readFileSync(out)).toEqual(bytesOf({ session: made }));
	});

	const python = process.env.WHITTLE_PYTHON;
	it.skipIf(!python)('the Python script gives the same graph with TensorFlow (WHITTLE_PYTHON)', async () => {
		const made = await session();
		const out = join(folder, 'from py.pb');
		execFileSync(python!, [join(folder, 'x.py'), made.model.path, out]);
		const { readGraphDef } = await import('../../src/formats/graph-def.ts');
		const { firstDifference } = await import('../../src/inspect/compare.ts');
		expect(firstDifference(readGraphDef(readFileSync(out)), made.graph)).toBeUndefined();
	});

	it('the notebook has the questions and answers', async () => {
		await session();
		const text = readFileSync(join(folder, 'x.md'), 'utf8');
		expect(text).toContain('| nodes | 3 | ');
		expect(text).toContain('```\nstrip_unused_nodes\n```');
		expect(text).not.toContain('```\nexport');
	});

	it('name a step that the C++ tool does not have, and leave it out only when told to', async () => {
		const shell = await opened('remove_device', 'rename(from=m, to=n)');
		for (const ending of ['sh', 'py']) {
			const error = await shell.error(`export a.${ending}`);
			expect(error.message).toContain('#2 rename(from=m, to=n)');
			expect(existsSync(`a.${ending}`)).toBe(false);
			await shell.run(`export a.${ending} --partial`);
			expect(shell.host.text(`a.${ending}`)).toContain('left out, only whittle has it: rename(');
		}
		await shell.run('export a.ts');
	});

	it('want a step', async () => {
		const shell = await opened();
		expect((await shell.error('export a.sh')).message).toContain('no step');
		expect((await shell.error('export a.exe')).hint).toContain('.whittle');
	});
});
