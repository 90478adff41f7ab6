import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT, DT_HALF, DT_INT64, DT_STRING } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { Node } from '../../src/graph/node.ts';
import type { Tensor, TensorValue } from '../../src/graph/tensor.ts';
import { readSlice } from '../../src/inspect/tensor-slice.ts';
import { tensorStatistics } from '../../src/inspect/tensor-statistics.ts';

function tensor(value: TensorValue): Tensor {
	const g = new GraphBuilder();
	g.constant('c', value);
	return g.finish().node('c')!.tensor!;
}

describe('statistics', () => {
	test('range, mean, deviation, zeros and a histogram that counts everything', () => {
		const found = tensorStatistics(
			tensor({ dtype: DT_FLOAT, shape: [4], data: Float32Array.of(-1, 0, 0, 5) }),
		);
		expect(found).toMatchObject({ dtype: 'float', min: -1, max: 5, zeros: 2, notFinite: 0 });
		expect(found.mean).toBeCloseTo(1);
		expect(found.std).toBeCloseTo(Math.sqrt(5.5));
		expect(found.histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(4);
		expect(found.histogram.at(-1)).toMatchObject({ to: 5, count: 1 });
	});

	test('infinities and NaN are counted, not averaged', () => {
		const data = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 2);
		expect(tensorStatistics(tensor({ dtype: DT_FLOAT, shape: [3], data }))).toMatchObject({
			min: 2,
			max: 2,
			notFinite: 2,
			histogram: [],
		});
	});

	test('half precision, 64-bit integers, strings, nothing at all', () => {
		const half = tensor({ dtype: DT_HALF, shape: [2], data: Uint16Array.of(0x3c00, 0xc000) });
		expect(tensorStatistics(half)).toMatchObject({ min: -2, max: 1 });
		const wide = tensor({ dtype: DT_INT64, shape: [2], data: BigInt64Array.of(-5n, 7n) });
		expect(tensorStatistics(wide)).toMatchObject({ min: -5, max: 7 });
		const text = tensor({ dtype: DT_STRING, shape: [1], data: [Buffer.from('a')] });
		expect(tensorStatistics(text)).toMatchObject({ elements: 1, min: null, mean: null });
		const empty = tensor({ dtype: DT_FLOAT, shape: [0, 3], data: new Float32Array(0) });
		expect(tensorStatistics(empty)).toMatchObject({ elements: 0, min: null, histogram: [] });
	});

	test('a tensor that cannot be decoded says why', () => {
		const broken = Node.of({
			name: 'c',
			op: 'Const',
			attrs: { value: Attr.tensorProto(Uint8Array.of(0x08, 1, 0x12, 4, 0x12, 2, 0x08, 3, 0x22, 1, 0)) },
		});
		expect(tensorStatistics(broken.tensor!).problem).toContain('bytes');
	});
});

describe('slices as in Python', () => {
	// Element [i][j][k] of a [2,3,4] tensor lies at 12 i + 4 j + k.
	test.each<[string, number[], number[]]>([
		['', [2, 3, 4], [...Array(24).keys()]],
		['[1]', [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
		['[1,2,3]', [], [23]],
		['[-1,0,-2]', [], [14]],
		['[:,0,1]', [2], [1, 13]],
		['[0,1:,::2]', [2, 2], [4, 6, 8, 10]],
		['[..., 3]', [2, 3], [3, 7, 11, 15, 19, 23]],
		['[0,5:,0]', [0], []],
	])('%s', (text, shape, offsets) => {
		const slice = readSlice([2, 3, 4], text);
		expect(slice.shape).toEqual(shape);
		expect([...slice.indexes(100)]).toEqual(offsets);
	});

	test.each(['[2]', '[0,0,0,0]', '[a]', '[0,3]', '[::0]'])('%s does not fit', (text) => {
		expect(() => readSlice([2, 3, 4], text)).toThrow(WhittleError);
	});
});
