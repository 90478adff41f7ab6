import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { findingFusions } from '../../src/evaluate/fusions.ts';
import { planningRun } from '../../src/evaluate/plan.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { finish } from '../../src/graph/progress.ts';
import { Engine } from '../../src/ops/engine/engine.ts';

const CHANNELS = 19;

/** A chain of ops, each reading the one before it and constants of its channels. */
function chain(...ops: readonly string[]): Graph {
	const g = new GraphBuilder({ seed: 5 });
	const attrs = { T: FLOAT };
	let x = g.placeholder('x', DT_FLOAT, [1, 6, 6, CHANNELS]);
	for (const [i, text] of ops.entries()) {
		const [op, form] = text.split('/') as [string, string?];
		const vector = (name: string): string => g.random(`${op}${i}/${name}`, [CHANNELS], 1);
		const positive = (): string =>
			g.floats(
				`${op}${i}/variance`,
				Array.from({ length: CHANNELS }, (_, channel) => 0.1 + channel / 7),
			);
		const node = (inputs: readonly string[], more = {}): string =>
			g.node(`${op}${i}`, op, [x, ...inputs], { ...attrs, ...more });
		const window = { strides: [1, 1, 1, 1], padding: 'SAME' };
		if (op === 'Conv2D') x = node([g.random(`w${i}`, [3, 3, CHANNELS, CHANNELS])], window);
		else if (op === 'DepthwiseConv2dNative') x = node([g.random(`w${i}`, [3, 3, CHANNELS, 1])], window);
		else if (op.startsWith('FusedBatchNorm'))
			x = node([vector('scale'), vector('offset'), vector('mean'), positive()], {
				is_training: false,
				...(op.endsWith('V3') ? { U: FLOAT } : {}),
			});
		else if (form === 'first') x = g.node(`${op}${i}`, op, [vector('value'), x], attrs);
		else if (form === 'rank') x = node([g.random(`${op}${i}/value`, [1, 1, 1, CHANNELS], 1)]);
		else if (['BiasAdd', 'Mul', 'Add', 'AddV2'].includes(op)) x = node([vector('value')]);
		else x = node([]);
	}
	return g.finish();
}

const image = {
	dtype: DT_FLOAT,
	shape: [1, 6, 6, CHANNELS],
	data: Float32Array.from({ length: 36 * CHANNELS }, (_, i) => Math.sin(i * 1.7) * 3),
};
const feeds = new Map([['x', image]]);

/** The op whose output comes out of the chain that begins with the graph's first op. */
function endOfChain(graph: Graph): string | undefined {
	const plan = finish(planningRun(graph, ['x:0'], [graph.nodes.at(-1)!.name]));
	const first = plan.nodes.findIndex(({ inputs }) => plan.nodes[inputs[0]?.node ?? -1]?.node.name === 'x');
	const fusions = finish(findingFusions(plan, (node) => plan.nodes[node]!.node.tensor));
	const fusion = fusions.get(first);
	return fusion && plan.nodes[fusion.last]!.node.op;
}

describe('a chain is done in one go', () => {
	it.each([
		['a bias and a range', ['Conv2D', 'BiasAdd', 'Relu']],
		['a batch norm', ['Conv2D', 'FusedBatchNormV3', 'Relu6']],
		['a batch norm after a bias, as Keras writes it', ['Conv2D', 'BiasAdd', 'FusedBatchNormV3', 'Relu']],
		['the same of single channels', ['DepthwiseConv2dNative', 'BiasAdd', 'FusedBatchNorm', 'Relu6']],
		['a batch norm in pieces after a bias', ['Conv2D', 'Add', 'Mul', 'AddV2', 'Relu']],
		['factors of rank 4, as Keras 3 writes them', ['Conv2D', 'BiasAdd', 'Mul/rank', 'AddV2/rank', 'Relu']],
		['factors that stand first', ['Conv2D', 'Mul/first', 'Add/first', 'Relu']],
		['with Identity nodes between', ['Conv2D', 'Identity', 'Mul', 'Identity', 'Identity', 'Add', 'Relu']],
		['a batch norm alone', ['FusedBatchNormV3', 'Relu']],
	])('%s', (_what, ops) => {
		const graph = chain(...ops);
		const last = graph.nodes.at(-1)!;
		expect(endOfChain(graph)).toBe(last.op);
		const bits = [Engine.wasm()!, Engine.script()].flatMap((engine) => {
			const executor = new Executor(graph, { engine });
			const run = () => executor.run(feeds, [last.name])[0]!.data;
			const atOnce = run();
			executor.observer = () => undefined;
			const byNode = run();
			executor.dispose();
			return [atOnce, byNode];
		});
		for (const other of bits.slice(1)) expect(other).toEqual(bits[0]);
	});

	it('but not past a second factor or a second bias after it', () => {
		for (const ops of [
			['Conv2D', 'Mul', 'Mul'],
			['Conv2D', 'FusedBatchNorm', 'BiasAdd'],
		]) {
			expect(endOfChain(chain(...ops))).toBe(ops[1]);
		}
	});

	it('nor where a value would be repeated', () => {
		const g = new GraphBuilder({ seed: 5 });
		g.placeholder('x', DT_FLOAT, [1, 6, 6, CHANNELS]);
		g.node('conv', 'Conv2D', ['x', g.random('w', [1, 1, CHANNELS, 1])], {
			T: FLOAT,
			strides: [1, 1, 1, 1],
			padding: 'SAME',
		});
		g.node('sum', 'Add', ['conv', g.random('five', [5], 1)], { T: FLOAT });
		const graph = g.finish();
		expect(endOfChain(graph)).toBeUndefined();
		expect(new Executor(graph).run(feeds, ['sum'])[0]!.shape).toEqual([1, 6, 6, 5]);
	});

	it('nor past a value that is asked for', () => {
		const graph = chain('Conv2D', 'Identity', 'Relu');
		const plan = finish(planningRun(graph, ['x:0'], ['Identity1', 'Relu2']));
		expect([...finish(findingFusions(plan, () => undefined))]).toEqual([]);
	});
});
