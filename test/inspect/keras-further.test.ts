import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { costOf } from '../../src/inspect/flops.ts';
import { inferShapes } from '../../src/inspect/shapes.ts';
import { spell } from './spelled-shapes.ts';

/** What `test/oracle/keras-further.py` recorded: kinds of nodes, and how many of each an application has. */
interface Recorded {
	readonly graph: string;
	readonly shapes: Readonly<Record<string, readonly string[]>>;
	/** What TensorFlow's profiler counts for a node of a kind; 0 where it has no rule. */
	readonly flops: Readonly<Record<string, number>>;
	readonly applications: Readonly<Record<string, Application>>;
}

interface Application {
	readonly params: number;
	readonly flopsByOp: Readonly<Record<string, number>>;
	readonly weights: Readonly<Record<string, number>>;
	readonly counts: Readonly<Record<string, number>>;
}

const recorded = JSON.parse(
	gunzipSync(readFileSync(new URL('../data/keras-further.json.gz', import.meta.url))).toString(),
) as Recorded;
const graph = readGraphDef(Buffer.from(recorded.graph, 'base64'));
const cost = costOf(graph);
const opOf = (kind: string): string => kind.slice(0, kind.indexOf('/'));
const flopsOf = (kind: string): number => cost.flops[graph.position.get(kind)!]!;

test('the shape of every kind of node is the one that TensorFlow infers', () => {
	const { shapes } = inferShapes(graph);
	const got = Object.keys(recorded.shapes).map((kind) => [
		kind,
		shapes[graph.position.get(kind)!]!.map(spell),
	]);
	expect(Object.fromEntries(got)).toEqual(recorded.shapes);
});

/** FLOPs by op type: of all nodes of an application, each kind as often as it is there. */
function totals({ counts }: Application, flops: (kind: string) => number): Record<string, number> {
	const found: Record<string, number> = {};
	for (const [kind, count] of Object.entries(counts))
		found[opOf(kind)] = (found[opOf(kind)] ?? 0) + count * flops(kind);
	return found;
}

const sum = (values: Readonly<Record<string, number>>): number =>
	Object.values(values).reduce((total, value) => total + value, 0);

/** Two an element for the profiler, where a reciprocal root and a squared difference are one here; nothing for functions that it has no rule for. */
const OTHERWISE: ReadonlySet<string> = new Set([
	...['Rsqrt', 'SquaredDifference'],
	...['Erfc', 'Relu', 'Relu6', 'Sigmoid', 'Sqrt'],
]);
/** Of a small network with many activations more. */
const MOST: Readonly<Record<string, number>> = { MobileNetV3Small: 1.1 };

describe.each(Object.entries(recorded.applications))('%s', (name, application) => {
	const ours = totals(application, flopsOf);
	const theirs = application.flopsByOp;

	test('what is recorded of its nodes is what the profiler counted in all', () => {
		const kinds = totals(application, (kind) => recorded.flops[kind]!);
		for (const [op, flops] of Object.entries(kinds)) expect([op, flops]).toEqual([op, theirs[op] ?? 0]);
	});

	test('parameters: those that Keras counts, and the constants that scale its input', () => {
		let weights = 0;
		for (const [shape, count] of Object.entries(application.weights))
			if (shape !== '')
				weights += count * shape.split(',').reduce((product, size) => product * Number(size), 1);
		expect(Math.abs(weights - application.params) / application.params).toBeLessThan(0.0001);
	});

	test('convolutions and matrix products cost exactly the same', () => {
		for (const op of ['Conv2D', 'DepthwiseConv2dNative', 'MatMul'])
			expect([op, ours[op] ?? 0]).toEqual([op, theirs[op] ?? 0]);
	});

	test('so does all but the ops that docs/flops.md names', () => {
		const differing = Object.keys({ ...ours, ...theirs }).filter(
			(op) => (ours[op] ?? 0) !== (theirs[op] ?? 0),
		);
		expect(differing.filter((op) => !OTHERWISE.has(op))).toEqual([]);
	});

	test(`the total agrees to ${MOST[name] ?? 1} %`, () => {
		expect(cost.unknown).toEqual([]);
		expect((100 * Math.abs(sum(ours) - sum(theirs))) / sum(theirs)).toBeLessThan(MOST[name] ?? 1);
	});
});
