import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { applied, apply } from './apply.ts';

const FLT_MIN = 2 ** -126;

function quantized(values: readonly number[]): {
	bytes: number[];
	min: number;
	max: number;
	warnings: number;
} {
	const builder = new GraphBuilder();
	builder.floats('w', values, [values.length]);
	const { graph, warnings } = apply('quantize_weights(minimum_size=0)', builder.finish());
	const data = (part: string): number[] => [
		...(graph.node(`w_quantized_${part}`)!.tensor!.data as Uint8Array),
	];
	return { bytes: data('const'), min: data('min')[0]!, max: data('max')[0]!, warnings: warnings.length };
}

describe('quantize_weights', () => {
	test('a constant becomes bytes, a range and a Dequantize of its name', () => {
		const w = 'w = Const(^x) @"/cpu:0" {_class: "a", dtype: float, value: float[2,2] 0 1 2 4}';
		expect(applied('quantize_weights(minimum_size=4)', `x = P\n${w}\ny = Relu(w)`)).toEqual([
			'x = P',
			'w_quantized_const = Const {dtype: quint8, value: quint8[2,2] 0 64 128 255}',
			'w_quantized_min = Const {dtype: float, value: float[] 0}',
			'w_quantized_max = Const {dtype: float, value: float[] 4}',
			'w = Dequantize(w_quantized_const, w_quantized_min, w_quantized_max) {T: quint8, mode: "MIN_FIRST"}',
			'y = Relu(w)',
		]);
	});

	test.each([
		['both signs', [1, 2, 3, 4, 0.1, 0.2, 0.3, 0.4], [0x40, 0x80, 0xbf, 0xff, 6, 0xd, 0x13, 0x1a], 0, 4],
		['negative ones', [-1, -4, -2, -5], [0xcc, 0x33, 0x99, 0], -5, FLT_MIN],
		['all equal', [3, 3], [255, 255], 0, 3],
		['NaN', [Number.NaN, 1, -1], [0, 255, 0], -1, 1],
		['negative zeros', [-0, -0], [0, 0], -0, FLT_MIN],
	])('%s', (_what, values, bytes, min, max) => {
		expect(quantized(values)).toEqual({
			bytes,
			min,
			max,
			warnings: 0 + Number(min === 0 && max === FLT_MIN),
		});
	});

	test.each([
		['zeros', [0, 0], 0, FLT_MIN],
		['nothing', [], 0, FLT_MIN],
		['infinity', [1, Number.POSITIVE_INFINITY], 0, Number.POSITIVE_INFINITY],
		['minus infinity', [1, Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY, 1],
		['a range beyond all floats', [-3e38, 3e38], Math.fround(-3e38), Math.fround(3e38)],
	])('%s: all bytes are 0, and it warns', (_what, values, min, max) => {
		expect(quantized(values)).toEqual({ bytes: values.map(() => 0), min, max, warnings: 1 });
	});

	const sizes = (transform: string): number => {
		const builder = new GraphBuilder();
		for (const size of [0, 1023, 1024]) builder.random(`w${size}`, [size], 1);
		return apply(transform, builder.finish()).graph.nodes.filter((node) => node.op === 'Dequantize').length;
	};

	test.each([
		['quantize_weights', 1],
		['quantize_weights(minimum_size=1023)', 2],
		['quantize_weights(minimum_size=0)', 3],
		['quantize_weights(minimum_size=-1)', 0],
	])('%s takes %i of three', (transform, count) => {
		expect(sizes(transform)).toBe(count);
	});

	const broken = (attrs: Record<string, Attr>): Graph => {
		const builder = new GraphBuilder();
		builder.node('w', 'Const', [], attrs);
		return builder.finish();
	};
	const float = Attr.type(1);

	test.each([
		[
			'no dtype',
			{ value: Attr.tensor({ dtype: 1, shape: [], data: Float32Array.of(1) }) },
			"No 'dtype' attribute for Const node w",
		],
		['no value', { dtype: float }, "No 'value' attribute for Const node w"],
		[
			'a damaged value',
			{ dtype: float, value: Attr.tensorProto(Uint8Array.of(8, 1, 34, 1, 0)) },
			'Decoding Tensor failed for nodew',
		],
	])('%s is an error', (_what, attrs, message) => {
		expect(() => apply('quantize_weights', broken(attrs as Record<string, Attr>))).toThrow(message);
	});

	test('another type than dtype says, which takes the C++ tool down, is an error', () => {
		const value = Attr.tensor({ dtype: 3, shape: [2], data: Int32Array.of(1, 2) });
		expect(() => apply('quantize_weights(minimum_size=1)', broken({ dtype: float, value }))).toThrow(
			'`w` holds int32 values where float is needed',
		);
	});

	test('says how much was saved, or what it looked for', () => {
		const builder = new GraphBuilder();
		builder.random('w', [1024], 1);
		expect(apply('quantize_weights', builder.finish()).notes).toEqual([
			'quantized 1 constant: 3.00 KiB of weights saved',
		]);
		expect(apply('quantize_weights', 'x = P').notes).toEqual(['no float constant has 1024 elements or more']);
	});
});
