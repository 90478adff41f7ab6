import { expect, test } from 'vitest';
import { apply, listing, wiring } from './apply.ts';

test('remove_control_dependencies drops control inputs and nothing else', () => {
	const step = apply('remove_control_dependencies', listing('a n:NoOp b(a, ^n, a:1, ^a) c(^n)'));
	expect(wiring(step.graph)).toBe('a n:NoOp b(a, a:1) c:Relu');
	expect(step.changes.changed).toEqual(['b', 'c']);
});

test('remove_control_dependencies says when there are none', () => {
	const step = apply('remove_control_dependencies', listing('a b(a)'));
	expect(step.notes).toEqual(['no node has a control input']);
	expect(step.changes.changed).toEqual([]);
});
