import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { Engine } from '../../src/ops/engine/engine.ts';

type Bits = Readonly<Record<string, readonly number[]>>;

/** Bits of floats, and of what TensorFlow's ops made of them (`test/oracle/record_curves.py`). */
const recorded = JSON.parse(readFileSync(new URL('../data/curves.json', import.meta.url), 'utf8')) as {
	readonly packets: Bits;
	/** Of seven values: fewer than TensorFlow computes at a time. */
	readonly leftover: Bits;
};
const ops = Object.keys(recorded.packets).filter((name) => name !== 'inputs');

const floats = (bits: readonly number[]): Float32Array => new Float32Array(Uint32Array.from(bits).buffer);

function run(op: string, engine: Engine, data: Float32Array, shape: readonly number[]): Float32Array {
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, shape);
	g.node('y', op, ['x'], { T: FLOAT });
	const executor = new Executor(g.finish(), { engine });
	const [y] = executor.run(new Map([['x', { dtype: DT_FLOAT, shape, data }]]), ['y']);
	executor.dispose();
	return y!.data as Float32Array;
}

describe.each(['wasm', 'script'] as const)('%s', (kind) => {
	const engine = Engine[kind]()!;

	it.each(ops)('%s has the bits of TensorFlow, for whole packets and for what is left over', (op) => {
		for (const { inputs, [op]: outputs } of [recorded.packets, recorded.leftover]) {
			const x = floats(inputs!);
			const wanted = floats(outputs!);
			for (const [i, value] of run(op, engine, x, [x.length]).entries())
				expect(value, `of ${x[i]}`).toBe(wanted[i]);
		}
	});
});

describe('softmax', () => {
	const engines = [Engine.wasm()!, Engine.script()] as const;

	it('sums to one in every row, with the same bits on both engines', () => {
		for (const size of [1, 2, 3, 4, 7, 33, 1001]) {
			const x = Float32Array.from({ length: 5 * size }, (_, i) => Math.sin(i * 3.7) * 20);
			const [found, other] = engines.map((engine) => run('Softmax', engine, x, [5, size]));
			expect(other).toEqual(found);
			for (let row = 0; row < 5; row++) {
				const values = found!.subarray(row * size, (row + 1) * size);
				expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
			}
		}
	});

	it('knows rows without an answer', () => {
		for (const engine of engines) {
			const infinity = Number.POSITIVE_INFINITY;
			const x = Float32Array.of(Number.NaN, 1, 2, -infinity, 0, -infinity, infinity, 0, 0);
			expect([...run('Softmax', engine, x, [3, 3])]).toEqual([
				Number.NaN,
				Number.NaN,
				Number.NaN,
				0,
				1,
				0,
				Number.NaN,
				Number.NaN,
				Number.NaN,
			]);
		}
	});
});
