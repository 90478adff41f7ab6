/** Every runnable published graph against TensorFlow's figures on the same inputs. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { loadGraph } from '../goldens/load-graph.ts';
import { hasShared } from '../shared.ts';
import { type ExpectedOutput, feedsOf, numericGoldens } from './feeds.ts';

/** Of the largest value: what a few elements may be off. */
const TOLERANCE = 1e-5;
/**
 * Graphs that magnify rounding: TensorFlow itself, with and without oneDNN, is 5e-6 and 1e-5 apart there. The cascade
 * crops pieces of noise at places that it computes.
 */
const ILL_CONDITIONED: Readonly<Record<string, number>> = {
	'mtcnn_cascade.pb': 1e-4,
	'mobilenetv2_035_96_tf1_classic.pb': 2e-5,
};

function check(found: TensorValue, expected: ExpectedOutput, tolerance: number): void {
	expect(found.shape).toEqual(expected.shape);
	const values = Array.from(found.data as Float32Array, Number);
	const scale = Math.max(...values.map(Math.abs), 1e-30);
	const first = (expected.v ?? expected.first ?? []).map(Number);
	for (const [i, x] of first.entries())
		expect(Math.abs(values[i]! - x) / scale).toBeLessThanOrEqual(tolerance);
	if (!expected.fp) return;
	const [min, max, mean, norm] = expected.fp as [number, number, number, number];
	const size = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
	expect(Math.abs(size - norm)).toBeLessThanOrEqual(tolerance * Math.max(norm, 1e-30));
	expect(Math.abs(Math.min(...values) - min)).toBeLessThanOrEqual(tolerance * scale);
	expect(Math.abs(Math.max(...values) - max)).toBeLessThanOrEqual(tolerance * scale);
	const average = values.reduce((sum, x) => sum + x, 0) / values.length;
	expect(Math.abs(average - mean)).toBeLessThanOrEqual(tolerance * scale);
}

describe.skipIf(!hasShared)('published graphs', () => {
	for (const golden of hasShared ? numericGoldens() : []) {
		it(golden.graph, () => {
			const executor = new Executor(loadGraph(golden.graph));
			const before = executor.engine.usedBytes;
			const tolerance = ILL_CONDITIONED[golden.graph] ?? TOLERANCE;
			for (let run = 0; run < 2; run++) {
				const found = executor.run(feedsOf(golden), golden.fetch);
				for (const [i, expected] of golden.out!.entries()) check(found[i]!, expected, tolerance);
			}
			executor.dispose();
			expect(executor.engine.usedBytes).toBe(before);
		});
	}
});
