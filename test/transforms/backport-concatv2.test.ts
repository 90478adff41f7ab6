import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

describe('backport_concatv2', () => {
	test('the axis comes first', () => {
		const graph =
			'a = P\nb = P\naxis = Const\ny = ConcatV2(a, b:1, axis) @"/cpu:0" {N: 2, T: float, Tidx: int32}';
		expect(applied('backport_concatv2', graph).at(-1)).toBe(
			'y = Concat(axis, a, b:1) @"/cpu:0" {N: 2, T: float}',
		);
	});

	test('a control input comes first, as with the C++ tool, and is warned of', () => {
		const step = apply('backport_concatv2', 'a = P\nb = P\nc = P\nd = P\ny = ConcatV2(c, b, d, ^a)');
		expect(step.graph.node('y')!.inputs).toEqual(['^a', 'c', 'b', 'd']);
		expect(step.warnings).toEqual([expect.stringContaining('`y` has a control input')]);
	});

	test('no input, which takes the C++ tool down, is an error', () => {
		expect(() => apply('backport_concatv2', 'y = ConcatV2')).toThrow('`y` (ConcatV2) has no input');
	});

	test('says that there is none', () => {
		expect(apply('backport_concatv2', 'a = P').notes).toEqual(['there is no ConcatV2 in the graph']);
	});
});
