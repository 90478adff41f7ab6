import { expect, test } from 'vitest';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { fromHalf } from '../../src/graph/half.ts';
import halveWeights from '../../src/transforms/halve-weights.ts';
import { runTransform } from '../../src/transforms/run.ts';

const none = { inputs: [], outputs: [] };

test('a large constant becomes a half one with a Cast under its name', () => {
	const g = new GraphBuilder();
	g.random('w', [4, 4], 1);
	g.floats('b', [1, 2]);
	g.node('y', 'MatMul', ['w', 'w'], { T: FLOAT });
	const before = g.finish();
	const { graph } = runTransform(before, halveWeights, new Map([['minimum_size', ['16']]]), none);
	expect(graph.nodes.map((node) => `${node.name} ${node.op}`)).toEqual([
		'w_half Const',
		'w Cast',
		'b Const',
		'y MatMul',
	]);
	const halves = graph.node('w_half')!.tensor!.data as Uint16Array;
	const floats = before.node('w')!.tensor!.data as Float32Array;
	for (const [i, value] of floats.entries())
		expect(Math.abs(fromHalf(halves[i]!) - value)).toBeLessThanOrEqual(2 ** -11);
});

test('what a half cannot hold stays', () => {
	const g = new GraphBuilder();
	g.floats('big', [1, 2, 70000, 4]);
	const { graph, skipped } = runTransform(g.finish(), halveWeights, new Map([['minimum_size', ['1']]]), none);
	expect(graph.node('big')?.op).toBe('Const');
	expect(skipped).toEqual([
		{ node: 'big', reason: 'a value is beyond 65504, the largest half', hint: undefined },
	]);
});

test('a second run finds nothing more', () => {
	const g = new GraphBuilder();
	g.random('w', [64, 64]);
	const once = runTransform(g.finish(), halveWeights, new Map(), none);
	const twice = runTransform(once.graph, halveWeights, new Map(), none);
	expect(twice.graph.nodes).toEqual(once.graph.nodes);
	expect(twice.notes).toEqual(['no float constant has 1024 elements or more']);
});
