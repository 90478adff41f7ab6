import { beforeAll, expect, test } from 'vitest';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { TestShell } from '../commands/shell.ts';

/** 1,000 residual blocks of convolution, batch norm and activation: 10,002 nodes, 4,000 deep. */
function deepGraph(): Graph {
	const g = new GraphBuilder();
	const T = FLOAT;
	let x = g.placeholder('input', DT_FLOAT, [-1, 8, 8, 2]);
	for (let i = 0; i < 1000; i++) {
		x = g.scope(`stage_${Math.floor(i / 10)}/block_${i}`, () => {
			const w = g.floats('weights', [1, 2, 3, 4], [1, 1, 2, 2]);
			const conv = g.node('Conv2D', 'Conv2D', [x, w], { T, padding: 'SAME', strides: [1, 1, 1, 1] });
			const of = ['gamma', 'beta', 'mean', 'variance'].map((name) => g.floats(name, [1, 2]));
			const attrs = { T, U: T, epsilon: Attr.float(0.001), is_training: false };
			const norm = g.node('norm', 'FusedBatchNormV3', [conv, ...of], attrs);
			const id = g.node('id', 'Identity', [g.node('relu', 'Relu', [norm], { T })], { T });
			return g.node('add', 'AddV2', [id, x], { T });
		});
	}
	g.node('probabilities', 'Softmax', [x], { T });
	return readGraphDef(serializeGraphDef(g.finish()));
}

let shell: TestShell;

beforeAll(async () => {
	shell = new TestShell({ 'deep.pb': deepGraph() });
	await shell.run('open deep.pb');
	// What inference and the index take once is not what an answer takes.
	await shell.run('flops');
	await shell.run('find dtype:float shape:[1] attr.T:float');
});

// The aim is 50 ms; twenty times that in processor time, cold code included, tells a slip into quadratic time.
test.each([
	'counts',
	'ops',
	'find op:Conv2D',
	'find relu -op:Const params:0',
	'find shape:[?,8,8,2] attr.padding:SAME',
	'find above:stage_50/block_500/relu',
	'show stage_50/block_505/relu',
	'tree --depth 3',
	'in probabilities --depth 5',
	'cone probabilities',
	'path input probabilities --all 3',
	'params --by scope',
	'flops --by op',
	'check',
	'ls stage_5',
	'inputs',
	'outputs',
	'summary',
	'blocks',
	'diff',
])('%s on 10,000 nodes', async (line) => {
	const started = process.cpuUsage();
	await shell.run(line);
	expect(process.cpuUsage(started).user / 1000).toBeLessThan(1000);
});
