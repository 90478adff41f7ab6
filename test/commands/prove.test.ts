/** verify, bisect and bench. */
import { describe, expect, it } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT, DT_RESOURCE, DT_STRING } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { transformByName } from '../../src/transforms/index.ts';
import type { Invocation } from '../../src/transforms/language.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { TestShell } from './shell.ts';

/** x → Conv2D → BiasAdd → Relu → Identity, and beside it the product of a and b. */
function model(): Graph {
	const g = new GraphBuilder({ seed: 3 });
	g.placeholder('x', DT_FLOAT, [-1, 6, 6, 3]);
	g.random('w', [3, 3, 3, 4]);
	g.random('b', [4], 1);
	g.node('conv', 'Conv2D', ['x', 'w'], { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' });
	g.node('biased', 'BiasAdd', ['conv', 'b'], { T: FLOAT });
	g.node('relu', 'Relu', ['biased'], { T: FLOAT });
	g.node('same', 'Identity', ['relu'], { T: FLOAT });
	g.node('left', 'Sub', ['same', 'biased'], { T: FLOAT });
	return g.finish();
}

/** Adds a step by hand, as a wrong transform would. */
function wrongStep(shell: TestShell, change: (graph: Graph) => Graph): void {
	const { session } = shell;
	const before = runTransform(session.graph, transformByName('remove_device')!, new Map(), session);
	const invocation: Invocation = { name: 'remove_device', params: new Map() } as never;
	session.accept('remove_device', invocation, { ...before, graph: change(session.graph) });
}

async function opened(graph = model(), outputs = 'left'): Promise<TestShell> {
	const shell = new TestShell({ 'm.pb': graph });
	await shell.run('open m.pb');
	await shell.run(`outputs ${outputs}`);
	return shell;
}

interface VerifyData {
	readonly equal: boolean;
	readonly tolerance: number;
	readonly outputs: readonly { name: string; shape: readonly number[]; maxAbs: number; relL2: number }[];
	readonly firstDifference: { node: string } | null;
	readonly notRun: readonly { node: string; op: string; reason: string; broken: boolean }[];
}

describe('verify', () => {
	it('finds exact steps equal to the bit', async () => {
		const shell = await opened();
		await shell.run('remove_nodes(op=Identity)');
		const data = await shell.data<VerifyData>('verify');
		expect(data).toMatchObject({
			equal: true,
			against: 0,
			seed: 1,
			tolerance: 0,
			firstDifference: null,
			notRun: [],
		});
		expect(data.outputs).toMatchObject([{ name: 'left', shape: [1, 6, 6, 4], maxAbs: 0, relL2: 0 }]);
	});

	it('says so when there is nothing to compare', async () => {
		const shell = await opened();
		expect((await shell.text('verify')).split('\n')[0]).toBe(
			'✓ nothing to compare: the graph is that of #0. It runs, and gives 1 output.',
		);
		await shell.run('remove_nodes(op=Identity)');
		expect(await shell.text('verify')).toContain('1 output of #1 against #0 agree');
	});

	it('says in a sentence what cannot be made up', async () => {
		const g = new GraphBuilder();
		g.placeholder('text', DT_STRING, []);
		g.node('length', 'StringLength', ['text'], {});
		const strings = await (await opened(g.finish(), 'length')).error('verify');
		expect(strings.message).toBe('The input `text` takes strings, which cannot be made up.');
		expect(strings.hint).toBe('feed text=… gives it a value, or feed a tensor behind it.');
		const v = new GraphBuilder();
		v.placeholder('x', DT_FLOAT, [-1, -1]);
		v.node('v', 'VariableV2', [], { dtype: FLOAT });
		v.node('y', 'Mul', ['x', 'v'], { T: FLOAT });
		const variables = await (await opened(v.finish(), 'y')).error('verify');
		expect(variables.message).toBe('cannot run `v` (VariableV2): the variable has no value: freeze it first');
		expect(variables.hint).toBe(
			'freeze takes the values from the SavedModel or checkpoint: see `help freeze`.',
		);
		const r = new GraphBuilder();
		r.placeholder('w', DT_RESOURCE, []);
		r.node('y', 'ReadVariableOp', ['w'], { dtype: FLOAT });
		expect((await (await opened(r.finish(), 'y')).error('verify')).hint).toBe(
			'Open the SavedModel or checkpoint that has the variables, and freeze it.',
		);
	});

	it('catches a fold that is wrong, and says where it begins', async () => {
		const shell = await opened();
		wrongStep(shell, (graph) =>
			graph.with(
				graph.nodes.map((node) => {
					if (node.name !== 'b') return node;
					const g = new GraphBuilder();
					g.floats('b', [9, 9, 9, 9]);
					return g.finish().nodes[0]!;
				}),
			),
		);
		const cell = await shell.run('verify');
		expect(cell.answer.failed).toBe(true);
		expect(cell.answer.data).toMatchObject({ equal: false, firstDifference: { node: 'b' } });
		expect(await shell.text('verify')).toContain('the difference begins at b (Const)');
	});

	it('catches a swapped input and a dropped node', async () => {
		const swapped = await opened();
		wrongStep(swapped, (graph) =>
			graph.with(
				graph.nodes.map((node) => (node.name === 'left' ? node.with({ inputs: ['biased', 'same'] }) : node)),
			),
		);
		expect(await swapped.data<VerifyData>('verify')).toMatchObject({
			equal: false,
			firstDifference: { node: 'left' },
		});
		const dropped = await opened();
		wrongStep(dropped, (graph) =>
			graph.with(graph.nodes.map((node) => (node.name === 'relu' ? node.with({ inputs: ['conv'] }) : node))),
		);
		expect(await dropped.data<VerifyData>('verify')).toMatchObject({
			equal: false,
			firstDifference: { node: 'relu' },
		});
	});

	it('counts an output that no longer runs as different', async () => {
		const shell = await opened();
		wrongStep(shell, (graph) =>
			graph.with(graph.nodes.map((node) => (node.name === 'relu' ? node.with({ op: 'Bessel' }) : node))),
		);
		const data = await shell.data<VerifyData>('verify');
		expect(data.equal).toBe(false);
		expect(data.notRun).toEqual([{ node: 'relu', op: 'Bessel', reason: 'the op is unknown', broken: true }]);
	});

	it('goes by what the steps may cost, or by a tolerance that is given', async () => {
		const shell = await opened();
		await shell.run('quantize_weights(minimum_size=1)');
		const lossy = await shell.data<VerifyData>('verify');
		expect(lossy).toMatchObject({ equal: true, tolerance: 0.2, loss: 'lossy' });
		expect(lossy.outputs[0]!.relL2).toBeGreaterThan(1e-6);
		expect(await shell.data<VerifyData>('verify --tolerance 1e-9')).toMatchObject({ equal: false });
	});

	it('gives a frozen input of the original the value that it has now', async () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [2, 3]);
		g.placeholder('training', DT_BOOL, []);
		g.node('other', 'Neg', ['x'], { T: FLOAT });
		g.node('chosen', 'Select', ['training', 'x', 'other'], { T: FLOAT });
		for (const value of ['true', 'false']) {
			const shell = await opened(g.finish(), 'chosen');
			await shell.run(`freeze_input(name=training, value=${value})`);
			expect(await shell.data<VerifyData>('verify')).toMatchObject({ equal: true, notRun: [] });
			await shell.run(`feed training=${value === 'true' ? '0' : '1'}`);
			expect(await shell.data<VerifyData>('verify')).toMatchObject({ equal: true });
			await shell.run('fold_constants strip_unused_nodes');
			expect(await shell.data<VerifyData>('verify')).toMatchObject({
				equal: true,
				outputs: [{ name: 'chosen' }],
			});
			expect((await shell.text('bisect')).startsWith('✗')).toBe(false);
		}
	});

	it('a fed placeholder may be named by control inputs alone', async () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [2, 3]);
		g.floats('w', [1, 2, 3]);
		g.node('left', 'Neg', ['w', '^x'], { T: FLOAT });
		const shell = await opened(g.finish());
		expect(await shell.data<VerifyData>('verify')).toMatchObject({ equal: true, notRun: [] });
		expect(await shell.text('eval left')).toContain('-1  -2  -3');
	});

	it('is exit code 4 of a script', async () => {
		const shell = await opened();
		wrongStep(shell, (graph) => graph.with(graph.nodes.filter((node) => node.name !== 'left')));
		const { exitCode } = await shell.script('verify');
		expect(exitCode).toBe(4);
	});
});

describe('bisect', () => {
	it('names the step and the node', async () => {
		const shell = await opened();
		await shell.run('remove_nodes(op=Identity)');
		wrongStep(shell, (graph) =>
			graph.with(graph.nodes.map((node) => (node.name === 'relu' ? node.with({ op: 'Softplus' }) : node))),
		);
		await shell.run('sort_by_execution_order');
		const cell = await shell.run('bisect');
		expect(cell.answer.data).toMatchObject({ step: 2, transform: 'remove_device', node: 'relu' });
		expect(cell.answer.failed).toBe(true);
	});

	it('says so when nothing differs', async () => {
		const shell = await opened();
		await shell.run('remove_nodes(op=Identity)');
		expect(await shell.data('bisect')).toMatchObject({
			step: null,
			node: null,
			tested: [{ step: 1, equal: true, relL2: 0 }],
		});
	});
});

describe('bench', () => {
	it('times the graph by op and by node', async () => {
		const shell = await opened();
		const data = await shell.data<{ byType: { type: string }[]; byNode: unknown[] }>('bench --runs 3');
		expect(data).toMatchObject({ engine: 'whittle', runs: 3 });
		expect(data.byType.map(({ type }) => type)).toContain('Conv2D');
		expect(data.byNode).toHaveLength(7);
	});
});
