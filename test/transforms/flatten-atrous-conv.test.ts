import { describe, expect, test } from 'vitest';
import { applied, apply } from './apply.ts';

const ATTRS =
	'{T: float, data_format: "NHWC", padding: "VALID", strides: [1], use_cudnn_on_gpu: true, dilations: [1]}';
const GRAPH = [
	'x = P',
	'bs = Const {dtype: int32, value: int32[2] 2 3}',
	'pads = Const',
	's2b = SpaceToBatchND(x:1, bs, pads)',
	'w = Const {dtype: float, value: float[2,2,1,1] 1 2 3 4}',
	`conv = Conv2D(s2b, w) @"/cpu:0" ${ATTRS}`,
	'bs2 = Const',
	'crops = Const',
	'y = BatchToSpaceND(conv, bs2, crops)',
].join('\n');

describe('flatten_atrous_conv', () => {
	test('one convolution with zeros in its filter; the port of its input is lost', () => {
		expect(applied('flatten_atrous_conv', GRAPH)).toEqual([
			'x = P',
			'w = Const {dtype: float, value: float[3,4,1,1] 1 0 0 2 0 0 0 0 3 0 0 4}',
			'y = Conv2D(x, w) @"/cpu:0" {T: float, data_format: "NHWC", padding: "SAME", strides: [1], use_cudnn_on_gpu: true}',
		]);
	});

	test('a depthwise one has no use_cudnn_on_gpu', () => {
		const graph = GRAPH.replace('Conv2D(', 'DepthwiseConv2dNative(').replace(', use_cudnn_on_gpu: true', '');
		expect(apply('flatten_atrous_conv', graph).graph.node('y')!.op).toBe('DepthwiseConv2dNative');
	});

	test('a block that somebody else reads puts the match back', () => {
		const step = apply('flatten_atrous_conv', `${GRAPH}\nr = Relu(bs)`);
		const names = step.graph.nodes.map((node) => node.name).join(' ');
		expect(names).toBe('y conv bs2 crops s2b w x bs pads r');
		expect(step.skipped[0]!.reason).toBe('`bs` has another reader, `r`');
	});

	test('a filter that somebody else reads is widened, with a warning', () => {
		const step = apply('flatten_atrous_conv', `${GRAPH}\nr = Relu(w)`);
		expect(step.graph.node('w')!.tensor!.shape).toEqual([3, 4, 1, 1]);
		expect(step.warnings).toEqual(['`r` reads `w` too and gets it widened']);
	});

	test.each([
		[
			'a block that is no Const',
			'bs = Const {dtype: int32, value: int32[2] 2 3}',
			'bs = P',
			'`bs` (P) has no value',
		],
		['a block of one size', 'int32[2] 2 3', 'int32[1] 2', '`bs` is no block of two sizes above 0'],
		['a block of long integers', 'int32[2]', 'int64[2]', '`bs` holds int64 values where int32 is needed'],
		['a filter of rank 2', 'float[2,2,1,1]', 'float[2,2]', 'not four dimensions'],
		['no strides', 'strides', 'steps', '`conv` (Conv2D) has no attribute `strides`'],
	])('%s, which takes the C++ tool down, is an error', (_what, part, other, message) => {
		expect(() => apply('flatten_atrous_conv', GRAPH.replace(part, other))).toThrow(message);
	});

	test('a filter beyond all memory is an error', () => {
		const graph = GRAPH.replace('int32[2] 2 3', 'int32[2] 2000000000 2000000000');
		expect(() => apply('flatten_atrous_conv', graph)).toThrow('too many to compute with');
	});
});
