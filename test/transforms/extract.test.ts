import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import extract from '../../src/transforms/extract.ts';
import { runTransform } from '../../src/transforms/run.ts';

/** x → split → (relu, neg) → add → exp */
function run(inputs: readonly string[], outputs: readonly string[]) {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [2, 6]);
	const axis = g.ints('axis', 1);
	g.node('split', 'Split', [axis, 'x'], { T: FLOAT, num_split: Attr.int(2) });
	g.node('relu', 'Relu', ['split'], { T: FLOAT });
	g.node('neg', 'Neg', ['split:1', '^relu'], { T: FLOAT });
	g.node('add', 'AddV2', ['relu', 'neg'], { T: FLOAT });
	g.node('exp', 'Exp', ['add'], { T: FLOAT });
	const given = new Map([['outputs', outputs]]);
	if (inputs.length > 0) given.set('inputs', inputs);
	return runTransform(g.finish(), extract, given, { inputs: ['x'], outputs: ['exp'] });
}

function nodes(result: ReturnType<typeof run>): string[] {
	return result.graph.nodes.map((node) => `${node.name} = ${node.op}(${node.inputs.join(', ')})`);
}

describe('a part', () => {
	test('between two tensors: the first is a Placeholder with its type and shape', () => {
		const result = run(['relu', 'split:1'], ['add']);
		expect(nodes(result)).toEqual([
			'split_1 = Placeholder()',
			'relu = Placeholder()',
			'neg = Neg(split_1, ^relu)',
			'add = AddV2(relu, neg)',
		]);
		expect(result.graph.node('split_1')?.attr('shape')?.shape).toEqual([2, 3]);
		expect(result.graph.node('relu')?.attr('dtype')?.type).toBe(DT_FLOAT);
		expect(result.ends).toEqual({ inputs: ['relu', 'split_1'], outputs: ['add'] });
	});

	test('up to an output, from the graph’s own inputs', () => {
		const result = run([], ['relu']);
		expect(nodes(result)).toEqual([
			'x = Placeholder()',
			'axis = Const()',
			'split = Split(axis, x)',
			'relu = Relu(split)',
		]);
		expect(result.ends).toEqual({ inputs: ['x'], outputs: ['relu'] });
	});
});

test('an input that no output needs is named, and is no input afterwards', () => {
	const result = run(['add', 'relu'], ['exp']);
	expect(result.skipped).toEqual([{ node: 'relu', reason: 'no output needs this input', hint: undefined }]);
	expect(result.ends?.inputs).toEqual(['add']);
});

test('an unknown name gets a suggestion', () => {
	expect(() => run(['rellu'], ['exp'])).toThrow('there is no node `rellu`');
});
