import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { readShapeProto, shapeProblem } from '../../src/graph/shape-proto.ts';
import { FieldWriter, VARINT } from '../../src/graph/wire.ts';
import { humanBytes, humanChange, humanCount } from '../../src/inspect/humanize.ts';
import { orderedOpCounts } from '../../src/inspect/op-order.ts';
import { summaryText } from '../../src/inspect/summary.ts';

describe('summaryText', () => {
	it('gives the example of the specification', () => {
		const graph = readTextGraphDef(
			Buffer.from(`
node { name: "p0" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value {
  shape { dim { size: -1 } dim { size: 224 } dim { size: 224 } dim { size: 3 } } } } }
node { name: "p1" op: "Placeholder" attr { key: "dtype" value { type: DT_STRING } }
  attr { key: "shape" value { shape { unknown_rank: true } } } }
node { name: "p3" op: "Placeholder" }
node { name: "c0" op: "Const" attr { key: "value" value { tensor { dtype: DT_FLOAT
  tensor_shape { dim { size: 2 } dim { size: 3 } } float_val: 1.5 } } } }
node { name: "c1" op: "Const" device: "/cpu:0" attr { key: "value" value { tensor { dtype: DT_INT32
  tensor_shape {} int_val: 7 } } } }
node { name: "v0" op: "VariableV2" device: "/cpu:0" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: 10 } } } } }
node { name: "as" op: "Assign" input: "v0" input: "c0" }
node { name: "r" op: "Relu" input: "p0" input: "^c1" }
node { name: "r2" op: "Relu" input: "r:5" }
library { function { signature { name: "f" } node_def { name: "r" op: "Relu" } } }
`),
		);
		const { text, warnings } = summaryText(graph, 'F');
		expect(
			text,
		).toBe(`Found 3 possible inputs: (name=p0, type=float(1), shape=[?,224,224,3]) (name=p1, type=string(7), shape=<unknown>) (name=p3, type=INVALID(0), shape=None) 
Found 1 variables: (name=v0, type=float(1), shape=[10]) 
Found 1 possible outputs: (name=r2, op=Relu) 
Found 7 (7) const parameters, 0 (0) variable parameters, and 1 control_edges
2 nodes assigned to device '/cpu:0'Op types used: 3 Placeholder, 3 Relu, 2 Const, 1 Assign, 1 VariableV2
To use with tensorflow/tools/benchmark:benchmark_model try these arguments:
bazel run tensorflow/tools/benchmark:benchmark_model -- --graph=F --show_flops --input_layer=p0,p1,p3,v0 --input_layer_type=float,string,INVALID,float --input_layer_shape=-1,224,224,3:::10 --output_layer=r2
`);
		expect(warnings).toEqual(['Decoding Tensor failed for nodev0']);
	});

	it('takes a node of a repeated name for read when the name is', () => {
		const { text } = summaryText(readListing('a = A\na = B\nc = C(a)'), 'F');
		expect(text).toContain('Found 1 possible outputs: (name=c, op=C) \n');
	});

	it('says why a shape is none', () => {
		const shape = (...sizes: number[]) => {
			const writer = new FieldWriter();
			for (const size of sizes)
				writer.bytes(2, new FieldWriter().tag(1, VARINT).int64(BigInt(size)).finish());
			return readShapeProto(writer.finish());
		};
		expect(shapeProblem(shape(2, -1, 0))).toBeUndefined();
		expect(shapeProblem(shape(-2, -1))).toBe(
			'Shape [-2,?] has dimensions with values below -1 (where -1 means unknown)',
		);
		expect(shapeProblem(shape(2 ** 40, 2 ** 40))).toMatch(/is too large \(more than 2\*\*63 - 1 entries\)$/);
		expect(shapeProblem(shape(-1, 2 ** 40, 2 ** 40))).toBeUndefined();
		expect(shapeProblem({ ...shape(1), unknownRank: true })).toBe(
			'An unknown shape must not have any dimensions set.',
		);
		expect(shapeProblem(shape(...new Array<number>(255).fill(1)))).toMatch(/ has too many dimensions$/);
	});
});

it('orders op types with ties as g++ does', () => {
	const file = new URL('../data/op-order.json.gz', import.meta.url);
	const cases = JSON.parse(gunzipSync(readFileSync(file)).toString()) as [number[], number[]][];
	expect(cases.length).toBeGreaterThan(300);
	for (const [counts, order] of cases) {
		const names = counts.map((_, i) => String(i).padStart(6, '0'));
		const sorted = orderedOpCounts(new Map(counts.map((count, i) => [names[i]!, count])));
		expect(sorted.map(([name]) => Number(name))).toEqual(order);
	}
});

describe('numbers for the eye', () => {
	it.each([
		[999, '999'],
		[1000, '1.00k'],
		[495860, '495.86k'],
		[1125, '1.12k'],
		[1375, '1.38k'],
		[1625, '1.62k'],
		[12125, '12.12k'],
		[999994, '999.99k'],
		[999995, '1000.00k'],
		[1000000, '1.00M'],
		[1999999, '2.00M'],
		[1125999, '1.12M'],
		[23853833, '23.85M'],
		[999999999, '1000.00M'],
		[1e9, '1.00B'],
		[1e15, '1E+15'],
		[1.235e15, '1.24E+15'],
		[-1125, '-1.12k'],
	])('%d is %s', (count, text) => expect(humanCount(count)).toBe(text));

	it('shows bytes and changes', () => {
		expect([0, 1023, 1024, 1048575, 2004483].map(humanBytes)).toEqual([
			'0 B',
			'1023 B',
			'1.00 KiB',
			'1.00 MiB',
			'1.91 MiB',
		]);
		expect(humanChange(100, 27)).toBe('−73 %');
		expect(humanChange(1000, 1004)).toBe('+0.4 %');
		expect(humanChange(5, 5)).toBe('=');
	});
});
