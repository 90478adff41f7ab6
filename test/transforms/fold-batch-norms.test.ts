import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const W = 'w = Const {dtype: float, value: float[1,2,2,2] 0 1 2 3 4 5 6 7}';
const M = 'm = Const {dtype: float, value: float[2] 2 3}';
const CONV = `x = Placeholder\n${W}\nc = Conv2D(x, w) {strides: [1, 1, 1, 1]}\n${M}\ny = Mul(c, m)`;
const fold = (graph: string): string[] => applied('fold_batch_norms', graph);

describe('fold_batch_norms', () => {
	test('scales the weights by output channel; the convolution takes the name of the Mul', () => {
		expect(fold(CONV)).toEqual([
			'w = Const {dtype: float, value: float[1,2,2,2] 0 3 4 9 8 15 12 21}',
			'x = Placeholder',
			'y = Conv2D(x, w) {strides: [1, 1, 1, 1]}',
		]);
	});

	test('a MatMul by columns, transpose_b or not, which it warns of', () => {
		const graph =
			'x = P\nw = Const {dtype: float, value: float[2,2] 1 2 3 4}\nc = MatMul(x, w) {transpose_b: true}\n' +
			'm = Const {dtype: float, value: float[2] 10 100}\ny = Mul(c, m)';
		const step = apply('fold_batch_norms', graph);
		expect([...(step.graph.node('w')!.tensor!.data as Float32Array)]).toEqual([10, 200, 30, 400]);
		expect(step.warnings).toEqual([expect.stringContaining('transpose_b')]);
	});

	test('a product that somebody else reads stays, and only moves', () => {
		const step = apply('fold_batch_norms', `${CONV}\nr = Relu(c)`);
		expect(step.graph.nodes.map((node) => node.name)).toEqual(['y', 'c', 'x', 'w', 'm', 'r']);
		expect(step.skipped).toEqual([{ node: 'y', reason: '`c` has another reader, `r`', hint: undefined }]);
	});

	test('weights that are their own input are put out twice', () => {
		const square = 'w = Const {dtype: float, value: float[2,2] 1 2 3 4}';
		const nodes = fold(`${square}\nc = MatMul(w, w)\n${M}\ny = Mul(c, m)`);
		expect(nodes.map((line) => line.split(' ')[0])).toEqual(['w', 'w', 'y']);
	});

	test('of two convolutions of one tensor one is folded a run', () => {
		const second = CONV.split('\n')
			.slice(1)
			.join('\n')
			.replace(/\b([wcmy])\b/g, '$12');
		const step = apply('fold_batch_norms', `${CONV}\n${second}`);
		expect(step.graph.nodes.filter((node) => node.op === 'Mul').map((node) => node.name)).toEqual(['y']);
		expect(step.skipped).toEqual([
			{ node: 'y', reason: '`x` is part of the match at `y2`', hint: 'fold_batch_norms' },
		]);
	});

	test('a scale of another length is an error', () => {
		const long = CONV.replace('float[2] 2 3', 'float[2,3] 1');
		expect(() => fold(long)).toThrow('Mul constant input to batch norm has bad shape: [2,3]');
	});

	test.each([
		[
			'half weights',
			CONV.replace('value: float[1,2,2,2]', 'value: half[1,2,2,2]'),
			'holds half values where float',
		],
		['weights of rank 2', CONV.replace('float[1,2,2,2]', 'float[4,2]'), 'has at least 4 dimensions'],
		['weights without a value', CONV.replace(W, 'w = Const'), 'has no value'],
	])('%s, which take the C++ tool down, are an error', (_what, graph, message) => {
		expect(() => fold(graph)).toThrow(message);
	});

	test.each([
		[
			'an Identity before the scale',
			CONV.replace('y = Mul(c, m)', 'i = Identity(m)\ny = Mul(c, i)'),
			'its other input `i` is an Identity, not a Const',
			'remove_nodes(op=Identity)',
		],
		[
			'operands the other way round',
			CONV.replace('Mul(c, m)', 'Mul(m, c)'),
			'the operands of it are the other way round: `m` stands where `c` should',
			undefined,
		],
		[
			'a BiasAdd between',
			CONV.replace('y = Mul(c, m)', 'b = BiasAdd(c, m)\ny = Mul(b, m)'),
			'its first input `b` is a BiasAdd, not a Conv2D, MatMul or DepthwiseConv2dNative',
			undefined,
		],
	])('says why not: %s', (_what, graph, reason, hint) => {
		const step = apply('fold_batch_norms', graph);
		expect(step.skipped).toEqual([{ node: 'y', reason, hint }]);
		expect(step.notes).toEqual([expect.stringContaining('no Mul by a Const')]);
	});

	test('says nothing of products that have nothing to do with it', () => {
		expect(apply('fold_batch_norms', 'x = P\nz = P\ny = Mul(x, z)').skipped).toEqual([]);
	});
});
