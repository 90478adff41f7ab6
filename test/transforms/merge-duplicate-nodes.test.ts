import { describe, expect, test } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { Node } from '../../src/graph/node.ts';
import { finish } from '../../src/graph/progress.ts';
import { FieldWriter } from '../../src/graph/wire.ts';
import { NodeHashes } from '../../src/transforms/node-hash.ts';
import { apply, type Ends, wiring } from './apply.ts';

const merged = (text: string, ends: Ends = {}): string => {
	const { graph } = apply('merge_duplicate_nodes', text, ends);
	return graph.nodes
		.map(({ name, inputs }) => name + (inputs.length > 0 ? `(${inputs.join(',')})` : ''))
		.join(' ');
};

const PAIR = `
a = Const
b = Const
ra = Relu(a)
rb = Relu(b)
add = Add(ra, rb)
c = Const {v: 1}
mul = Mul(add, c)`;
const PLACEHOLDERS = 'x = Placeholder {dtype: float}\ny = Placeholder {dtype: float}\na = Add(x, y)';

describe('merge_duplicate_nodes', () => {
	test.each([
		[PAIR, { outputs: ['mul'] }, 'ra(a) add(ra,ra) c a mul(add,c)'],
		[
			`${PAIR.replace('mul =', 'm1 =')}\nm2 = Mul(add, c)\nm3 = Mul(add, c)\nf = Mul(m2, m3)`,
			{ inputs: ['a'], outputs: ['m1', 'f'] },
			'add(ra,rb) ra(a) m2(add,c) a rb(b) c m1(add,c) b f(m2,m2)',
		],
		[PLACEHOLDERS, { inputs: ['x', 'y'], outputs: ['a'] }, 'x y a(x,y)'],
		[PLACEHOLDERS, { inputs: ['x:0', 'y:0'], outputs: ['a:0'] }, 'a(x,x) x'],
		['a = Relu(z) {p: 1}\nb = Relu(z) {q: 1}\nz = Const', {}, 'z a(z)'],
	])('%s', (text, ends, after) => {
		expect(merged(text, ends)).toBe(after);
	});

	test('ops with state stay, and are named', () => {
		const step = apply('merge_duplicate_nodes', 'x = VariableV2\ny = VariableV2\na = Add(x, y)');
		expect(wiring(step.graph)).toContain('Add(x, y)');
		expect(step.skipped).toEqual([
			{ node: 'y', reason: 'it equals `x`, but VariableV2 keeps state', hint: undefined },
		]);
	});

	test('an op that is not registered is an error', () => {
		expect(() => merged('a = Foo')).toThrow(/^Op type not registered 'Foo' in binary running on/);
	});

	test('ports and control edges follow', () => {
		expect(merged('z = Const\na = Split(z)\nb = Split(z)\nr = Add(b:1, a:1, ^b)')).toContain('r(a:1,a:1,^a)');
	});
});

const hex = (hashes: NodeHashes): string =>
	((BigInt(hashes.high[0]!) << 32n) | BigInt(hashes.low[0]!)).toString(16);

describe('the hash of a node', () => {
	const relu = Node.of({
		name: 'foo',
		op: 'Relu',
		inputs: ['a', '^b:0'],
		device: '/cpu:0',
		attrs: { T: Attr.type(1) },
	});

	test.each([
		[Node.of({ name: 'c', op: 'Const' }), [], 'b41df1ab6c392c64'],
		[relu, ['foo'], '86e43f055e414aa0'],
		[relu, [], '8bb9a4b7f7f64f11'],
	])('is the tool’s', (node, named, expected) => {
		expect(hex(finish(NodeHashes.of([node], new Set(named))))).toBe(expected);
	});

	const hashOf = (bytes: Uint8Array): string =>
		hex(
			finish(NodeHashes.of([Node.of({ name: 'n', op: 'Const', attrs: { v: new Attr(bytes) } })], new Set())),
		);

	test.each([
		['a list that is not packed', [0x0a, 4, 0x18, 1, 0x18, 2], [0x0a, 4, 0x1a, 2, 1, 2]],
		['the member set last', [0x18, 1, 0x30, 1], [0x30, 1]],
		['a varint longer than it must be', [0x18, 0x81, 0x00], [0x18, 1]],
		['a boolean 2', [0x28, 2], [0x28, 1]],
		['a tensor with its fields turned round', [0x42, 4, 0x12, 0, 0x08, 1], [0x42, 4, 0x08, 1, 0x12, 0]],
		['a default written out', [0x42, 4, 0x08, 0, 0x12, 0], [0x42, 2, 0x12, 0]],
		[
			'a map entry with its value first',
			[0x52, 9, 0x12, 7, 0x12, 2, 0x18, 1, 0x0a, 1, 0x6b],
			[0x52, 9, 0x12, 7, 0x0a, 1, 0x6b, 0x12, 2, 0x18, 1],
		],
	])('%s counts as its canonical form', (_what, odd, canonical) => {
		expect(hashOf(Uint8Array.from(odd))).toBe(hashOf(Uint8Array.from(canonical)));
	});

	test('attributes of a function count in the order of their names', () => {
		const entry = (key: string, value: number): number[] => [
			0x12,
			7,
			0x0a,
			1,
			key.charCodeAt(0),
			0x12,
			2,
			0x18,
			value,
		];
		const func = (...entries: number[][]): Uint8Array => Uint8Array.from([0x52, 18, ...entries.flat()]);
		expect(hashOf(func(entry('b', 2), entry('a', 1)))).toBe(hashOf(func(entry('a', 1), entry('b', 2))));
		expect(hashOf(func(entry('a', 1), entry('b', 2)))).not.toBe(hashOf(func(entry('a', 2), entry('b', 1))));
	});

	test('an empty shape is not a missing one', () => {
		const tensor = (shape: number[]): Uint8Array =>
			new FieldWriter().bytes(8, Uint8Array.of(0x08, 1, ...shape)).finish();
		expect(hashOf(tensor([0x12, 0]))).not.toBe(hashOf(tensor([])));
	});
});
