/** Ranges by channel. The figures are TensorFlow 2.21's. */
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_QINT8, DT_QINT32, DT_QUINT8 } from '../../src/graph/dtype.ts';

const CODES = [-70000, 1234567, 99999, 3000, -40, -800000, 2e9, -2e9, 5, 6, 7, 8];

/** All outputs of an op on the codes, as [1, 2, 2, 3] unless told. */
function outputs(
	op: string,
	count: number,
	attrs: Readonly<Record<string, Attr>>,
	ends: readonly number[] = [],
	codes = CODES,
	shape = [1, 2, 2, 3],
) {
	const g = new GraphBuilder();
	g.constant('x', { dtype: DT_QINT32, shape, data: Int32Array.from(codes) });
	g.floats('min', [-1, -2, -30]);
	g.floats('max', [1.5, 2, 3]);
	const names = ends.map((end, i) => g.floats(`end${i}`, [end], []));
	g.node('y', op, ['x', 'min', 'max', ...names], {
		T: Attr.type(DT_QINT32),
		Tinput: Attr.type(DT_QINT32),
		...attrs,
	});
	const executor = new Executor(g.finish());
	const tensors = Array.from({ length: count }, (_, i) => `y:${i}`);
	return executor.run(new Map(), tensors).map(({ data }) => Array.from(data as Float32Array));
}

describe('requantizing by channel', () => {
	it('finds the range that is used', () => {
		const range = (clip: number, codes?: number[]) =>
			outputs('RequantizationRangePerChannel', 2, { clip_value_max: Attr.float(clip) }, [], codes);
		expect(range(6)).toEqual([[-1.862645149230957], [1.862645149230957]]);
		expect(range(1e9, CODES.map(Math.abs))).toEqual([[0], [1.862645149230957]]);
		expect(range(0.5)).toEqual([[-0.5], [0.5]]);
	});

	it('has a scale for each channel', () => {
		const codes = (type: number, low: number, high: number) =>
			outputs('RequantizePerChannel', 3, { out_type: Attr.type(type) }, [low, high]);
		expect(codes(DT_QUINT8, -0.01, 0.02)).toEqual([
			[0, 15, 18, 0, 0, 0, 255, 0, 0, 0, 0, 0],
			[-0.009999999776482582],
			[0.019999999552965164],
		]);
		expect(codes(DT_QUINT8, 0, 2)).toEqual([[0, 0, 0, 0, 0, 0, 178, 0, 0, 0, 0, 0], [0], [2]]);
		expect(codes(DT_QINT8, -0.01, 0.02)[0]).toEqual([0, 7, 9, 0, 0, -71, 127, -128, 0, 0, 0, 0]);
	});

	it('refuses what TensorFlow does', () => {
		const attrs = { out_type: Attr.type(DT_QUINT8) };
		expect(() => outputs('RequantizePerChannel', 1, attrs, [0, 1], CODES, [4, 3])).toThrow(
			'cannot run `y` (RequantizePerChannel): its input must have four axes, not 2',
		);
		expect(() => outputs('RequantizePerChannel', 1, attrs, [0, 1], CODES, [1, 2, 3, 2])).toThrow(
			'2 channels have 3 least and 3 greatest values',
		);
	});
});
