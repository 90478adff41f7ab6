import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = [
	'x = P',
	'size = Const',
	'r = ResizeBilinear(x:0, size) {align_corners: true, half_pixel_centers: true}',
	'w = Const',
	'y = Conv2D(r, w) @"/cpu:0" {T: float, padding: "SAME", strides: [1, 1]}',
].join('\n');

describe('fuse_resize_and_conv', () => {
	test('merges the resize, with paddings of zero', () => {
		expect(applied('fuse_resize_and_conv', GRAPH)).toEqual([
			'x = P',
			'size = Const',
			'w = Const',
			'y_dummy_paddings = Const {dtype: int32, value: int32[4,2] 0 0 0 0 0 0 0 0}',
			'y = FusedResizeAndPadConv2D(x:0, size, y_dummy_paddings, w) ' +
				'{T: float, mode: "REFLECT", padding: "SAME", resize_align_corners: true, strides: [1, 1]}',
		]);
	});

	test('not where a MirrorPad stands between', () => {
		const step = apply(
			'fuse_resize_and_conv',
			GRAPH.replace('y = Conv2D(r', 'p = MirrorPad(r, size)\ny = Conv2D(p'),
		);
		expect(step.graph.nodes.at(-1)!.op).toBe('Conv2D');
		expect(step.notes).toEqual(['no ResizeBilinear of its own stands before a Conv2D']);
	});

	test.each([
		['align_corners', 'align', '`r` (ResizeBilinear) has no attribute `align_corners`'],
		['(x:0, size)', '(x)', '`r` has 1 inputs, not 2'],
	])('without %s, which takes the C++ tool down, it is an error', (what, other, message) => {
		expect(() => apply('fuse_resize_and_conv', GRAPH.replace(what, other))).toThrow(message);
	});
});
