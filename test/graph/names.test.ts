import { describe, expect, test } from 'vitest';
import { canonicalInput, inputParts, parseTensorId, sourceOf } from '../../src/graph/names.ts';

describe('the split parser', () => {
	test.each([
		['a', '', 'a', '', 'a:0'],
		['a:0', '', 'a', ':0', 'a:0'],
		['^a', '^', 'a', '', '^a:0'],
		['^a:99', '^', 'a', ':99', '^a:99'],
		['a:1:2', '', 'a', ':1', 'a:1'],
		['a:', '', 'a', ':', 'a:'],
		['^^a', '^', '^a', '', '^^a:0'],
		[':0', '', '', ':0', ':0'],
		['s/t:*', '', 's/t', ':*', 's/t:*'],
	])('%s', (input, prefix, name, suffix, canonical) => {
		expect(inputParts(input)).toEqual({ prefix, name, suffix });
		expect(sourceOf(input)).toBe(name);
		expect(canonicalInput(input)).toBe(canonical);
	});
});

describe('the tensor-id parser', () => {
	test.each([
		['x', 'x', 0],
		['x:3', 'x', 3],
		['^x', 'x', -1],
		['a:b:2', 'a:b', 2],
		[':2', ':2', 0],
		['x:', 'x:', 0],
		['^x:1', '^x', 1],
	])('%s', (text, name, port) => {
		expect(parseTensorId(text)).toEqual({ name, port });
	});
});
