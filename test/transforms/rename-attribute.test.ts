import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = 'a = Mul {foo: 1, T: float}\nb = Add {bar: 2, foo: 3}';
const rename = (rest: string): string[] => applied(`rename_attribute(${rest})`, GRAPH);

describe('rename_attribute', () => {
	test('of one op type, or of all', () => {
		expect(rename('old_attribute_name=foo, new_attribute_name=baz, op_name=Mul')).toEqual([
			'a = Mul {T: float, baz: 1}',
			'b = Add {bar: 2, foo: 3}',
		]);
		expect(rename('old_attribute_name=foo, new_attribute_name=baz')).toEqual([
			'a = Mul {T: float, baz: 1}',
			'b = Add {bar: 2, baz: 3}',
		]);
	});

	test('an attribute of the new name wins', () => {
		const step = apply('rename_attribute(old_attribute_name=foo, new_attribute_name=bar)', GRAPH);
		expect(step.graph.node('b')!.attr('bar')!.int).toBe(2);
		expect(step.graph.node('b')!.attrs.has('foo')).toBe(false);
		expect(step.skipped.map((skip) => skip.node)).toEqual(['b']);
	});

	test('only the first op_name counts', () => {
		expect(rename('old_attribute_name=foo, new_attribute_name=x, op_name=Add, op_name=Mul')[0]).toContain(
			'foo',
		);
	});

	test('the same name twice changes nothing, and neither does an unknown one', () => {
		expect(rename('old_attribute_name=foo, new_attribute_name=foo')[0]).toContain('foo: 1');
		const step = apply('rename_attribute(old_attribute_name=q, new_attribute_name=r, op_name=Mul)', GRAPH);
		expect(step.notes).toEqual(['no Mul has an attribute `q`']);
	});

	test('wants exactly one of each name', () => {
		expect(() => rename('old_attribute_name=foo')).toThrow(
			"rename_attribute expects exactly one 'old_attribute_name' and one 'new_attribute_name' argument, e.g. rename_attribute(old_attribute_name=foo, new_attribute_name=bar)",
		);
	});
});
