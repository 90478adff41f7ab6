import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { countsOf } from '../../src/inspect/counts.ts';
import { benchmarkFlops, costOf } from '../../src/inspect/flops.ts';
import { inferShapes } from '../../src/inspect/shapes.ts';

/** What `test/oracle/keras-figures.py` recorded. */
interface Recorded {
	readonly nodes: number;
	readonly params: number;
	readonly flops: number;
	readonly flopsByOp: Readonly<Record<string, number>>;
	readonly shapes: Readonly<Record<string, readonly (readonly number[] | null)[]>>;
}

const folder = new URL('../data/keras/', import.meta.url);
const applications = ['MobileNetV2', 'ResNet50', 'InceptionV3', 'EfficientNetB0', 'DenseNet121'];
const unpacked = (file: string): Buffer => gunzipSync(readFileSync(new URL(file, folder)));

describe.each(applications)('%s', (name) => {
	const graph: Graph = readGraphDef(unpacked(`${name}.pb.gz`));
	const recorded = JSON.parse(unpacked(`${name}.json.gz`).toString('utf8')) as Recorded;
	const cost = costOf(graph);

	test('parameters: those that Keras counts, and the small constants of axes and shapes', () => {
		const weights = graph.nodes.filter(
			(node) => node.op === 'Const' && node.tensor!.dtype === 1 && node.tensor!.shape.length > 0,
		);
		expect(countsOf(graph).nodes).toBe(recorded.nodes);
		const counted = weights.reduce((sum, node) => sum + node.tensor!.elements, 0);
		expect(Math.abs(counted - recorded.params) / recorded.params).toBeLessThan(0.0001);
	});

	test("FLOPs agree with TensorFlow's profiler to 1 %", () => {
		expect(cost.unknown).toEqual([]);
		expect(Math.abs(cost.total - recorded.flops) / recorded.flops).toBeLessThan(0.01);
	});

	test.each(['Conv2D', 'DepthwiseConv2dNative', 'MatMul'])(
		'the FLOPs of all %s are exactly the same',
		(op) => {
			let total = 0;
			graph.nodes.forEach((node, i) => {
				if (node.op === op) total += cost.flops[i]!;
			});
			expect(total).toBe(recorded.flopsByOp[op] ?? 0);
		},
	);

	test("benchmark_model's count is that of these three", () => {
		const { Conv2D = 0, DepthwiseConv2dNative = 0, MatMul = 0 } = recorded.flopsByOp;
		expect(benchmarkFlops(graph, cost)).toBe(Conv2D + DepthwiseConv2dNative + MatMul);
	});

	test('the shape of every output is the one that TensorFlow infers', () => {
		const { shapes } = inferShapes(graph);
		const different = graph.nodes.filter(
			(node, i) => JSON.stringify(shapes[i]) !== JSON.stringify(recorded.shapes[node.name]),
		);
		expect(different.map((node) => `${node.name} (${node.op})`)).toEqual([]);
	});
});
