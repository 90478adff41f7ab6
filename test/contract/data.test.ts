/** What the answers of the shell hold as data: other programs build on these fields. More may come, these stay. */
import { beforeEach, describe, expect, it } from 'vitest';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { smallModel } from '../commands/models.ts';
import { TestShell } from '../commands/shell.ts';

const text = expect.any(String);
const number = expect.any(Number);
const names = expect.arrayContaining([text]);
const size = { nodes: number, params: number, bytes: number };

let shell: TestShell;
beforeEach(async () => {
	shell = new TestShell({ 'small.pb': smallModel(), 'm.pb': buildMtcnn() });
	await shell.run('open small.pb');
});

describe('a transform', () => {
	it('tells what it was, what it did and what it left alone', async () => {
		expect(await shell.data('remove_nodes(op=Identity)')).toMatchObject({
			transform: 'remove_nodes',
			arguments: { op: ['Identity'] },
			step: 1,
			before: { nodes: 6, params: 15, bytes: number },
			after: { nodes: 5, params: 15, bytes: number },
			added: [],
			removed: ['a'],
			changed: ['m'],
			skipped: [],
			note: text,
		});
	});

	it('names what it skipped, with the reason', async () => {
		await shell.run('outputs a');
		const { skipped } = await shell.data<{ skipped: unknown[] }>('remove_nodes(op=Identity)');
		expect(skipped).toEqual([{ node: 'a', reason: text }]);
	});

	it('is one of `steps` where a line has several', async () => {
		const { steps } = await shell.data<{ steps: unknown[] }>('remove_device remove_nodes(op=Identity)');
		expect(steps).toMatchObject([
			{ transform: 'remove_device', step: 1 },
			{ transform: 'remove_nodes', step: 2, removed: ['a'] },
		]);
	});

	it('has the same form in a preview, and is not applied without a terminal', async () => {
		expect(await shell.data('preview remove_nodes(op=Identity)')).toMatchObject({
			transform: 'remove_nodes',
			preview: true,
			before: size,
			after: size,
			removed: ['a'],
		});
		expect(shell.session.graph.has('a')).toBe(true);
	});
});

describe('questions', () => {
	it('counts', async () => {
		expect(await shell.data('counts')).toMatchObject({
			nodes: 6,
			params: 15,
			variableParams: 0,
			bytes: number,
			flops: number,
			controlEdges: 1,
			functions: 0,
			ops: { Placeholder: 1, Identity: 1, Const: 2, MatMul: 1, Relu: 1 },
		});
	});

	it.each([
		['inputs', 'x', 'Placeholder', [-1, 4]],
		['outputs', 'y', 'Relu', [-1, 3]],
	])('%s: the candidates, best first, and the chosen ones', async (line, name, op, shape) => {
		const data = await shell.data<{ candidates: { score: number }[]; chosen: string[] }>(line);
		expect(data.candidates[0]).toMatchObject({
			name,
			op,
			dtype: 'float',
			shape,
			score: number,
			reason: text,
		});
		expect(data.chosen).toEqual([name]);
		const scores = data.candidates.map(({ score }) => score);
		expect(scores).toEqual(scores.toSorted((a, b) => b - a));
	});

	it('summary: the text of summarize_graph', async () => {
		const data = await shell.data<{ text: string }>('summary');
		expect(data.text).toContain('Found 1 possible inputs: (name=x, type=float(1), shape=[?,4])');
		expect(data.text).toContain('Found 15 (15) const parameters, 0 (0) variable parameters');
	});

	it('find: columns, rows and how many there are', async () => {
		expect(await shell.data('find op:MatMul')).toMatchObject({
			columns: names,
			rows: [{ name: 'm', op: 'MatMul', dtype: 'float', shape: [-1, 3], params: 12, bytes: number }],
			total: 1,
		});
	});

	it('flops: the total, the rows, and what is not known', async () => {
		const data = await shell.data<{ total: number; rows: { flops: number }[] }>('flops');
		expect(data.total).toBe(data.rows.reduce((sum, row) => sum + row.flops, 0));
		expect(data.rows[0]).toMatchObject({ name: 'm', op: 'MatMul', flops: 24, shape: [1, 3] });
		await shell.run('open m.pb');
		const { unknown } = await shell.data<{ unknown: unknown[] }>('flops');
		expect(unknown[0]).toMatchObject({ name: 'pnet/conv1/Conv2D', op: 'Conv2D', reason: text });
	});

	it('verify: equal or not, output by output', async () => {
		await shell.run('remove_nodes(op=Identity)');
		expect(await shell.data('verify')).toMatchObject({
			equal: true,
			against: 0,
			seed: 1,
			outputs: [{ name: 'y', shape: expect.any(Array), maxAbs: 0, maxRel: 0, relL2: 0, argmaxAgree: 1 }],
			firstDifference: null,
			notRun: [],
		});
	});

	it('diff: added, removed and changed, with the fields', async () => {
		await shell.run('remove_nodes(op=Identity)');
		expect(await shell.data('diff')).toMatchObject({
			added: [],
			removed: ['a'],
			changed: [{ name: 'm', fields: ['inputs'] }],
		});
	});

	it('show: a node, and the tensor of a constant', async () => {
		expect(await shell.data('show m')).toMatchObject({
			name: 'm',
			op: 'MatMul',
			device: '/gpu:0',
			inputs: ['a', 'w', '^x'],
			readers: ['y'],
			attrs: { T: 'float', transpose_a: false, transpose_b: false },
			outputs: [{ dtype: 'float', shape: [-1, 3] }],
		});
		expect(await shell.data('show spare')).toMatchObject({
			tensor: { dtype: 'float', shape: [3], min: 1, max: 3, mean: 2 },
		});
	});

	it('eval: statistics of each value, and the file that has it', async () => {
		expect(await shell.data('eval spare')).toMatchObject({
			values: [{ name: 'spare', dtype: 'float', shape: [3], min: 1, max: 3, mean: 2 }],
		});
		expect(await shell.data('eval spare > spare.npy')).toMatchObject({
			values: [{ name: 'spare', file: 'spare.npy' }],
		});
	});

	it('history: the tree of steps and the current one', async () => {
		await shell.run('remove_device');
		await shell.run('undo');
		await shell.run('remove_nodes(op=Identity)');
		expect(await shell.data('history')).toMatchObject({
			current: 2,
			steps: [
				{ step: 0, parent: null, input: 'open small.pb' },
				{ step: 1, parent: 0, input: 'remove_device' },
				{ step: 2, parent: 0, input: 'remove_nodes(op=Identity)' },
			],
		});
	});
});
