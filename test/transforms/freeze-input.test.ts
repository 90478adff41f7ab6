import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import freezeInput from '../../src/transforms/freeze-input.ts';
import { runTransform } from '../../src/transforms/run.ts';

function freeze(graph: Graph, name: string, value: string, outputs: readonly string[], inputs = [name]) {
	return runTransform(
		graph,
		freezeInput,
		new Map([
			['name', [name]],
			['value', [value]],
		]),
		{ inputs, outputs },
	);
}

function structure(graph: Graph): string[] {
	return graph.nodes.map((node) => `${node.name} = ${node.op}(${node.inputs.join(', ')})`);
}

/** `y = training ? -x : relu(x)`, as tf.cond of TensorFlow 1 builds it. */
function conditional(): Graph {
	const g = new GraphBuilder();
	const x = g.placeholder('x', DT_FLOAT, [2]);
	const training = g.placeholder('training', DT_BOOL, []);
	const T = { T: FLOAT };
	g.node('not', 'LogicalNot', [training]);
	g.node('pivot', 'Switch', [training, training], { T: Attr.type(DT_BOOL) });
	g.node('pivot_t', 'Identity', ['pivot:1'], { T: Attr.type(DT_BOOL) });
	g.node('switch', 'Switch', [x, training], T);
	g.node('batch', 'Neg', ['switch:1', '^pivot_t'], T);
	g.node('moving', 'Relu', ['switch'], T);
	g.node('merge', 'Merge', ['moving', 'batch'], { T: FLOAT, N: Attr.int(2) });
	g.node('which', 'Identity', ['merge:1'], { T: Attr.type(3) });
	g.node('y', 'Exp', ['merge', '^merge'], T);
	return g.finish();
}

describe('a conditional that the input decides', () => {
	test('false takes the branch of port 0, and the other is gone', () => {
		const { graph, notes, ends } = freeze(
			conditional(),
			'training',
			'false',
			['y', 'which'],
			['x', 'training'],
		);
		expect(structure(graph)).toEqual([
			'x = Placeholder()',
			'training = Const()',
			'not = LogicalNot(training)',
			'moving = Relu(x)',
			'merge/value_index = Const()',
			'which = Identity(merge/value_index)',
			'y = Exp(moving, ^moving)',
		]);
		expect(graph.node('merge/value_index')?.tensor?.data).toEqual(Int32Array.of(0));
		expect(notes[1]).toBe('3 decided branch nodes resolved, 2 dead nodes removed');
		expect(ends).toEqual({ inputs: ['x'], outputs: ['y', 'which'] });
	});

	test('true takes the other', () => {
		const { graph } = freeze(conditional(), 'training', 'true', ['y']);
		expect(graph.node('y')?.inputs).toEqual(['batch', '^batch']);
		expect(graph.has('moving')).toBe(false);
		expect(graph.node('batch')?.inputs).toEqual(['x', '^pivot_t']);
	});

	test('an output in the branch not taken stops the step', () => {
		expect(() => freeze(conditional(), 'training', 'false', ['batch'])).toThrow(
			'the output `batch` lies in the branch that the value switches off',
		);
	});
});

describe('dropout', () => {
	test('of TensorFlow 1 disappears at keep_prob 1', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x', DT_FLOAT, [4]);
		const keep = g.placeholder('keep_prob', DT_FLOAT, []);
		const shape = g.ints('shape', [4]);
		const random = g.node('random', 'RandomUniform', [shape], { dtype: FLOAT, T: Attr.type(3) });
		const sum = g.node('add', 'Add', [keep, random], { T: FLOAT });
		const mask = g.node('floor', 'Floor', [sum], { T: FLOAT });
		const scaled = g.node('div', 'RealDiv', [x, keep], { T: FLOAT });
		g.node('y', 'Mul', [scaled, mask], { T: FLOAT });
		const { graph } = freeze(g.finish(), 'keep_prob', '1.0', ['y']);
		expect(structure(graph).at(-1)).toBe('y = Identity(x)');
		const half = freeze(g.finish(), 'keep_prob', '0.5', ['y']);
		expect(structure(half.graph).at(-1)).toBe('y = Mul(div, floor)');
	});
});

describe('the value', () => {
	const g = new GraphBuilder();
	g.placeholder('flag', DT_BOOL, []);
	g.placeholder('scale', DT_FLOAT, [3]);
	const graph = g.finish();

	test('a scalar is spread over a known shape', () => {
		expect(freeze(graph, 'scale', '0.5', []).graph.node('scale')?.tensor?.data).toEqual(
			Float32Array.of(0.5, 0.5, 0.5),
		);
	});

	test('a list is a vector', () => {
		expect(freeze(graph, 'scale', '[1, 2.5, -3]', []).graph.node('scale')?.tensor?.shape).toEqual([3]);
	});

	test('what is no value of the type is refused', () => {
		expect(() => freeze(graph, 'flag', 'maybe', [])).toThrow('`maybe` is no bool value for `flag`');
		expect(() => freeze(graph, 'nope', '1', [])).toThrow('there is no node `nope`');
	});
});
