import { describe, expect, it } from 'vitest';
import { plainLine } from '../../src/session/answer.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

async function opened(...lines: readonly string[]): Promise<TestShell> {
	const shell = new TestShell({ 'small.pb': smallModel() });
	await shell.run('open small.pb');
	for (const line of lines) await shell.run(line);
	return shell;
}

const stepsOf = (shell: TestShell): string[] =>
	shell.session.history.pathTo().map((step) => `${step.id} ${step.input}`);

describe('undo, redo, goto, label', () => {
	it('go back and forth without running anything again', async () => {
		const shell = await opened('remove_device', 'strip_unused_nodes');
		const graph = shell.session.graph;
		expect(await shell.data('undo 2')).toMatchObject({ undone: [1, 2], step: 0, nodes: 6 });
		expect(await shell.data('redo')).toMatchObject({ redone: [1], step: 1 });
		await shell.run('redo');
		expect(shell.session.graph).toBe(graph);
	});

	it('say so when there is nothing to do', async () => {
		const shell = await opened();
		expect(await shell.text('undo')).toContain('nothing to undo');
		expect(await shell.text('redo')).toContain('nothing to redo');
	});

	it('goto finds labels', async () => {
		const shell = await opened('remove_device', 'label clean', 'strip_unused_nodes', 'goto 0');
		expect(await shell.data('goto clean')).toMatchObject({ from: 0, step: 1 });
		expect((await shell.error('goto claen')).hint).toContain('clean');
		expect((await shell.error('label 3')).code).toBe('usage');
	});

	it('show the tree as data', async () => {
		const shell = await opened('remove_device', 'undo', 'strip_unused_nodes');
		expect(await shell.data('history')).toMatchObject({
			current: 2,
			steps: [
				{ step: 0, parent: null, input: 'open small.pb' },
				{ step: 1, parent: 0, input: 'remove_device' },
				{ step: 2, parent: 0, input: 'strip_unused_nodes' },
			],
		});
	});

	it('draw every step once, and mark the current one', async () => {
		const shell = await opened(
			'remove_device',
			'strip_unused_nodes',
			'undo 2',
			'sort_by_execution_order',
			'remove_device',
			'undo',
			'strip_unused_nodes',
			'goto 1',
		);
		const text = await shell.text('history');
		for (let id = 0; id < shell.session.history.steps.length; id++)
			expect(text.match(new RegExp(`#${id}\\b`, 'g')), `#${id}`).toHaveLength(1);
		expect(text).toContain('● #1 remove_device');
		expect(text.match(/●/g)).toHaveLength(1);
	});
});

describe('edit and drop', () => {
	it('edit replaces a step and replays the later ones on a new branch', async () => {
		const shell = await opened('remove_nodes(op=Identity)', 'remove_device', 'strip_unused_nodes');
		const data = await shell.data('edit 1 sort_by_execution_order');
		expect(data).toMatchObject({ from: 3, made: [4, 5, 6] });
		expect(stepsOf(shell)).toEqual([
			'0 open small.pb',
			'4 sort_by_execution_order',
			'5 remove_device',
			'6 strip_unused_nodes',
		]);
		expect(shell.session.graph.has('a')).toBe(true);
		await shell.run('goto 3');
		expect(shell.session.graph.has('a')).toBe(false);
	});

	it('edit keeps the transform where only parameters are given', async () => {
		const shell = await opened('remove_nodes(op=CheckNumerics)');
		await shell.run('edit 1 (op=Identity)');
		expect(stepsOf(shell)).toEqual(['0 open small.pb', '2 remove_nodes(op=Identity)']);
	});

	it('drop takes a step out', async () => {
		const shell = await opened('remove_nodes(op=Identity)', 'remove_device');
		await shell.run('drop 1');
		expect(stepsOf(shell)).toEqual(['0 open small.pb', '3 remove_device']);
		expect(shell.session.graph.has('a')).toBe(true);
	});

	it('do nothing where the replacement itself does not work', async () => {
		const shell = await opened('remove_device', 'strip_unused_nodes');
		expect((await shell.error('edit 1 remove_nodes')).code).toBe('transform');
		expect(shell.session.history.steps).toHaveLength(3);
		expect(shell.session.history.current.id).toBe(2);
	});

	it('stop clearly where a later step no longer fits, and lose nothing', async () => {
		const shell = await opened(
			'remove_device',
			'remove_nodes(op=Identity)',
			'rename_node(old_node_name=m, new_node_name=a)',
			'strip_unused_nodes',
		);
		const error = await shell.error('drop 2');
		expect(error.message).toContain('#3 rename_node(old_node_name=m, new_node_name=a) no longer fits');
		expect(error.hint).toContain('goto 4');
		expect(shell.session.history.current.id).toBe(1);
		await shell.run('goto 4');
		expect(shell.session.graph.node('a')!.op).toBe('MatMul');
	});

	it('replay each step with the inputs and outputs that it had', async () => {
		const shell = await opened('remove_device');
		shell.session.setInputs(['a']);
		await shell.run('strip_unused_nodes');
		await shell.run('drop 1');
		expect(shell.session.history.current.inputs).toEqual(['a']);
		expect(shell.session.graph.node('a')!.op).toBe('Placeholder');
	});

	it('refuse step 0 and unknown steps', async () => {
		const shell = await opened('remove_device');
		expect((await shell.error('drop 0')).message).toContain('Step 0');
		expect((await shell.error('edit 9 remove_device')).code).toBe('unknown');
		expect((await shell.error('edit 1 remove_devise')).hint).toContain('remove_device');
	});
});

describe('preview', () => {
	it('applies nothing without a person', async () => {
		const shell = await opened();
		const data = await shell.data('preview remove_nodes(op=Identity)');
		expect(data).toMatchObject({ preview: true, removed: ['a'], step: 1 });
		await shell.cell('');
		expect(shell.session.history.steps).toHaveLength(1);
	});

	it('is applied by Enter, the very graph that was computed', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() }, { interactive: true });
		await shell.run('open small.pb');
		await shell.run('preview remove_nodes(op=Identity) remove_device');
		const computed = shell.session.pending!.work.at(-1)!.result.graph;
		const cell = await shell.run('');
		expect(cell.input).toBe('remove_nodes(op=Identity) remove_device');
		expect(shell.session.graph).toBe(computed);
		expect(shell.session.history.steps).toHaveLength(3);
		await shell.run('');
		expect(shell.session.history.steps).toHaveLength(3);
	});

	it('says each change in one row of the terminal, so that the first line stays in sight', async () => {
		const shell = new TestShell({}, { width: 80 });
		await shell.run('open mtcnn');
		const { blocks } = (await shell.run('preview quantize_weights(minimum_size=4)')).answer;
		const diff = blocks.find((block) => block.type === 'diff')!;
		expect(diff.lines.length).toBeLessThan(12);
		for (const { text } of diff.lines) expect(plainLine(text).length).toBeLessThan(78);
	});

	it('is dropped by any other line', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() }, { interactive: true });
		await shell.run('open small.pb');
		await shell.run('preview remove_device');
		await shell.run('log');
		expect(shell.session.pending).toBeUndefined();
	});
});

describe('the values of outputs', () => {
	it('are compared by a preview of what may change them', async () => {
		const shell = new TestShell();
		await shell.run('open mtcnn');
		const lossy = await shell.data<{ effect: { maxAbs: number; outputs: number } }>(
			'preview quantize_weights',
		);
		expect(lossy.effect.outputs).toBe(7);
		expect(lossy.effect.maxAbs).toBeGreaterThan(1e-4);
		expect(await shell.data('preview remove_nodes(op=Identity)')).not.toHaveProperty('effect');
	});

	it('are held against the model after every step, with `set verify auto`', async () => {
		const shell = new TestShell();
		await shell.run('open mtcnn');
		await shell.run('set verify auto');
		expect(await shell.data('remove_nodes(op=Identity)')).toMatchObject({ verify: { equal: true } });
		const { cells, exitCode } = await shell.script('rename_op(old_op_name=Relu, new_op_name=Neg)\nundo');
		expect(cells).toHaveLength(1);
		expect(cells[0]).toMatchObject({
			ok: true,
			answer: { failed: true, data: { verify: { equal: false } } },
		});
		expect(exitCode).toBe(4);
	});
});

describe('why', () => {
	it('asks about one node', async () => {
		const shell = await opened();
		expect(await shell.data('why remove_nodes(op=Identity) a')).toMatchObject({ node: 'a', fate: 'removed' });
		expect(await shell.data('why remove_nodes(op=Identity) y')).toMatchObject({ node: 'y', fate: 'kept' });
		expect((await shell.error('why remove_device nobody')).code).toBe('unknown');
		expect(shell.session.history.steps).toHaveLength(1);
	});

	it('lists near misses', async () => {
		const shell = await opened();
		shell.session.setOutputs(['a']);
		const data = await shell.data<{ rows: { node: string }[] }>('why remove_nodes(op=Identity)');
		expect(data.rows.map((row) => row.node)).toContain('a');
	});
});
