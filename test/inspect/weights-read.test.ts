import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { findNodes } from '../../src/inspect/query.ts';
import { weightsRead } from '../../src/inspect/weights-read.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';

/** params of every node, by name. */
const paramsOf = (graph: ReturnType<GraphBuilder['finish']>): Record<string, number> => {
	const { params } = weightsRead(graph);
	return Object.fromEntries(graph.nodes.map((node, i) => [node.name, params[i]!]));
};

describe('the weights that a node works with', () => {
	test('are those of the constants that it reads, through nodes that only hand them on', () => {
		const build = new GraphBuilder();
		const x = build.placeholder('x', DT_FLOAT, [-1, 4]);
		build.node('w/half', 'Cast', [build.random('w', [4, 3])], { SrcT: FLOAT, DstT: FLOAT });
		build.node('w/read', 'Identity', ['w/half'], { T: FLOAT });
		build.node('m', 'MatMul', [x, 'w/read'], { T: FLOAT });
		build.node('sum', 'BiasAdd', ['m', build.random('b', [3])], { T: FLOAT });
		build.node('late', 'Relu', ['sum', '^w'], { T: FLOAT });
		expect(paramsOf(build.finish())).toEqual({
			x: 0,
			w: 12,
			'w/half': 0,
			'w/read': 0,
			m: 12,
			b: 3,
			sum: 3,
			late: 0,
		});
	});

	test('count once where a constant is read twice', () => {
		const build = new GraphBuilder();
		build.random('w', [5]);
		build.node('same', 'Identity', ['w'], { T: FLOAT });
		build.node('twice', 'Mul', ['w', 'same'], { T: FLOAT });
		const graph = build.finish();
		const { params, bytes } = weightsRead(graph);
		expect([params[2], bytes[2]]).toEqual([5, graph.nodes[0]!.byteLength]);
	});

	test('are those of variables, too', () => {
		const build = new GraphBuilder();
		build.node('v', 'VarHandleOp', [], { dtype: FLOAT, shape: Attr.shape([2, 6]) });
		build.node('v/read', 'ReadVariableOp', ['v'], { dtype: FLOAT });
		build.node('y', 'MatMul', [build.placeholder('x', DT_FLOAT, [-1, 2]), 'v/read'], { T: FLOAT });
		expect(paramsOf(build.finish())).toMatchObject({ v: 12, 'v/read': 0, y: 12 });
	});

	test('a ring of nodes that hand on ends, and has none', () => {
		const build = new GraphBuilder();
		build.node('a', 'Identity', ['b'], { T: FLOAT });
		build.node('b', 'Identity', ['a'], { T: FLOAT });
		build.node('c', 'Relu', ['a'], { T: FLOAT });
		expect(paramsOf(build.finish())).toEqual({ a: 0, b: 0, c: 0 });
	});

	test('large convolutions of the bundled model are found by them', () => {
		const graph = buildMtcnn();
		expect(findNodes(graph, 'op:Conv2D params:>10k').map((i) => graph.nodes[i]!.name)).toEqual([
			'rnet/conv2/Conv2D',
			'rnet/conv3/Conv2D',
			'onet/conv2/Conv2D',
			'onet/conv3/Conv2D',
			'onet/conv4/Conv2D',
		]);
	});
});
