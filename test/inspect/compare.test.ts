import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { Node } from '../../src/graph/node.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { encodeShape } from '../../src/graph/tensor-writer.ts';
import { FIXED32, FieldWriter, VARINT } from '../../src/graph/wire.ts';
import { sameAttr } from '../../src/inspect/attr-equality.ts';
import { attrText, nodeText } from '../../src/inspect/attr-text.ts';
import { firstDifference } from '../../src/inspect/compare.ts';

const compare = (actual: string, expected: string): string | undefined =>
	firstDifference(readListing(actual), readListing(expected));

describe('firstDifference', () => {
	it('finds none in another order, with or without port 0, with other controls order and hidden attributes', () => {
		expect(
			compare('a = A\nb = B(a, a:0, ^a, ^c) {_x: 1}\nc = C', 'c = C\nb = B(a:0, a, ^c, ^a) {_y: 2}\na = A'),
		).toBeUndefined();
	});

	it.each([
		['', 'a = A', "Did not find expected node '{{node a}} = A[]()'"],
		['a = A', 'a = B', "Node named 'a' has op 'A' that is not expected 'B'"],
		['a = A @"d"', 'a = A', "Node named 'a' has device 'd' that is not expected ''"],
		['a = A(b, c)', 'a = A(b)', "Node named 'a' has inputs 'b, c' that don't match expected 'b'"],
		['a = A(b, c)', 'a = A(b, d)', "Node named 'a' has input 1 'c' that doesn't match expected 'd'"],
		['a = A(^y, ^y)', 'a = A(^x, ^y)', "Node named 'a' missing expected control input '^x'"],
		['a = A(^y, ^x)', 'a = A(^x, ^x)', "Node named 'a' has unexpected control input '^y'"],
		['a = A', 'a = A {k: 1}', "Node named 'a' missing expected attr 'k' with value: 1"],
		[
			'a = A {k: 2}',
			'a = A {k: 1}',
			"Node named 'a' has attr 'k' with value: 2 that does not match expected: 1",
		],
		['a = A {k: float}', 'a = A', "Node named 'a' has unexpected attr 'k' with value: DT_FLOAT"],
		['a = A\nb = B(a)', 'a = A', "Found unexpected node '{{node b}} = B[](a)'"],
	])('%j against %j', (actual, expected, message) => expect(compare(actual, expected)).toBe(message));
});

describe('text of attributes', () => {
	const text = (value: string): string => attrText(readListing(`a = A {k: ${value}}`).nodes[0]!.attr('k')!);

	it.each([
		['"a\\303\\251"', '"a\\303\\251"'],
		[`"${'x'.repeat(79)}"`, `"${'x'.repeat(79)}"`],
		[`"0123456789${'x'.repeat(70)}"`, '"0123456789...xxxxxxxxxx"'],
		['-3', '-3'],
		['0.333333343', '0.333333343'],
		['true', 'true'],
		['int32_ref', 'DT_INT32_REF'],
		['type(77)', ''],
		['shape[?,3]', '[?,3]'],
		['shape?', '<unknown>'],
		['float[2] 1 2', 'Tensor<type: float shape: [2] values: 1 2>'],
		['[1, 2]', '[1, 2]'],
		['[]', '[]'],
		['&f{n: 3, T: float}', 'f[T=DT_FLOAT, n=3]'],
		['$p', '$p'],
		['none', '<Unknown AttrValue type>'],
	])('%s', (value, shown) => expect(text(value)).toBe(shown));

	it('shortens long lists and adds their fingerprint', () => {
		const items = Array.from({ length: 30 }, (_, i) => i).join(', ');
		expect(text(`[${items}]`)).toMatch(/^\[0, 1, 2, 3, 4, \.\.\., 25, 26, 27, 28, 29\]\{attr_hash=\d+\}$/);
	});

	it('shows a node with its device last', () => {
		const node = readListing('z = Mul(a, ^b) @"/d" {T: float, B: true}').nodes[0]!;
		expect(nodeText(node)).toBe('{{node z}} = Mul[B=true, T=DT_FLOAT, _device="/d"](a, ^b)');
	});

	it('shows a tensor that nobody can decode as its message', () => {
		const attr = Attr.tensorProto(
			new FieldWriter()
				.tag(1, VARINT)
				.varint(1)
				.bytes(2, encodeShape([-1]))
				.finish(),
		);
		expect(nodeText(Node.of({ name: 'a', op: 'A', attrs: { k: attr } }))).toContain(
			'k=<Invalid TensorProto: dtype: DT_FLOAT tensor_shape { dim { size: -1 } }>',
		);
	});
});

describe('equality of tensors', () => {
	const typed = (shape: number[], ...values: number[]) => {
		const writer = new FieldWriter().tag(1, VARINT).varint(DT_FLOAT).bytes(2, encodeShape(shape));
		for (const value of values) writer.tag(5, FIXED32).float(value);
		return Attr.tensorProto(writer.finish());
	};
	const content = (shape: number[], ...values: number[]) =>
		Attr.tensor({ dtype: DT_FLOAT, shape, data: Float32Array.from(values) });

	it('compares values, however they are stored', () => {
		expect(sameAttr(typed([3], 1.5), content([3], 1.5, 1.5, 1.5))).toBe(true);
		expect(sameAttr(content([1], Number.NaN), typed([1], Number.NaN))).toBe(true);
		expect(sameAttr(content([1], 0), content([1], -0))).toBe(false);
		expect(sameAttr(content([2], 1, 2), content([1, 2], 1, 2))).toBe(false);
		expect(sameAttr(content([1], 1), Attr.int(1))).toBe(false);
	});

	it('takes a tensor that cannot be decoded for unequal even to itself', () => {
		const broken = typed([-1], 1);
		expect(sameAttr(broken, broken)).toBe(false);
	});
});
