import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const GRAPH = [
	'x = P',
	'size = Const',
	'r = ResizeBilinear(x:0, size) {align_corners: false}',
	'd = Const',
	'p = MirrorPad(r, d:0) {mode: "SYMMETRIC"}',
	'w = Const',
	'y = Conv2D(p, w) @"/cpu:0" {T: float, padding: "SAME", strides: [1, 1]}',
].join('\n');

describe('fuse_resize_pad_and_conv', () => {
	test('merges both', () => {
		expect(applied('fuse_resize_pad_and_conv', GRAPH)).toEqual([
			'x = P',
			'size = Const',
			'w = Const',
			'd = Const',
			'y = FusedResizeAndPadConv2D(x:0, size, d:0, w) ' +
				'{T: float, mode: "SYMMETRIC", padding: "SAME", resize_align_corners: false, strides: [1, 1]}',
		]);
	});

	test('says what stands between', () => {
		const graph = GRAPH.replace('p = MirrorPad(r,', 'i = Identity(r)\np = MirrorPad(i,');
		expect(apply('fuse_resize_pad_and_conv', graph).skipped).toEqual([
			{
				node: 'y',
				reason: 'the first input of `p`, `i`, is an Identity, not a ResizeBilinear',
				hint: 'remove_nodes(op=Identity)',
			},
		]);
	});

	test('two convolutions that share their weights take two runs', () => {
		const second = GRAPH.replace(/^w = .*\n/m, '').replace(/\b(x|size|r|d|p|y)\b/g, '$12');
		const step = apply('fuse_resize_pad_and_conv', `${GRAPH}\n${second}`);
		expect(step.graph.nodes.filter((node) => node.op === 'Conv2D')).toHaveLength(1);
		expect(step.skipped[0]!.hint).toBe('fuse_resize_pad_and_conv');
	});
});
