import { describe, expect, test } from 'vitest';
import { apply, listing, wiring } from './apply.ts';

const GRAPH = listing('a b:Mul(a, a) c:Mul(b, b) d(c)');

describe('rename_op', () => {
	test('renames one op type', () => {
		const step = apply('rename_op(old_op_name=Mul, new_op_name=Multiply)', GRAPH);
		expect(wiring(step.graph)).toBe('a b:Multiply(a, a) c:Multiply(b, b) d(c)');
	});

	test('has no wildcard, and says so when nothing is of that type', () => {
		const step = apply('rename_op(old_op_name="*", new_op_name="")', GRAPH);
		expect(wiring(step.graph)).toBe('a b:Mul(a, a) c:Mul(b, b) d(c)');
		expect(step.notes).toEqual(['no node is a *']);
	});

	test('wants exactly one of each', () => {
		expect(() => apply('rename_op(old_op_name=a, old_op_name=b, new_op_name=c)', GRAPH)).toThrow(
			"rename_op expects exactly one 'old_op_name' and 'new_op_name' argument, e.g. rename_op(old_op_name=Mul, new_op_name=Multiply)",
		);
	});
});
