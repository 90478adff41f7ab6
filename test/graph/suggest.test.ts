import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/graph/suggest.ts';

const words = [
	'remove_nodes',
	'remove_device',
	'fold_constants',
	'fold_batch_norms',
	'undo',
	'find',
	'minimum_size',
];

describe('nearest', () => {
	it('finds slips of the fingers: wrong, missing, and swapped letters, another case', () => {
		expect(nearest('remove_nods', words)[0]).toBe('remove_nodes');
		expect(nearest('fodl_constants', words)[0]).toBe('fold_constants');
		expect(nearest('unod', words)).toEqual(['undo']);
		expect(nearest('FIND', words)).toEqual(['find']);
	});

	it('finds words by a part, and by a shortened form', () => {
		expect(nearest('fold', words)).toEqual(['fold_constants', 'fold_batch_norms']);
		expect(nearest('min_size', words)).toEqual(['minimum_size']);
	});

	it('offers nothing far away', () => {
		expect(nearest('quantize', words)).toEqual([]);
		expect(nearest('', words)).toEqual([]);
		expect(nearest('x', words)).toEqual([]);
	});

	it('gives the nearest first, and no more than asked', () => {
		expect(nearest('ab', ['abc', 'ab', 'abd', 'a'], 2)).toEqual(['ab', 'abc']);
	});
});

describe('didYouMean', () => {
	it('makes a sentence of one, two and three words', () => {
		expect(didYouMean('unddo', words)).toBe('Did you mean undo?');
		expect(didYouMean('fold', words)).toBe('Did you mean fold_constants or fold_batch_norms?');
		expect(didYouMean('ab', ['abc', 'abd', 'abe'])).toBe('Did you mean abc, abd or abe?');
		expect(didYouMean('zzz', words)).toBeUndefined();
	});
});
