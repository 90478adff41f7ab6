/** A law of the declarations: exact transforms leave every output equal to the bit, numeric ones up to rounding. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareValues, within } from '../../src/evaluate/compare-values.ts';
import { Executor } from '../../src/evaluate/executor.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { randomGraph } from './random-graph.ts';

const ends = { inputs: ['x', 'y'], outputs: ['out0', 'out1'] };

function run(graph: Graph, seed: number): TensorValue[] {
	const random = mulberry32(seed);
	const value = (): TensorValue => ({
		dtype: DT_FLOAT,
		shape: [3, 4],
		data: Float32Array.from({ length: 12 }, () => 2 * random() - 1),
	});
	const executor = new Executor(graph);
	try {
		return executor.run(
			new Map([
				['x', value()],
				['y', value()],
			]),
			ends.outputs,
		);
	} finally {
		executor.dispose();
	}
}

function transformed(graph: Graph, text: string): Graph {
	let at = graph;
	for (const { name, params } of parseTransforms(text))
		at = runTransform(at, transformByName(name)!, params, ends).graph;
	return at;
}

const EXACT = [
	'add_default_attributes',
	'remove_nodes(op=Identity)',
	'merge_duplicate_nodes',
	'sort_by_execution_order',
	'strip_unused_nodes',
	'remove_device',
	'backport_concatv2',
	'remove_nodes(op=Identity) merge_duplicate_nodes sort_by_execution_order',
];
const NUMERIC = [
	'fold_constants(ignore_errors=true)',
	'fold_batch_norms',
	'fold_constants(ignore_errors=true) fold_batch_norms',
];

describe('transforms on random graphs', () => {
	for (const [chains, tolerance] of [
		[EXACT, 0],
		[NUMERIC, 1e-5],
	] as const) {
		for (const chain of chains) {
			it(`${chain}: ${tolerance === 0 ? 'equal bits' : 'equal up to rounding'}`, () => {
				fc.assert(
					fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 25 }), (seed, size) => {
						const graph = randomGraph(seed, size);
						const before = run(graph, seed);
						const after = run(transformed(graph, chain), seed);
						for (const [i, value] of before.entries()) {
							const difference = compareValues(value, after[i]!);
							expect(within(difference, tolerance), JSON.stringify(difference)).toBe(true);
						}
					}),
					{ numRuns: 25 },
				);
			});
		}
	}
});
