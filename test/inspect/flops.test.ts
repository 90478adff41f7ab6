import { describe, expect, test } from 'vitest';
import { readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_BOOL, DT_FLOAT } from '../../src/graph/dtype.ts';
import { countsOf } from '../../src/inspect/counts.ts';
import { benchmarkFlops, costOf, costWith } from '../../src/inspect/flops.ts';
import { batchOfOne } from '../../src/inspect/output-shapes.ts';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { loadGraph } from '../goldens/load-graph.ts';
import { hasShared } from '../shared.ts';

const T = FLOAT;
const conv = { T, strides: [1, 1, 1, 1], padding: 'SAME' };

describe('cost', () => {
	test("the examples of benchmark_model's formula", () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [400, 10]);
		g.node('product', 'MatMul', ['x', g.random('w', [10, 400])], { T });
		g.placeholder('image', DT_FLOAT, [1, 4, 4, 2]);
		g.node('conv', 'Conv2D', ['image', g.random('f', [1, 1, 2, 3])], conv);
		const graph = g.finish();
		const cost = costOf(graph);
		expect(cost.flops[graph.position.get('product')!]).toBe(3_200_000);
		expect(cost.flops[graph.position.get('conv')!]).toBe(192);
		expect(benchmarkFlops(graph, cost)).toBe(3_200_192);
		expect(cost.total).toBe(3_200_192);
	});

	test('an unknown batch counts as one example, and is named', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [-1, 10]);
		g.node('y', 'MatMul', ['x', g.random('w', [10, 4])], { T });
		const graph = g.finish();
		expect(costOf(graph)).toMatchObject({ total: 80, batchOfOne: ['x'], unknown: [] });
		expect(batchOfOne(graph).get('x')).toEqual([1, 10]);
		expect(costWith(graph, new Map([['x', [8, 10]]]))).toMatchObject({ total: 640, batchOfOne: [] });
	});

	test('other unknown sizes make a cost unknown, with the node where that began', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [1, -1, -1, 3]);
		const c = g.node('conv', 'Conv2D', ['x', g.random('f', [3, 3, 3, 8])], conv);
		g.node('y', 'Relu', [c], { T });
		const cost = costOf(g.finish());
		expect(cost.total).toBe(0);
		expect(cost.unknown.map(({ name }) => name)).toEqual(['conv', 'y']);
		expect(cost.unknown[1]!.reason).toBe('the shape of its input conv is not fully known; it begins at x');
	});

	test.skipIf(!hasShared)(
		'a call costs what the function does: called or inlined, the model is the same',
		() => {
			const called = costOf(loadGraph('basic_pitch/saved_model.pb'));
			const inlined = costOf(loadGraph('basic_pitch_frozen.pb'));
			expect(called.unknown).toEqual([]);
			expect(called.total / inlined.total).toBeCloseTo(1, 3);
		},
	);

	test.skipIf(!hasShared)('a call is of unknown cost where something in the function is', () => {
		const { unknown } = costOf(loadGraph('mobilenetv2_035_96_tf2_functions.pb'));
		expect(unknown.map(({ reason }) => reason)).toEqual([
			expect.stringMatching(
				/^it calls the function __inference_<lambda>_5213, in which the cost of \d+ nodes is not known, first of .+: .+ not fully known/,
			),
		]);
	});

	/** An If or While over functions that multiply their argument by each of some numbers. */
	const branching = (op: string, factors: Readonly<Record<string, number>>, attrs: Record<string, Attr>) => {
		const g = new GraphBuilder();
		const x = g.placeholder('x', DT_FLOAT, [5]);
		const predicate = g.placeholder('which', DT_BOOL, []);
		g.node('n', op, op === 'While' ? [x] : [predicate, x], {
			Tout: Attr.types([1]),
			T: Attr.types([1]),
			...attrs,
		});
		const bodies = Object.entries(factors).map(([name, times]) => {
			const products = Array.from({ length: times }, (_, i) => {
				const input = i === 0 ? 'x' : `m${i - 1}:z:0`;
				return `node_def {
					name: "m${i}" op: "Mul" input: "${input}" input: "${input}" attr { key: "T" value { type: DT_FLOAT } }
				}`;
			});
			return `function {
				signature {
					name: "${name}"
					input_arg { name: "x" type: DT_FLOAT }
					output_arg { name: "y" type: DT_FLOAT }
				}
				${products.join(' ')}
				ret { key: "y" value: "m${times - 1}:z:0" }
			}`;
		});
		return costOf(g.finish(readTextGraphDef(Buffer.from(`library { ${bodies.join(' ')} }`)).parts));
	};

	test('a branch costs what its branches cost, where that is the same', () => {
		const attrs = { then_branch: Attr.func('on'), else_branch: Attr.func('off') };
		expect(branching('If', { on: 2, off: 2 }, attrs)).toMatchObject({ total: 10, unknown: [] });
		expect(branching('StatelessIf', { on: 2, off: 1 }, attrs)).toMatchObject({
			total: 0,
			unknown: [{ reason: 'which branch it takes is not known: on costs 10 FLOPs, off costs 5 FLOPs' }],
		});
	});

	test('of a loop it is told what one turn costs', () => {
		const attrs = { cond: Attr.func('on'), body: Attr.func('turn') };
		expect(branching('While', { on: 1, turn: 3 }, attrs).unknown).toMatchObject([
			{ reason: 'each turn of turn costs 15 FLOPs, but how many turns it takes is not known' },
		]);
	});

	test('a call of a function is not free', () => {
		const g = new GraphBuilder();
		g.placeholder('x', DT_FLOAT, [1]);
		g.node('call', 'PartitionedCall', ['x'], {
			Tin: Attr.types([1]),
			Tout: Attr.types([1]),
			f: Attr.func('body'),
		});
		expect(costOf(g.finish()).unknown).toEqual([
			{
				name: 'call',
				op: 'PartitionedCall',
				reason: 'it calls the function body, whose body is not counted',
			},
		]);
	});

	test('mtcnn with the shapes that somebody gives', () => {
		const graph = buildMtcnn();
		const cost = costWith(graph, new Map([['pnet/input', [1, 48, 64, 3]]]));
		expect(cost.unknown).toEqual([]);
		expect(cost.total).toBeGreaterThan(costOf(graph).total);
	});
});

test('counts', () => {
	const counts = countsOf(buildMtcnn());
	expect(counts).toMatchObject({
		nodes: 244,
		params: 495860,
		variableParams: 0,
		controlEdges: 0,
		functions: 0,
	});
	expect(Object.entries(counts.ops).slice(0, 3)).toEqual([
		['Const', 58],
		['Identity', 50],
		['Neg', 24],
	]);
});
