import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { apply } from './apply.ts';

function rounded(transform: string, values: readonly number[]): number[] {
	const builder = new GraphBuilder();
	builder.floats('w', values);
	return [...(apply(transform, builder.finish()).graph.node('w')!.tensor!.data as Float32Array)];
}
const times = (count: number, ...values: number[]): number[] => new Array(count).fill(values).flat();
const f = Math.fround;

describe('round_weights', () => {
	test.each([
		['round_weights(num_steps=3)', times(4, 1, 2, 3, 4), times(4, 1.5, 2.5, 3.5, 4.5)],
		['round_weights(num_steps=-2)', times(4, 1, 2, 3, 4), times(4, 0.25, 1.75, 3.25, 3.25)],
		['round_weights(num_steps=0)', times(8, 1, 2), times(16, Number.POSITIVE_INFINITY)],
		['round_weights', times(8, -1, -2), times(8, -0.99609375, f(-1.9960938))],
		['round_weights', times(16, 3), times(16, f(3.0058594))],
		['round_weights', times(16, -3), times(16, f(-2.9941406))],
		['round_weights', times(16, 5e-7), times(16, f(0.00195362))],
		['round_weights', times(16, 0), times(16, f(2.2959e-41))],
	])('%s of %s', (transform, values, expected) => {
		const result = rounded(transform, values);
		expect(result.map((value) => value.toPrecision(6))).toEqual(
			expected.map((value) => value.toPrecision(6)),
		);
	});

	test('NaN goes to the step that x86 has for it', () => {
		expect(rounded('round_weights', [...times(8, 1, 2), Number.NaN])[16]).toBe(-8388607);
	});

	test('fewer than sixteen elements stay, of whatever encoding', () => {
		expect(rounded('round_weights', times(15, 1.23))).toEqual(times(15, f(1.23)));
		expect(apply('round_weights', 'x = P').notes).toEqual(['no float constant has 16 elements or more']);
	});

	test('device and further attributes are lost', () => {
		const graph = 'w = Const @"/cpu:0" {_class: "a", dtype: float, value: float[16] 1}';
		const node = apply('round_weights', graph).graph.node('w')!;
		expect([node.device, [...node.attrs.keys()]]).toEqual(['', ['dtype', 'value']]);
	});

	test('a num_steps that is no number is an error', () => {
		expect(() => rounded('round_weights(num_steps=x)', [1])).toThrow(
			"Couldn't interpret the num_steps argument as a number:x",
		);
	});
});
