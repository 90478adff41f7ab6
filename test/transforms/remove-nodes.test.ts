import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { apply, type Ends, listing, wiring } from './apply.ts';

const removed = (transform: string, text: string, ends: Ends = {}): string =>
	wiring(apply(transform, listing(text), ends).graph);

describe('remove_nodes', () => {
	test.each([
		[
			'several readers of one node',
			'add1(add2, add3) add2(id1, id2) add3(id1, c3) id1:Identity(c1) id2:Identity(c2) id3:Identity(c3) c1 c2 c3 add4(add2, add3)',
			'remove_nodes(op=Identity)',
			{ outputs: ['add1'] },
			'add1(add2, add3) add2(c1, c2) add3(c1, c3) c1 c2 c3 add4(add2, add3)',
		],
		[
			'an output stays and draws its input behind itself',
			'c1 c2 add(c1, c2) id:Identity(add)',
			'remove_nodes(op=Identity)',
			{ outputs: ['id'] },
			'c1 c2 id:Identity(add) add(c1, c2)',
		],
		[
			'a chain',
			'c1 id1:Identity(c1) id2:Identity(id1) id3:Identity(id2) c2 add(id3, c2)',
			'remove_nodes(op=Identity)',
			{},
			'c1 c2 add(c1, c2)',
		],
		[
			'two nodes of one name: the one that runs later stands for both',
			'w2:Enter w2:Identity(_5) _5:Identity',
			'remove_nodes(op=Identity, max_inputs=3)',
			{},
			'_5:Identity _5:Identity',
		],
		[
			'a constant and its reader of one name',
			'a25:Relu x54 a25:Identity(x54)',
			'remove_nodes(op=Identity)',
			{},
			'x54 x54',
		],
		[
			'max_inputs beyond all inputs ends at once',
			'c1 id:Identity(c1) r(id)',
			'remove_nodes(op=Identity, max_inputs=2147483647)',
			{},
			'c1 r(c1)',
		],
		[
			'further inputs go as well',
			'c1 c2 c3 c4 fq:FQ(c1, c2, c3) add(fq, c4)',
			'remove_nodes(op=FQ, max_inputs=3)',
			{ outputs: ['add'] },
			'c4 c1 add(c1, c4)',
		],
		[
			'ports and control edges',
			'x k:NoOp s:Split(x) i1:Identity(s:1, ^k) i2:Identity(^k, s) r1(i1, ^i1) r2(i1:0, ^i2, i2)',
			'remove_nodes(op=Identity)',
			{},
			'x k:NoOp s:Split(x) r1(s:1, ^s) r2(s:1, ^s, s)',
		],
		[
			'inputs and outputs with ports',
			'x i1:Identity(x) i2:Identity(i1) i3:Identity(i2) r(i3)',
			'remove_nodes(op=Identity)',
			{ inputs: ['i2:0'], outputs: ['^i3:1', 'r'] },
			'i3:Identity(i2) i2:Identity(x) x r(i3)',
		],
		[
			'any op',
			'x i1:Identity(x) n1:CheckNumerics(i1) i2:Identity(n1) c r(i2, c)',
			'remove_nodes(op="*")',
			{ outputs: ['r'] },
			'x c r(x, c)',
		],
		[
			'one of several ops',
			'x a:Identity(x) b:Neg(a) r(b)',
			'remove_nodes(op="Neg|Identity")',
			{ outputs: ['r'] },
			'x r(x)',
		],
		[
			'a loop',
			'x enter(x) merge:Merge(enter, next) ten(^merge) lt(merge, ten) cond(lt) sw(merge, cond) exit(sw) id:Identity(sw:1) one(^id) add(id, one) idd:Identity(add) next(idd)',
			'remove_nodes(op=Identity)',
			{ inputs: ['x'], outputs: ['exit'] },
			'x enter(x) merge:Merge(enter, next) ten(^merge) lt(merge, ten) cond(lt) exit(sw) sw(merge, cond) one(^sw) add(sw:1, one) next(add)',
		],
	] as const)('%s', (_what, before, transform, ends, after) => {
		expect(removed(transform, before, ends)).toBe(after);
	});

	test.each([
		['remove_nodes(op=FQ, max_inputs=2)', 'c1 c2 fq:FQ(c1, c2) add(fq, c2)'],
		['remove_nodes(op=IdentityN)', 'x i1:IdentityN(x) r(i1:1)'],
		['remove_nodes(op="*")', 'x a:Identity(x) b:Identity(a:1) c:Neg(b, x)'],
	])('%s on %s leaves an input without its node', (transform, text) => {
		expect(() => removed(transform, text)).toThrow(
			'Invalid graph with inputs referring to nonexistent nodes',
		);
	});

	test.each([
		['remove_nodes', "remove_nodes expects at least one 'op'argument, e.g. remove_nodes(op=Identity)"],
		['remove_nodes(op=A, max_inputs=x)', "Couldn't interpret the max_inputs argument as a number:x"],
	])('%s is an error', (transform, message) => {
		expect(() => removed(transform, 'a')).toThrow(message);
	});

	test('a graph with max_inputs below 1 is returned whole', () => {
		const step = apply('remove_nodes(op=Identity, max_inputs=0)', listing('a b:Identity(a)'));
		expect(wiring(step.graph)).toBe('a b:Identity(a)');
		expect(step.notes).toHaveLength(1);
	});

	test('says what it left and why', () => {
		const text = 'x n:NoOp a:Identity(x) b:Identity(x, n) c:Identity(^n) y(a, b, ^c)';
		const { skipped } = apply('remove_nodes(op=Identity)', listing(text), { outputs: ['a'] });
		expect(skipped).toEqual([
			{ node: 'a', reason: 'it is an input or an output', hint: undefined },
			{ node: 'b', reason: 'it has 2 data inputs', hint: 'remove_nodes(op=Identity, max_inputs=2)' },
			{ node: 'c', reason: 'it has no data input', hint: undefined },
		]);
	});

	test('warns where branches lose what tells them apart', () => {
		const branches =
			'p x s:Switch(x, p) t:Identity(s:1) tt:Identity(t) f:Identity(s) u:Identity(x) c(x, ^tt) d(x, ^f) e(t, ^u)';
		const { warnings } = apply('remove_nodes(op=Identity)', listing(branches));
		expect(warnings).toEqual([
			'nodes that waited for `f` ran in one branch of `s` and now run in both, and so with 1 more: verify',
		]);
		const kept = apply('remove_nodes(op=Identity)', listing(branches), { outputs: ['tt', 'f'] });
		expect(kept.warnings).toEqual([]);
		expect(
			apply('remove_nodes(op=Identity)', listing('p x s:Switch(x, p) t:Identity(s:1) c(t)')).warnings,
		).toEqual([]);
	});

	test('a source on a cycle does not stop whittle', () => {
		expect(removed('remove_nodes(op=Identity)', 'a(b) b(a) i:Identity(a) r(i)')).toBe(
			'a(b) b(a) i:Identity(a) r(i)',
		);
	});

	test('an empty name among inputs and outputs is passed over', () => {
		const ends = { inputs: [''], outputs: ['', 'r'] };
		expect(removed('remove_nodes(op=Identity)', 'a i:Identity(a) r(i)', ends)).toBe('a r(a)');
	});

	test('many readers of one node are as quick as many nodes', () => {
		const g = new GraphBuilder();
		const x = g.placeholder('x');
		const count = 30_000;
		for (let i = 0; i < count; i++) g.node(`r${i}`, 'Relu', [g.node(`i${i}`, 'Identity', [x])]);
		const before = g.finish();
		// Every pass takes one reader: a pass that looks at all of them would not end within the test's time.
		const { graph } = apply('remove_nodes(op=Identity)', before);
		expect(graph.nodes).toHaveLength(count + 1);
		expect(graph.nodes.every((node) => node.inputs.every((input) => input === 'x'))).toBe(true);
	});
});
