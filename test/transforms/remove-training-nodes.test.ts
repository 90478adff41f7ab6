import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import removeTrainingNodes from '../../src/transforms/remove-training-nodes.ts';
import { runTransform } from '../../src/transforms/run.ts';

function trainingGraph() {
	const g = new GraphBuilder();
	const x = g.placeholder('x');
	const w = g.node('w', 'VariableV2');
	const zeros = g.floats('zeros', [0]);
	g.node('w/Assign', 'Assign', [w, zeros]);
	const slot = g.node('w/Momentum', 'VariableV2');
	g.node('train', 'ApplyMomentum', [w, slot, zeros, zeros, zeros]);
	const positive = g.node('positive', 'Greater', [x, zeros]);
	const assert = g.node('assert', 'Assert', [positive, x]);
	g.node('y', 'MatMul', [x, w, `^${assert}`]);
	g.node('loss/summary', 'ScalarSummary', [zeros, 'y']);
	const names = g.constant('save/names', { dtype: 7, shape: [1], data: [Buffer.from('w')] });
	g.node('save', 'SaveV2', [names, names, names, w]);
	g.node('init', 'NoOp', ['^w/Assign']);
	g.node('extra', 'Relu', ['y']);
	return g.finish();
}

test('what only training needs goes; the rest stays in order', () => {
	const { graph, skipped } = runTransform(trainingGraph(), removeTrainingNodes, new Map(), {
		inputs: ['x'],
		outputs: ['y'],
	});
	expect(graph.nodes.map((node) => `${node.name}(${node.inputs})`)).toEqual([
		'x()',
		'w()',
		'y(x,w)',
		'extra(y)',
	]);
	expect(skipped).toEqual([]);
});

test('what an output needs stays, and the report says so', () => {
	const { graph, skipped } = runTransform(trainingGraph(), removeTrainingNodes, new Map(), {
		inputs: ['x'],
		outputs: ['init'],
	});
	expect(graph.has('w/Assign')).toBe(true);
	expect(skipped).toContainEqual({
		node: 'w/Assign',
		reason: 'an output needs this Assign',
		hint: undefined,
	});
});

test('without outputs nothing is touched', () => {
	const before = trainingGraph();
	const { graph, notes } = runTransform(before, removeTrainingNodes, new Map(), { inputs: [], outputs: [] });
	expect(graph.nodes).toBe(before.nodes);
	expect(notes[0]).toContain('no outputs are set');
});
