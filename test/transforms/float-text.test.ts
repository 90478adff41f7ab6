import { describe, expect, test } from 'vitest';
import { parseFloatText } from '../../src/transforms/float-text.ts';

const { fround } = Math;
const MAX = 3.4028234663852886e38;

describe('a 32-bit float out of text', () => {
	test.each([
		['1', 1],
		['-.5e-1', fround(-0.05)],
		['1.', 1],
		['0X1p3', 8],
		['0x.8', 0.5],
		['-0', -0],
		['1e400', Number.POSITIVE_INFINITY],
		['-inf', Number.NEGATIVE_INFINITY],
		['1e-400', 0],
	])('%s', (text, value) => {
		expect(parseFloatText(text)).toBe(value);
	});

	test.each(['', '.', 'e1', '1e', '0x', 'infinit', 'nan(', 'nan(a-b)', '1f', '--1', '0x1p'])(
		'%j is none',
		(text) => {
			expect(parseFloatText(text)).toBeUndefined();
		},
	);

	test.each(['nan', '-nan', 'NaN', 'nan()', 'nan(1)'])('%s is the one NaN', (text) => {
		expect(Object.is(parseFloatText(text), Number.NaN)).toBe(true);
	});

	test.each([
		['half-way is even', '16777217', 16777216],
		['a little above half-way is up', '16777217.0000000000000001', 16777218],
		['a little below half-way is down', '16777218.9999999999999999', 16777218],
		['half-way in hex', '0x1.000001p0', 1],
		['a digit far behind in hex', '0x1.00000100000000000000000001p0', 1 + 2 ** -23],
		['the last before infinity', '3.4028235677973366163753939545814e38', MAX],
		['half-way to infinity', '340282356779733661637539395458142568448', Number.POSITIVE_INFINITY],
		['half of the smallest', '0x1p-150', 0],
		['a little more than that', '0x1.0000000000000000001p-150', 2 ** -149],
	])('rounds once: %s', (_what, text, value) => {
		expect(parseFloatText(text)).toBe(value);
		expect(parseFloatText(`-${text}`)).toBe(-value);
	});
});
