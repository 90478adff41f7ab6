import { describe, expect, test } from 'vitest';
import { compareValues } from '../../src/evaluate/compare-values.ts';
import { Executor } from '../../src/evaluate/executor.ts';
import { Attr } from '../../src/graph/attr.ts';
import { type AttrInit, FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import foldFusedBatchNorms from '../../src/transforms/fold-fused-batch-norms.ts';
import { runTransform } from '../../src/transforms/run.ts';

const SHAPE = [2, 5, 5, 3];

interface Options {
	readonly norm?: string;
	readonly bias?: boolean;
	readonly format?: 'NHWC' | 'NCHW';
	readonly behindIdentity?: boolean;
	readonly training?: boolean;
}

function batchNorm(g: GraphBuilder, x: string, channels: number, options: Options, name = 'y'): string {
	const vector = (part: string, limit: number): string => g.random(`${name}/${part}`, [channels], limit);
	const positive = g.floats(
		`${name}/variance`,
		Array.from({ length: channels }, (_, i) => 0.3 + i / channels),
	);
	const inputs = [x, vector('gamma', 2), vector('beta', 1), vector('mean', 1), positive];
	return g.node(name, options.norm ?? 'FusedBatchNormV3', inputs, {
		T: FLOAT,
		...(options.norm === 'FusedBatchNorm' ? {} : { U: FLOAT }),
		epsilon: Attr.float(0.001),
		data_format: options.format ?? 'NHWC',
		is_training: options.training ?? false,
	});
}

function product(op: string, options: Options = {}): Graph {
	const g = new GraphBuilder({ seed: 9 });
	const x = g.placeholder('x', DT_FLOAT, SHAPE);
	const shapes: Record<string, readonly number[]> = {
		Conv2D: [3, 3, 3, 4],
		DepthwiseConv2dNative: [3, 3, 3, 2],
		Conv2DBackpropInput: [3, 3, 4, 3],
	};
	const value = g.random('w', shapes[op]!);
	const w = options.behindIdentity ? g.node('w/read', 'Identity', [value], { T: FLOAT }) : value;
	const attrs: Record<string, AttrInit> = {
		T: FLOAT,
		strides: [1, 1, 1, 1],
		padding: 'SAME',
		data_format: options.format ?? 'NHWC',
	};
	const channels = op === 'DepthwiseConv2dNative' ? 6 : 4;
	let c =
		op === 'Conv2DBackpropInput'
			? g.node('c', op, [g.ints('size', [2, 5, 5, 4]), w, x], attrs)
			: g.node('c', op, [x, w], attrs);
	if (options.bias) {
		c = g.node('a', 'BiasAdd', [c, g.random('b', [channels], 1)], {
			T: FLOAT,
			data_format: options.format ?? 'NHWC',
		});
	}
	batchNorm(g, c, channels, options);
	return g.finish();
}

function fold(graph: Graph, outputs: readonly string[] = ['y']) {
	return runTransform(graph, foldFusedBatchNorms, new Map(), { inputs: ['x'], outputs });
}

/** Relative L2 between the outputs of both graphs on one random input. */
function difference(before: Graph, after: Graph, shape: readonly number[] = SHAPE, output = 'y'): number {
	const random = mulberry32(3);
	const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1);
	const feeds = new Map([['x', { dtype: DT_FLOAT, shape, data }]]);
	const [a] = new Executor(before).run(feeds, [output]);
	const [b] = new Executor(after).run(feeds, [output]);
	return compareValues(a!, b!).relL2;
}

describe.each(['Conv2D', 'DepthwiseConv2dNative', 'Conv2DBackpropInput'])('after %s', (op) => {
	test.each([
		['FusedBatchNorm', false],
		['FusedBatchNormV2', true],
		['FusedBatchNormV3', true],
	])('%s, bias %s', (norm, bias) => {
		const before = product(op, { norm, bias, behindIdentity: bias });
		const { graph, skipped } = fold(before);
		expect(skipped).toEqual([]);
		expect(graph.byOp.has(norm)).toBe(false);
		expect(graph.node('y')?.op).toBe('BiasAdd');
		expect(graph.nodes.length).toBe(
			bias ? 6 + Number(op === 'Conv2DBackpropInput') : 5 + Number(op === 'Conv2DBackpropInput'),
		);
		expect(difference(before, graph)).toBeLessThan(1e-6);
		expect(fold(graph).graph.nodes).toEqual(graph.nodes);
	});
});

test('NCHW keeps its layout', () => {
	const g = new GraphBuilder({ seed: 2 });
	const x = g.placeholder('x', DT_FLOAT, [1, 3, 5, 5]);
	const c = g.node('c', 'Conv2D', [x, g.random('w', [3, 3, 3, 4])], {
		T: FLOAT,
		strides: [1, 1, 1, 1],
		padding: 'SAME',
		data_format: 'NCHW',
	});
	batchNorm(g, c, 4, { format: 'NCHW' });
	const before = g.finish();
	const { graph } = fold(before);
	expect(graph.node('y')?.attr('data_format')?.string).toBe('NCHW');
	expect(difference(before, graph, [1, 3, 5, 5])).toBeLessThan(1e-6);
});

test('after a MatMul and a Reshape', () => {
	const g = new GraphBuilder({ seed: 4 });
	const x = g.placeholder('x', DT_FLOAT, [2, 6]);
	const m = g.node('m', 'MatMul', [x, g.random('w', [5, 6])], {
		T: FLOAT,
		transpose_a: false,
		transpose_b: true,
	});
	const r = g.node('r', 'Reshape', [m, g.ints('shape', [-1, 1, 1, 5])], { T: FLOAT, Tshape: INT32 });
	batchNorm(g, r, 5, {});
	const before = g.finish();
	const { graph } = fold(before);
	expect(graph.node('y')?.op).toBe('Reshape');
	expect(difference(before, graph, [2, 6])).toBeLessThan(1e-6);
});

test('weights that somebody else reads are copied', () => {
	const g = new GraphBuilder({ seed: 5 });
	const x = g.placeholder('x', DT_FLOAT, SHAPE);
	const w = g.random('w', [3, 3, 3, 4]);
	const attrs = { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' };
	batchNorm(g, g.node('c', 'Conv2D', [x, w], attrs), 4, {});
	g.node('other', 'Conv2D', [x, w], attrs);
	const before = g.finish();
	const { graph } = fold(before, ['y', 'other']);
	expect(graph.node('w')).toBe(before.node('w'));
	expect(graph.node('c')?.inputs).toEqual(['x', 'c/folded_weights']);
	expect(difference(before, graph)).toBeLessThan(1e-6);
	expect(difference(before, graph, SHAPE, 'other')).toBe(0);
});

describe('what stays, and why', () => {
	const reason = (graph: Graph, outputs?: readonly string[]): string | undefined =>
		fold(graph, outputs).skipped[0]?.reason;

	test('training mode', () => {
		expect(reason(product('Conv2D', { training: true }))).toBe('it is in training mode');
	});

	test('another reader of the convolution', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x', DT_FLOAT, SHAPE);
		const c = g.node('c', 'Conv2D', [x, g.random('w', [1, 1, 3, 4])], {
			T: FLOAT,
			strides: [1, 1, 1, 1],
			padding: 'SAME',
		});
		batchNorm(g, c, 4, {});
		g.node('relu', 'Relu', [c], { T: FLOAT });
		expect(reason(g.finish())).toBe('`c` has another reader, `relu`');
	});

	test('the convolution is an output', () => {
		expect(reason(product('Conv2D'), ['y', 'c'])).toBe('`c` is an output itself');
	});

	test('something else stands between', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x', DT_FLOAT, SHAPE);
		batchNorm(g, g.node('i', 'Identity', [x], { T: FLOAT }), 3, {});
		expect(fold(g.finish()).skipped[0]).toEqual({
			node: 'y',
			reason: 'it follows `i` (Identity), which is no convolution or MatMul',
			hint: 'remove_nodes(op=Identity)',
		});
	});
});
