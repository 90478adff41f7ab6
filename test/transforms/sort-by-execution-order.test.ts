import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { apply, listing, wiring } from './apply.ts';

const sorted = (text: string): string =>
	apply('sort_by_execution_order', listing(text))
		.graph.nodes.map((node) => node.name)
		.join(' ');

describe('sort_by_execution_order', () => {
	test.each([
		['add(a, b) b a', 'a b add'],
		['neg(sqrt) relu(c) sqrt(relu) c', 'c relu sqrt neg'],
		['add1(add2, add3) add2(c1, c2) add3(c3, c4) c1 c2 c3 c4', 'c4 c3 add3 c2 c1 add2 add1'],
		['add1(add2, add3) add2(c1, c2) add3(c1, c3) c1 c2 c3', 'c3 c2 c1 add3 add2 add1'],
		['c r1(c) r2(c) r3(c:0, ^c) r4(c, c)', 'c r4 r3 r2 r1'],
		['m:Merge(c, c) c r(m)', 'c m r'],
	])('%s → %s', (before, after) => {
		expect(sorted(before)).toBe(after);
	});

	test('a loop is entered through its Merge', () => {
		const loop =
			'x enter(x) merge:Merge(enter, next) lt(merge, ten) ten(^merge) cond(lt) ' +
			'sw(merge, cond) exit(sw) id(sw:1) one(^id) add(id, one) next(add)';
		expect(sorted(loop)).toBe('x enter merge ten lt cond sw id one add next exit');
	});

	test.each([
		['m:Merge(^c) c', '1 nodes in a cycle'],
		['a(b) b(a) c', '2 nodes in a cycle'],
		['a(b, nowhere:1) b', "Node 'a': Unknown input node 'nowhere:1'"],
	])('%s is an error', (text, message) => {
		expect(() => sorted(text)).toThrow(message);
	});

	test('says when there is nothing to do, and keeps nodes whole', () => {
		const step = apply('sort_by_execution_order', listing('a b(a)'));
		expect(step.notes).toEqual(['the nodes are in this order already']);
		expect(wiring(step.graph)).toBe('a b(a)');
	});

	test('takes a chain of any length', () => {
		const g = new GraphBuilder();
		let last = g.placeholder('x');
		for (let i = 0; i < 50_000; i++) last = g.node(`n${i}`, 'Relu', [last]);
		const { graph } = apply('sort_by_execution_order', g.finish());
		expect(graph.nodes.at(-1)!.name).toBe(last);
	});
});
