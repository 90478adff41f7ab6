import { describe, expect, test } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { finish } from '../../src/graph/progress.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { findMatches } from '../../src/transforms/match.ts';
import { parsePattern } from '../../src/transforms/pattern.ts';
import { type Generator, type ReplaceOptions, replaceMatches } from '../../src/transforms/replace-matches.ts';
import { listing, wiring } from './apply.ts';

const matched = (graph: string, pattern: string): string[] =>
	finish(findMatches(readListing(listing(graph)), parsePattern(pattern))).map((match) =>
		match.nodes.map((node) => node.name).join(' '),
	);

describe('a pattern', () => {
	test('has a line for each node and names for some', () => {
		const { nodes, roles } = parsePattern('Mul  mul\n  Conv2D|MatMul\n    *\n    Const  w\n  Const');
		expect(nodes.map(({ label, inputs }) => [label, inputs])).toEqual([
			['Mul', [1, 4]],
			['Conv2D|MatMul', [2, 3]],
			['*', []],
			['Const', []],
			['Const', []],
		]);
		expect([...roles]).toEqual([
			['mul', 0],
			['w', 3],
		]);
	});

	test('has one head', () => {
		expect(() => parsePattern('Mul\nAdd')).toThrow('one head');
	});
});

describe('matches', () => {
	const sums = 'a b add:Add(a, b) x:Placeholder output:Mul(add, x)';

	test.each([
		['a leaf leaves its inputs open', sums, 'Const', ['b', 'a']],
		['leaves are claimed', sums, '*\n  *\n  *', ['add a b']],
		['one of several ops', sums, 'Add|Mul', ['add', 'output']],
		['one node twice', 'a add:Add(a, a)', 'Add\n  Const\n  Const', ['add a']],
		['the order of inputs counts', 'a x:Relu(a) m:Mul(a, x)', 'Mul\n  Relu\n  Const', []],
		['control inputs do not', 'a c m:Mul(a, ^c, a)', 'Mul\n  *\n  *', ['m a']],
		['the last reader of a node comes first', 'x:P r1(x) r2(x)', 'Relu\n  P', ['r2 x']],
		['breadth first', 'd b(d) c(d) a:Add(b, c)', 'Add\n  Relu\n    *\n  Relu\n    *', ['a b c d']],
		['a node in a cycle has no place', 'a r(a) s(t) t(s)', 'Relu', ['r']],
		['an input without a node', 'a r(a) s(nowhere)', 'Relu', []],
		['no head', sums, 'Conv2D', []],
	])('%s', (_what, graph, pattern, expected) => {
		expect(matched(graph, pattern)).toEqual(expected);
	});
});

describe('replacing', () => {
	const pattern = parsePattern('Mul  mul\n  Relu  relu\n  Const  c');
	const replaced = (graph: Graph, generate: Generator, options?: ReplaceOptions) =>
		finish(replaceMatches(graph, pattern, generate, options));
	const graph = readListing(listing('a b r(a) c m:Mul(r, c) z:Neg(b)'));

	test('puts the new nodes in the place of the head', () => {
		const { graph: after, matches } = replaced(graph, (match) => [
			match.node('c'),
			match.head.with({ op: 'Neg', inputs: ['c'] }),
		]);
		expect(wiring(after)).toBe('a b c m:Neg(c) z:Neg(b)');
		expect(matches).toHaveLength(1);
	});

	const shared = readListing(listing('s(r) a r(a) c m:Mul(r, c)'));

	test('puts the match back where somebody else reads what would vanish', () => {
		const { graph: after, rolledBack } = replaced(shared, (match) => [match.head]);
		expect(wiring(after)).toBe('s(r) a m:Mul(r, c) r(a) c');
		expect(rolledBack).toEqual([{ head: 'm', node: 'r', reader: 's' }]);
	});

	test('or not, when told so', () => {
		const loose = { allowInconsistencies: true };
		const { graph: after, rolledBack } = replaced(shared, (match) => [match.head], loose);
		expect(wiring(after)).toBe('s(r) a m:Mul(r, c)');
		expect(rolledBack).toEqual([]);
	});

	test('passes heads over', () => {
		const { matches } = replaced(graph, () => [], { except: new Set(['m']) });
		expect(matches).toEqual([]);
	});
});
