/** Keras applications against TensorFlow's outputs (`test/oracle/record_keras.py`). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { filledApplication, seededFloats } from './keras-weights.ts';

interface Recorded {
	/** Of the image's numbers. */
	readonly range: readonly [number, number];
	/** Of its kernels. */
	readonly gain: number;
	readonly shape: readonly number[];
	/** float32 in base64. */
	readonly output: string;
	readonly inner: Readonly<
		Record<
			string,
			{ readonly shape: readonly number[]; readonly norm: number; readonly samples: readonly number[] }
		>
	>;
}

/** On the relative L2 norm. */
const TOLERANCE = 1e-5;

const recorded = JSON.parse(
	readFileSync(new URL('../data/keras/outputs.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Recorded>>;

function norm(values: ArrayLike<number>): number {
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
	return Math.sqrt(sum);
}

function apart(found: ArrayLike<number>, expected: ArrayLike<number>): number {
	return norm(Float64Array.from(expected, (x, i) => x - found[i]!)) / norm(expected);
}

const floats = (value: TensorValue): Float32Array => value.data as Float32Array;

describe.each(Object.entries(recorded))('%s', (application, { range, gain, shape, output, inner }) => {
	it('gives what TensorFlow gives, at the end and inside, with chains at once and one by one', () => {
		const graph = filledApplication(application, gain);
		const size = graph.node('image')!.attr('shape')!.shape!;
		const feeds = new Map([['image', seededFloats(application, 'image', size, ...range)]]);
		const executor = new Executor(graph);
		const [alone] = executor.run(feeds, ['Identity']);
		const names = Object.keys(inner);
		const [last, ...values] = executor.run(feeds, ['Identity', ...names]);
		executor.dispose();
		const expected = new Float32Array(Uint8Array.from(Buffer.from(output, 'base64')).buffer);
		expect(alone!.shape).toEqual(shape);
		expect(apart(floats(alone!), expected)).toBeLessThanOrEqual(TOLERANCE);
		expect(last!.data).toEqual(alone!.data);
		for (const [i, name] of names.entries()) {
			const found = floats(values[i]!);
			const known = inner[name]!;
			expect(values[i]!.shape, name).toEqual(known.shape);
			expect(Math.abs(norm(found) / known.norm - 1), name).toBeLessThanOrEqual(TOLERANCE);
			const samples = known.samples.map(
				(_, k) => found[Math.floor((k * found.length) / known.samples.length)]!,
			);
			expect(apart(samples, known.samples), name).toBeLessThanOrEqual(TOLERANCE);
		}
	}, 120_000);
});
