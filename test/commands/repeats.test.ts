import { describe, expect, test } from 'vitest';
import { repeats } from '../../src/commands/repeats.ts';

const told = (text: string): string[] =>
	repeats([...text]).map(({ start, length, times }) =>
		times > 1 ? `${times}(${text.slice(start, start + length)})` : text[start]!,
	);

describe('sequences that come again', () => {
	test('stand once', () => {
		expect(told('xabcabcabcy')).toEqual(['x', '3(abc)', 'y']);
		expect(told('abababab')).toEqual(['4(ab)']);
	});

	test('of two that are possible the one that saves more', () => {
		expect(told('aabaab')).toEqual(['2(aab)']);
	});

	test('end where the last of them ends', () => {
		expect(told('zabczabczy')).toEqual(['z', '2(abcz)', 'y']);
	});

	test('not what comes only once, or only begins again', () => {
		expect(told('abcab')).toEqual(['a', 'b', 'c', 'a', 'b']);
		expect(told('')).toEqual([]);
	});
});
