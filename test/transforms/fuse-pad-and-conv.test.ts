import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = [
	'x = P',
	'd = Const',
	'p = MirrorPad(x:0, d:0) {mode: "SYMMETRIC"}',
	'w = Const',
	'y = Conv2D(p, w) @"/cpu:0" {T: float, padding: "SAME", strides: [1, 1], data_format: "NHWC"}',
].join('\n');

describe('fuse_pad_and_conv', () => {
	test('merges the padding; device and data_format are lost', () => {
		expect(applied('fuse_pad_and_conv', GRAPH)).toEqual([
			'w = Const',
			'x = P',
			'd = Const',
			'y = FusedPadConv2D(x:0, d:0, w) {T: float, mode: "SYMMETRIC", padding: "SAME", strides: [1, 1]}',
		]);
	});

	test('puts the match back breadth first where somebody else reads the padded image', () => {
		const step = apply('fuse_pad_and_conv', `${GRAPH}\nr = Relu(p)`);
		expect(step.graph.nodes.map((node) => node.name)).toEqual(['y', 'p', 'w', 'x', 'd', 'r']);
		expect(step.skipped).toEqual([{ node: 'y', reason: '`p` has another reader, `r`', hint: undefined }]);
		expect(step.notes).toEqual(['no MirrorPad of its own stands before a Conv2D']);
	});

	test('an attribute that is missing, which takes the C++ tool down, is an error', () => {
		expect(() => apply('fuse_pad_and_conv', GRAPH.replace('mode', 'node'))).toThrow(
			'`p` (MirrorPad) has no attribute `mode`',
		);
	});

	test('warns of what the fused op does not have', () => {
		const graph = GRAPH.replace('"NHWC"', '"NCHW", dilations: [1, 2, 2, 1]');
		expect(apply('fuse_pad_and_conv', graph).warnings).toEqual([
			'`y` is NCHW; the fused op works on NHWC alone',
			'`y` has dilations, which the fused op does not have',
		]);
	});

	test('a Pad is no MirrorPad', () => {
		expect(applied('fuse_pad_and_conv', GRAPH.replace('MirrorPad', 'Pad'))).toHaveLength(5);
	});
});
