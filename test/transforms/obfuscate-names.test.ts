import { describe, expect, test } from 'vitest';
import { apply, type Ends, listing, wiring } from './apply.ts';

const obfuscated = (text: string, ends: Ends): string =>
	wiring(apply('obfuscate_names', listing(text), ends).graph);
const GRAPH = 'x c a(x, c) b(a:0, ^x)';

describe('obfuscate_names', () => {
	test.each([
		[{ inputs: ['x'], outputs: ['b'] }, 'x 0 1(x, 0) b(1:0, ^x)'],
		[{ inputs: ['x:0'], outputs: ['b:0'] }, '0 1 2(0, 1) 3(2:0, ^0)'],
		[{ inputs: ['0'], outputs: ['1'] }, '2 3 4(2, 3) 5(4:0, ^2)'],
	])('%j', (ends, after) => {
		expect(obfuscated(GRAPH, ends)).toBe(after);
	});

	test('counts in base 62 past names that are kept', () => {
		const text = Array.from({ length: 3900 }, (_, i) => `${i + 10}`).join(' ');
		const { graph } = apply('obfuscate_names', listing(text), { inputs: ['10'], outputs: ['19'] });
		const names = graph.nodes.map((node) => node.name);
		expect(names.slice(0, 13)).toEqual(['10', '0', '1', '2', '3', '4', '5', '6', '7', '19', '8', '9', 'a']);
		// Two of the numbers are taken, and so are the texts `10` and `19`: number 3844 stands two places on.
		expect(names[3844 + 2 - 2]).toBe('100');
	});

	test('an input that names no node is an error; a port in a name is a warning', () => {
		expect(() => obfuscated('a(b)', {})).toThrow('No node named b for input to a');
		expect(apply('obfuscate_names', listing(GRAPH), { inputs: ['x:0'] }).warnings).toEqual([
			"`x:0` keeps no node's name: names are compared without ports",
		]);
	});
});
