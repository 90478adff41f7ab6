import { describe, expect, it } from 'vitest';
import { encodeGraphDef } from '../../src/formats/graph-def.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

async function opened(): Promise<TestShell> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	await shell.run('open small.pb');
	return shell;
}

describe('a transform line', () => {
	it('makes a step that says what it did', async () => {
		const shell = await opened();
		const data = await shell.data('remove_nodes(op=Identity)');
		expect(data).toMatchObject({
			transform: 'remove_nodes',
			arguments: { op: ['Identity'] },
			step: 1,
			before: { nodes: 6, params: 15 },
			after: { nodes: 5, params: 15 },
			added: [],
			removed: ['a'],
			changed: ['m'],
			skipped: [],
		});
	});

	it('writes one line, with counts, ops, bytes and time', async () => {
		const shell = await opened();
		expect(await shell.text('remove_nodes(op=Identity)')).toMatch(
			/^#1 ✓ 6 → 5 nodes {2}−1 Identity, 1 changed {2}\d+ → \d+ B {2}(<1|\d+) ms\n/,
		);
	});

	it('makes a step of each of several, and answers with all', async () => {
		const shell = await opened();
		const { steps } = await shell.data<{ steps: { step: number }[] }>('remove_device strip_unused_nodes');
		expect(steps).toMatchObject([
			{ transform: 'remove_device', step: 1 },
			{ transform: 'strip_unused_nodes', step: 2 },
		]);
		expect(shell.session.history.current.id).toBe(2);
	});

	it('applies all of a line or nothing', async () => {
		const shell = await opened();
		const error = await shell.error('remove_device remove_nodes');
		expect(error).toMatchObject({ code: 'transform' });
		expect(error.message).toContain('remove_nodes (2 of 2)');
		expect(shell.session.history.steps).toHaveLength(1);
	});

	it('says what would be right, where the C++ tool only says what is wrong', async () => {
		const shell = await opened();
		expect((await shell.error('remove_nodes')).hint).toContain('remove_nodes(op=');
	});

	it('never has an empty answer', async () => {
		const shell = await opened();
		await shell.run('remove_device');
		const { answer } = await shell.run('remove_device');
		expect(answer.data).toMatchObject({
			added: [],
			removed: [],
			changed: [],
			note: expect.stringMatching(/./),
		});
	});

	it('shows an ignored error as a warning', async () => {
		const shell = await opened();
		const text = await shell.text('remove_nodes(ignore_errors=true)');
		expect(text).toContain('! stopped and ignored (ignore_errors)');
	});

	it('sets the inputs and outputs of a pasted command line, unless it fails', async () => {
		const shell = await opened();
		await shell.run("transform_graph --inputs=a --outputs=y --transforms='remove_device'");
		expect(shell.session.inputs).toEqual(['a']);
		await shell.error("transform_graph --inputs=m --outputs=y --transforms='remove_nodes'");
		expect(shell.session.inputs).toEqual(['a']);
	});

	it('gives the graph that the transform gives', async () => {
		const shell = await opened();
		const { graph, inputs, outputs } = shell.session;
		const alone = runTransform(graph, transformByName('strip_unused_nodes')!, new Map(), { inputs, outputs });
		await shell.run('strip_unused_nodes');
		const bytes = (pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);
		expect(bytes(encodeGraphDef(shell.session.graph))).toEqual(bytes(encodeGraphDef(alone.graph)));
	});
});

describe('runScript', () => {
	it('stops at the first error and knows its line', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		const { cells, exitCode } = await shell.script(
			'open small.pb\n# comment\n\nremove_device\nnonsense\nundo',
		);
		expect(cells).toHaveLength(3);
		expect(cells[2]).toMatchObject({ ok: false, line: 5, input: 'nonsense' });
		expect(exitCode).toBe(1);
	});

	it('goes on when told to, and still ends with 1', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		const { cells, exitCode } = await shell.script('open missing.pb\nopen small.pb\nundo', {
			keepGoing: true,
		});
		expect(cells.map((cell) => cell.ok)).toEqual([false, true, true]);
		expect(exitCode).toBe(1);
	});

	it('ends with 3 where a file is not there, 4 where an assertion does not hold, 0 when done', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		expect((await shell.script('open missing.pb')).exitCode).toBe(3);
		expect((await shell.script('open small.pb; assert nodes < 3')).exitCode).toBe(4);
		expect((await shell.script('assert nodes = 6')).exitCode).toBe(0);
	});

	it('stops at quit', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		const { cells } = await shell.script('open small.pb; quit; undo');
		expect(cells).toHaveLength(2);
	});

	it('ends with 130 when it is interrupted in the middle of a step', async () => {
		const controller = new AbortController();
		const { WhittleError } = await import('../../src/graph/error.ts');
		const shell = new TestShell(
			{ 'small.pb': smallModel() },
			{
				signal: controller.signal,
				pause: () =>
					controller.signal.aborted
						? Promise.reject(new WhittleError('interrupted', 'Stopped.'))
						: Promise.resolve(),
			},
		);
		await shell.run('open small.pb');
		controller.abort();
		expect((await shell.script('remove_device; undo', { keepGoing: true })).exitCode).toBe(130);
		expect(shell.session.history.steps).toHaveLength(1);
	});

	it('runs lines as they arrive', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		const seen: string[] = [];
		async function* lines(): AsyncGenerator<string> {
			yield 'open small.pb\nremo';
			seen.push(`after the first piece: ${shell.session.isOpen}`);
			yield 've_device\n';
		}
		await shell.script(lines());
		expect(seen).toEqual(['after the first piece: true']);
		expect(shell.session.history.steps).toHaveLength(2);
	});
});

describe('runLine', () => {
	it('makes a cell of each statement, and stops at the first that fails', async () => {
		const seen: string[] = [];
		const shell = new TestShell({ 'small.pb': smallModel() }, { onCell: (cell) => seen.push(cell.input) });
		const cell = await shell.cell('open small.pb; remove_device # comment\nundo');
		expect(seen).toEqual(['open small.pb', 'remove_device']);
		expect(cell).toMatchObject({ cell: 3, input: 'undo', ok: true });
		expect(await shell.cell('nonsense; redo')).toMatchObject({ input: 'nonsense', ok: false });
		expect(shell.session.history.current.id).toBe(0);
	});
});

describe('cells', () => {
	it('are numbered, and carry the state of the graph', async () => {
		const shell = await opened();
		const cell = await shell.run('remove_nodes(op=Identity)');
		expect(cell).toMatchObject({
			cell: 2,
			input: 'remove_nodes(op=Identity)',
			graph: { step: 1, steps: 1, nodes: 5, params: 15, inputs: ['x'], outputs: ['y'], saved: false },
		});
		expect(cell.graph!.opened.nodes).toBe(6);
	});

	it('say that a command wants a model', async () => {
		const shell = new TestShell();
		expect(await shell.error('undo')).toMatchObject({ code: 'usage', message: 'No model is open.' });
	});
});
