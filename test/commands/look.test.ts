import { beforeAll, describe, expect, test } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { TestShell } from './shell.ts';

let shell: TestShell;

beforeAll(async () => {
	shell = new TestShell({ 'm.pb': buildMtcnn(), 'other.pb': other() });
	await shell.run('open m.pb');
});

function other(): Graph {
	const g = new GraphBuilder();
	g.placeholder('pnet/input', DT_FLOAT, [-1, 8]);
	g.node('y', 'Reluu', ['pnet/input'], { T: FLOAT });
	return g.finish();
}

describe('the data that others build on', () => {
	test('counts', async () => {
		expect(await shell.data('counts')).toMatchObject({
			nodes: 244,
			params: 495860,
			variableParams: 0,
			controlEdges: 0,
			functions: 0,
			ops: { Const: 58, Identity: 50, Conv2D: 12 },
		});
	});

	test('inputs and outputs', async () => {
		const inputs = await shell.data('inputs');
		expect(inputs).toMatchObject({
			chosen: ['pnet/input', 'rnet/input', 'onet/input'],
			candidates: [
				{ name: 'pnet/input', op: 'Placeholder', dtype: 'float', shape: [-1, -1, -1, 3] },
				{ shape: [-1, 24, 24, 3] },
				{ shape: [-1, 48, 48, 3] },
			],
		});
		const outputs = await shell.data<{ chosen: string[]; candidates: { reason: string; score: number }[] }>(
			'outputs',
		);
		expect(outputs.chosen).toHaveLength(7);
		const scores = outputs.candidates.map((candidate) => candidate.score);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
	});

	test('summary', async () => {
		const { text } = await shell.data<{ text: string }>('summary');
		expect(text).toMatch(
			/^Found 3 possible inputs: \(name=pnet\/input, type=float\(1\), shape=\[\?,\?,\?,3\]\)/,
		);
	});

	test('find', async () => {
		const found = await shell.data<{ rows: Record<string, unknown>[]; total: number; columns: string[] }>(
			'find op:Conv2D',
		);
		expect(found.total).toBe(12);
		expect(found.columns).toEqual(['name', 'op', 'dtype', 'shape', 'params', 'bytes']);
		expect(found.rows[5]).toMatchObject({
			name: 'rnet/conv1/Conv2D',
			op: 'Conv2D',
			dtype: 'float',
			shape: [-1, 22, 22, 28],
			params: 756,
		});
	});

	test('flops', async () => {
		const cost = await shell.data<{ total: number; rows: { flops: number }[]; unknown: { name: string }[] }>(
			'flops',
		);
		expect(cost.total).toBe(cost.rows.reduce((sum, row) => sum + row.flops, 0));
		expect(cost.rows[0]).toMatchObject({
			name: 'onet/conv2/Conv2D',
			op: 'Conv2D',
			flops: 16_257_024,
			shape: [1, 21, 21, 64],
		});
		expect(cost.unknown[0]).toMatchObject({ name: 'pnet/conv1/Conv2D', op: 'Conv2D' });
		const given = await shell.data<{ unknown: unknown[] }>('flops pnet/input=[1,48,64,3]');
		expect(given.unknown).toEqual([]);
	});

	test('show', async () => {
		expect(await shell.data('show rnet/conv1/Conv2D')).toMatchObject({
			name: 'rnet/conv1/Conv2D',
			op: 'Conv2D',
			device: '',
			inputs: ['rnet/input', 'rnet/conv1/weights/read'],
			readers: ['rnet/conv1/BiasAdd'],
			attrs: { T: 'float', padding: 'VALID', strides: [1, 1, 1, 1] },
			outputs: [{ dtype: 'float', shape: [-1, 22, 22, 28] }],
		});
		expect(await shell.data('show rnet/conv1/weights')).toMatchObject({
			tensor: { dtype: 'float', shape: [3, 3, 3, 28], elements: 756 },
		});
	});

	test('check', async () => {
		expect(await shell.data('check')).toMatchObject({ valid: true, errors: 0, rows: [] });
	});

	test('diff with another file', async () => {
		const diff = await shell.data<{
			added: string[];
			removed: string[];
			changed: { name: string; fields: string[] }[];
		}>('diff --with other.pb');
		expect(diff.added).toEqual(['y']);
		expect(diff.removed).toHaveLength(243);
		expect(diff.changed).toMatchObject([{ name: 'pnet/input', fields: ['attr.shape'] }]);
	});
});

describe('walking', () => {
	test('in and out, by a depth', async () => {
		const near = await shell.data<{ rows: { name: string; distance: number }[] }>('in onet/prob1 --depth 2');
		expect(near.rows.map((row) => [row.name, row.distance])).toEqual([
			['onet/Exp', 1],
			['onet/Sum', 1],
			['onet/sub', 2],
			['onet/Sum/reduction_indices', 2],
		]);
		expect(await shell.data('out pnet/input')).toMatchObject({
			total: 1,
			rows: [{ name: 'pnet/conv1/Conv2D' }],
		});
		expect(await shell.text('in pnet/input')).toContain('pnet/input has no inputs.');
	});

	test('a cone, both ways', async () => {
		expect(await shell.data('cone pnet/prob1')).toMatchObject({ total: 56 });
		const down = await shell.data<{ total: number }>('cone pnet/input --down');
		// All 63 nodes of the scope but the input itself, 15 constants and 13 reads of them.
		expect(down.total).toBe(34);
	});

	test('a path, and the way back where there is none', async () => {
		const path = await shell.data<{ shortest: string[]; reversed: boolean }>('path rnet/input rnet/pool1');
		expect(path.shortest).toEqual([
			'rnet/input',
			'rnet/conv1/Conv2D',
			'rnet/conv1/BiasAdd',
			'rnet/prelu1/Relu',
			'rnet/prelu1/add',
			'rnet/pool1',
		]);
		expect(await shell.data('path rnet/pool1 rnet/input')).toMatchObject({ reversed: true });
		expect(await shell.data('path rnet/input onet/input')).toMatchObject({ shortest: null });
	});

	test('a place in the graph', async () => {
		await shell.run('cd pnet');
		expect(await shell.data('find op:Conv2D')).toMatchObject({ total: 5 });
		expect(await shell.data('show conv1/Conv2D')).toMatchObject({ name: 'pnet/conv1/Conv2D' });
		await shell.run('cd conv1');
		expect(await shell.data('ls')).toMatchObject({ scope: 'pnet/conv1', total: 6 });
		await shell.run('cd ../..');
		expect(await shell.data('ls')).toMatchObject({ scope: '', total: 3 });
		expect((await shell.error('cd nowhere')).code).toBe('unknown');
	});

	test('the tree, with a filter', async () => {
		const all = await shell.data<{ children: { path: string; total: { params: number } }[] }>(
			'tree --depth 1 --sort params',
		);
		expect(all.children.map((child) => child.path)).toEqual(['onet', 'rnet', 'pnet']);
		const few = await shell.data<{ total: { nodes: number } }>('tree --where op:Conv2D');
		expect(few.total.nodes).toBe(12);
	});
});

describe('values and cost', () => {
	test('slices of a constant', async () => {
		const slice = await shell.data<{ values: number[]; slice: number[] }>(
			'const onet/conv1/weights [0,0,:,1]',
		);
		expect(slice.slice).toEqual([3]);
		expect(slice.values).toHaveLength(3);
		expect((await shell.error('const onet/input')).message).toContain('has no value of its own');
	});

	test('parameters by scope add up', async () => {
		const { rows, total } = await shell.data<{ rows: { params: number; share: number }[]; total: number }>(
			'params --by scope',
		);
		expect(rows.reduce((sum, row) => sum + row.params, 0)).toBe(total);
		expect(rows.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1);
	});

	test('op types', async () => {
		const { rows, total } = await shell.data<{ rows: unknown[]; total: number }>('ops');
		expect(total).toBe(17);
		expect(rows[0]).toMatchObject({ op: 'Const', nodes: 58, params: 495860, registered: true });
	});

	test('blocks', async () => {
		expect(await shell.data('blocks')).toMatchObject({ counts: { convolution: 12, dense: 7, pooling: 6 } });
	});
});

describe('errors and edges', () => {
	test('an unknown node is answered with the near ones', async () => {
		const error = await shell.error('show pnet/conv1/Conv2');
		expect(error.hint).toContain('pnet/conv1/Conv2D');
		expect((await shell.error('show prob1')).hint).toContain('Several end so');
	});

	test('a fault in a query is shown where it is in the line', async () => {
		const error = await shell.error('find op:Conv2D parms:>1');
		expect(error.span).toEqual({ start: 15, length: 5 });
	});

	test('a query that nothing fits says what may have been meant', async () => {
		expect(await shell.text('find name:conv1')).toContain('name: is the whole name');
		expect(await shell.text('find op:Conv2')).toContain('The graph has no op Conv2. Did you mean Conv2D?');
		expect(await shell.text('find op:conv2d params:>1G')).toBe('No node fits.\n');
	});

	test('a query for flops is answered with them', async () => {
		const { columns, rows } = await shell.data<{ columns: string[]; rows: { flops: number }[] }>(
			'find flops:>1M | sort -flops | head 2',
		);
		expect(columns.at(-1)).toBe('flops');
		expect(rows.map(({ flops }) => flops > 1e6)).toEqual([true, true]);
		expect(rows[0]!.flops).toBeGreaterThan(rows[1]!.flops);
	});

	test('a table is sorted, cut and written', async () => {
		await shell.run('find op:Const | sort -params | head 2 > consts.csv');
		expect(shell.host.text('consts.csv').split('\n')[1]).toContain('onet/conv5/weights');
	});

	test('setting inputs, and going back to the candidates', async () => {
		await shell.run('outputs pnet/prob1,rnet/prob1');
		expect(shell.session.outputs).toEqual(['pnet/prob1', 'rnet/prob1']);
		await shell.run('outputs auto');
		expect(shell.session.outputs).toHaveLength(7);
		expect((await shell.error('inputs nope')).code).toBe('unknown');
	});

	test('plot writes a file and refuses what nobody could read', async () => {
		await shell.run('plot pnet/prob1 --depth 4 > p.svg');
		expect(shell.host.text('p.svg')).toContain('<svg');
		expect((await shell.error('plot pnet/prob1 > p.png')).message).toContain('.svg');
	});

	test('a graph that TensorFlow would refuse fails its check', async () => {
		const broken = new TestShell({ 'other.pb': other() });
		await broken.run('open other.pb');
		const cell = await broken.run('check');
		expect(cell.answer.data).toMatchObject({
			warnings: 1,
			errors: 0,
			rows: [{ kind: 'unknown op', node: 'y' }],
		});
		expect(await broken.text('open other.pb')).toContain('Reluu');
	});

	test('in debug mode the step that broke the graph is named', async () => {
		const debug = new TestShell({ 'm.pb': buildMtcnn() });
		await debug.run('open m.pb');
		await debug.run('set debug on');
		expect(await debug.text('rename_op(old_op_name=Relu, new_op_name=Reluu)')).toContain(
			'step #1 broke the graph: 24',
		);
	});
});
