import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_COMPLEX64, DT_HALF, DT_INT64, DT_STRING } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { Graph } from '../../src/graph/graph.ts';
import { listAttr, listGraph, listNode } from '../../src/graph/listing.ts';
import { Node } from '../../src/graph/node.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { firstDifference } from '../../src/inspect/compare.ts';

const listing = `x = Placeholder {dtype: float, shape: shape[?,4]}
w = Const {dtype: float, value: float[2,2] 1 2 3 4.5}
"odd name" = "My Op"(x, w:1, ^x) @"/cpu:0"
y = MatMul(x, w:0, ^x) @"/cpu:0" {T: float, f: 2.0, i: -3, s: "a\\n\\303\\251", t: true, u: shape?, v: type(99)}
l = L {a: [1, 2], b: [], c: ["x", "y"], d: [0.5, -inf], e: [float, int32_ref], f: [shape[1,2], shape?], g: [true, false]}
f = F {f: &body{T: float, n: 3}, p: $hold, q: none, z: float[2,0]}
c = Const {value: complex64[2] (1,2) (0,-1)}
h = Const {value: half[3] 0.5 1 nan}
s = Const {value: string[2] "a" "\\000"}
b = Const {value: bool[2] true false}
i = Const {value: int64[] -9223372036854775808}
`;

describe('the one-line-a-node notation', () => {
	it('reads back what it writes', () => {
		expect(listGraph(readListing(listing))).toBe(listing);
	});

	it('shortens large constants to shape, digest and range', () => {
		const builder = new GraphBuilder();
		builder.floats(
			'big',
			Array.from({ length: 100 }, (_, i) => i - 50),
			[10, 10],
		);
		const text = listNode(builder.finish().node('big')!);
		expect(text).toMatch(/^big = Const \{dtype: float, value: float\[10,10\] #[0-9a-f]{8} -50…49\}$/);
		expect(() => readListing(text)).toThrow(WhittleError);
	});

	it('orders sixteen-bit floats by value, not by bits', () => {
		const data = Uint16Array.from({ length: 20 }, (_, i) => (i === 7 ? 0xc000 : 0x3c00));
		const text = listAttr(Attr.tensor({ dtype: DT_HALF, shape: [20], data }));
		expect(text).toMatch(/ -2…1$/);
	});

	it('repeats the last value of a constant', () => {
		const data = readListing('c = Const {value: int64[4] 1 2}').node('c')!.tensor!.data;
		expect([...(data as BigInt64Array)]).toEqual([1n, 2n, 2n, 2n]);
	});

	it('names line and column of a mistake', () => {
		expect(() => readListing('x = A\ny = B(x')).toThrow('Line 2, column 8: expected `,` or `)`.');
		expect(() => readListing('x = A {T: flaot}')).toThrow('`flaot` is no type and no value');
	});

	it('keeps any name, also one that is no UTF-8', () => {
		const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('a\udcffb'), fc.string());
		const node = fc.record({ name: names, op: names, inputs: fc.array(names), device: names });
		const isWellMeant = (text: string): boolean => text.isWellFormed() || text === 'a\udcffb';
		fc.assert(
			fc.property(node, ({ name, op, inputs, device }) => {
				fc.pre([name, op, device, ...inputs].every(isWellMeant));
				const given = Node.of({ name, op, inputs, device, attrs: { T: FLOAT } });
				const read = readListing(listNode(given)).nodes[0]!;
				expect([read.name, read.op, read.inputs, read.device]).toEqual([name, op, inputs, device]);
			}),
		);
	});

	it('keeps every tensor', () => {
		const tensors = [
			{ dtype: DT_INT64, shape: [2], data: BigInt64Array.of(-1n, 2n ** 62n) },
			{ dtype: DT_COMPLEX64, shape: [1], data: Float32Array.of(0.1, -2) },
			{ dtype: DT_STRING, shape: [], data: [Buffer.from('"\\\xff', 'latin1')] },
		];
		for (const tensor of tensors) {
			const graph = new Graph([Node.of({ name: 'c', op: 'Const', attrs: { value: Attr.tensor(tensor) } })]);
			expect(firstDifference(readListing(listGraph(graph)), graph)).toBeUndefined();
		}
	});
});
