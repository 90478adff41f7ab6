import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder, INT32 } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_INT32 } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { Graph as GraphValue } from '../../src/graph/graph.ts';
import { functionBody } from '../../src/inspect/function-body.ts';
import { batchOfOne, shapesFor } from '../../src/inspect/output-shapes.ts';
import { inferShapes } from '../../src/inspect/shapes.ts';
import { loadGraph } from '../goldens/load-graph.ts';
import { hasShared } from '../shared.ts';
import { knowsLess, spell } from './spelled-shapes.ts';

/** Where whittle knows less than TensorFlow: `graph node:port`. The list may only shrink. */
const LOOKUP_GRADIENT =
	'tb_linear_estimator_train.pbtxt gradients/linear/linear/language/language_weights/embedding_lookup_sparse/embedding_lookup_grad';
const UNKNOWN_TO_WHITTLE: readonly string[] = [
	`${LOOKUP_GRADIENT}/Reshape:0`,
	`${LOOKUP_GRADIENT}/Reshape_1:0`,
];

const recorded = JSON.parse(
	gunzipSync(readFileSync(new URL('../data/shapes.json.gz', import.meta.url))).toString(),
) as Record<string, string[][]>;

/** A whole graph, or the body of one of its functions. */
function partOf(graph: Graph, name: string | undefined): { graph: Graph; skip: number } {
	const definition = name === undefined ? undefined : graph.functions.get(name);
	if (!definition) return { graph, skip: 0 };
	const body = functionBody(definition, graph.functions);
	return { graph: new GraphValue(body.nodes, graph.parts), skip: body.argumentCount };
}

const paths = Object.keys(recorded);

describe.skipIf(!hasShared)('shapes of published graphs', () => {
	const unknown: string[] = [];
	it.each(paths)('%s: as TensorFlow infers them', (path) => {
		const [file, name] = path.split('#');
		const { graph, skip } = partOf(loadGraph(file!), name);
		const { shapes } = inferShapes(graph);
		const wrong: string[] = [];
		recorded[path]!.forEach((want, position) => {
			if (position < skip) return;
			want.forEach((shape, port) => {
				const got = spell(shapes[position]?.[port]);
				const where = `${path} ${graph.nodes[position]!.name}:${port}`;
				if (got === shape) return;
				if (knowsLess(got, shape)) unknown.push(where);
				else wrong.push(`${where} is [${shape}], not [${got}]`);
			});
		});
		expect(wrong).toEqual([]);
	});

	it.each(paths.filter((path) => !path.includes('#')))('%s: the short ways know the same', (path) => {
		const graph = loadGraph(path);
		const inputs = batchOfOne(graph);
		const declared = inferShapes(graph);
		const example = inferShapes(graph, { inputs });
		expect(inferShapes(graph, { like: example }).shapes).toEqual(declared.shapes);
		expect(inferShapes(graph, { like: declared, inputs })).toMatchObject({
			shapes: example.shapes,
			problems: example.problems,
		});
		const some = declared.shapes.map((_, position) => position).filter((position) => position % 97 === 0);
		for (const position of some)
			expect(shapesFor(graph, [position]).shapes[position]).toEqual(declared.shapes[position]);
	});

	it('and few stay unknown that TensorFlow knows', () => {
		expect(unknown).toEqual(UNKNOWN_TO_WHITTLE);
	});
});

describe('inferShapes', () => {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [-1, 4]);
	g.floats('w', new Array<number>(8).fill(1), [4, 2]);
	g.node('y', 'MatMul', ['x', 'w'], { T: FLOAT });
	g.node('s', 'Shape', ['y'], { T: FLOAT, out_type: INT32 });
	g.ints('two', 2);
	g.node('bad', 'MatMul', ['w', 'w'], { T: FLOAT });
	g.node('twice', 'Mul', ['s', 's'], { T: Attr.type(DT_INT32) });
	const graph = g.finish();

	it('knows shapes, dtypes and where the unknown began', () => {
		const table = inferShapes(graph);
		expect(table.of('y')).toEqual([-1, 2]);
		expect(table.of('s')).toEqual([2]);
		expect(table.dtypeOf('s')).toBe(DT_INT32);
		expect(table.originOfUnknown('y')).toBe('x');
		expect(table.originOfUnknown('s')).toBeUndefined();
		expect(table.of('nosuch')).toBeUndefined();
	});

	it('takes shapes for its inputs, and says what does not fit', () => {
		const table = inferShapes(graph, { inputs: new Map([['x', [3, 4]]]) });
		expect(table.of('y')).toEqual([3, 2]);
		expect(table.problems).toEqual([{ node: 'bad', message: 'Dimensions must be equal, but are 2 and 4' }]);
	});

	it('goes through 100,000 nodes in a chain at once', () => {
		const long = new GraphBuilder();
		let last = long.placeholder('x', DT_FLOAT, [2, 3]);
		for (let i = 0; i < 100_000; i++) last = long.node(`n${i}`, 'Relu', [last], { T: FLOAT });
		const start = performance.now();
		expect(inferShapes(long.finish()).of(last)).toEqual([2, 3]);
		expect(performance.now() - start).toBeLessThan(5000);
	});
});
