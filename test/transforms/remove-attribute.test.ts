import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = 'a = Mul {bar: 2, foo: 1}\nb = Add {bar: 2, bob: 3, foo: 1}';

describe('remove_attribute', () => {
	test.each(['', ', op_name="*"'])('from all nodes (%s)', (rest) => {
		expect(applied(`remove_attribute(attribute_name=foo${rest})`, GRAPH)).toEqual([
			'a = Mul {bar: 2}',
			'b = Add {bar: 2, bob: 3}',
		]);
	});

	test('from one op type', () => {
		expect(applied('remove_attribute(attribute_name=foo, op_name=Mul)', GRAPH)).toEqual([
			'a = Mul {bar: 2}',
			'b = Add {bar: 2, bob: 3, foo: 1}',
		]);
	});

	test('nodes without it are the same values, and a graph without it is said', () => {
		const step = apply('remove_attribute(attribute_name=nosuch)', GRAPH);
		expect(step.changes).toEqual({ added: [], removed: [], changed: [] });
		expect(step.notes).toEqual(['no node has an attribute `nosuch`']);
	});

	test.each([
		[
			'()',
			"remove_attribute expects exactly one 'attribute_name' argument, e.g. remove_attribute(op_name=Mul, attribute_name=foo)",
		],
		[
			'(attribute_name=a, op_name=b, op_name=c)',
			'remove_attribute expects a single op_name argument, but found 2',
		],
	])('%s is an error', (parameters, message) => {
		expect(() => apply(`remove_attribute${parameters}`, GRAPH)).toThrow(message);
	});
});
