import { describe, expect, it } from 'vitest';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { printGraphDef, readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { FieldWriter } from '../../src/graph/wire.ts';

const print = (text: string): string =>
	Buffer.concat(printGraphDef(readTextGraphDef(Buffer.from(text)))).toString('latin1');

const attr = (value: string): string => `node { attr { key: "a" value { ${value} } } }`;

describe('printing text', () => {
	it('lays a graph out as C++ does', () => {
		const text = `node {
  name: "w"
  op: "Const"
  input: "^x"
  attr {
    key: "T"
    value {
      type: DT_FLOAT
    }
  }
  attr {
    key: "value"
    value {
      tensor {
        dtype: DT_FLOAT
        tensor_shape {
          dim {
            size: -1
            name: "batch"
          }
          unknown_rank: true
        }
        float_val: 0.333333343
        float_val: 1e+20
        float_val: inf
      }
    }
  }
}
library {
}
versions {
  producer: 27
  bad_consumers: 1
  bad_consumers: 2
}
`;
		expect(print(text)).toBe(text);
	});

	it('shows members of a oneof even when they are zero, other defaults not', () => {
		const zero = print(attr('i: 0'));
		expect(zero).toContain('      i: 0\n');
		expect(print(attr('b: false'))).toContain('      b: false\n');
		expect(print(attr('shape {}'))).toContain('      shape {\n      }\n');
		expect(print('node { name: "" op: "A" }')).toBe('node {\n  op: "A"\n}\n');
	});

	it('sorts map entries by key', () => {
		const keys = ['b', 'Tperm', 'T', '_x', 'a'];
		const text = print(`node { ${keys.map((key) => `attr { key: "${key}" value { i: 1 } }`).join(' ')} }`);
		expect([...text.matchAll(/key: "(.*)"/g)].map((match) => match[1])).toEqual([
			'T',
			'Tperm',
			'_x',
			'a',
			'b',
		]);
	});

	it('escapes bytes and names numbers without an enum name', () => {
		expect(print(attr('s: "\\001\\n\\303\\251\'\\""'))).toContain(`s: "\\001\\n\\303\\251\\'\\""`);
		expect(print(attr('type: 77'))).toContain('type: 77\n');
	});

	it('prints fields that nobody knows under their numbers', () => {
		const inner = new FieldWriter().tag(1, 0).varint(5).finish();
		const node = new FieldWriter()
			.bytes(1, Buffer.from('n'))
			.tag(90, 0)
			.varint(300)
			.bytes(91, inner)
			.bytes(92, Buffer.from('hi!'))
			.tag(93, 5)
			.float(1)
			.finish();
		const text = Buffer.concat(printGraphDef(readGraphDef(new FieldWriter().bytes(1, node).finish())));
		expect(text.toString()).toBe(
			'node {\n  name: "n"\n  90: 300\n  91 {\n    1: 5\n  }\n  92: "hi!"\n  93: 0x3f800000\n}\n',
		);
	});

	it('keeps the last member of a oneof and joins the parts of a message', () => {
		const value = new FieldWriter().tag(3, 0).varint(7).tag(5, 0).varint(1).finish();
		const entry = new FieldWriter().bytes(1, Buffer.from('a')).bytes(2, value).finish();
		const node = new FieldWriter().bytes(5, entry).finish();
		const versions = (field: number) =>
			new FieldWriter().bytes(4, new FieldWriter().tag(field, 0).varint(9).finish()).finish();
		const file = Buffer.concat([new FieldWriter().bytes(1, node).finish(), versions(1), versions(2)]);
		const text = Buffer.concat(printGraphDef(readGraphDef(file))).toString();
		expect(text).toContain('    value {\n      b: true\n    }\n');
		expect(text).toContain('versions {\n  producer: 9\n  min_consumer: 9\n}\n');
	});

	it('stops at nesting that no parser would read', () => {
		let value = new FieldWriter().tag(3, 0).varint(1).finish();
		for (let i = 0; i < 400; i++) {
			const entry = new FieldWriter().bytes(1, Buffer.from('k')).bytes(2, value).finish();
			value = new FieldWriter().bytes(10, new FieldWriter().bytes(2, entry).finish()).finish();
		}
		const attrEntry = new FieldWriter().bytes(1, Buffer.from('a')).bytes(2, value).finish();
		const file = new FieldWriter().bytes(1, new FieldWriter().bytes(5, attrEntry).finish()).finish();
		expect(() => printGraphDef(readGraphDef(file))).toThrow(WhittleError);
	});
});

describe('reading text', () => {
	it('takes every way of writing that C++ takes', () => {
		const graph = readTextGraphDef(
			Buffer.from(`# a comment
node: < name: 'a' "b"; op: "\\x52\\u0065lu" , input: ["x", "y"] input: "z" >
node { attr { key: "f" value { list { f: [1, -2.5e1, .5f, nan, -inf] i: [0x10, 010, -3] b: [true, f, 1] } } } }
`),
		);
		const [first, second] = graph.nodes;
		expect([first!.name, first!.op, first!.inputs]).toEqual(['ab', 'Relu', ['x', 'y', 'z']]);
		const { list } = second!.attr('f')!.value;
		expect(list!.f).toEqual([1, -25, 0.5, Number.NaN, Number.NEGATIVE_INFINITY]);
		expect(list!.i.map(Number)).toEqual([16, 8, -3]);
		expect(list!.b).toEqual([true, false, true]);
	});

	it('keeps content of zeros, and numbers of 64 bits', () => {
		const text = attr(
			'tensor { dtype: DT_INT64 tensor_content: "\\000\\000" int64_val: -9223372036854775808 }',
		);
		const tensor = readTextGraphDef(Buffer.from(text)).nodes[0]!.attr('a')!.tensor!;
		expect([...tensor.content]).toEqual([0, 0]);
		expect(print(text)).toContain('int64_val: -9223372036854775808\n');
	});

	it.each([
		[
			'node {\n  colour: 3\n}',
			'Line 2, column 3: Message type "tensorflow.NodeDef" has no field named "colour".',
		],
		['node { name: "a" name: "b" }', 'Non-repeated field "name" is specified multiple times.'],
		[attr('i: 1 b: true'), 'Field "b" is specified along with field "i", another member of oneof "value".'],
		[attr('i: 9223372036854775808'), 'Integer out of range (9223372036854775808).'],
		[attr('type: DT_FLAOT'), 'Unknown enumeration value of "DT_FLAOT" for field "type".'],
		['node { name: "a', 'String literals cannot cross line boundaries.'],
		['node { name: "a"', 'Expected a field name, found the end of the file.'],
		['node { name "a" }', 'Expected ":", found a string.'],
		['node { op: Relu }', 'Expected a string, found "Relu".'],
		['node { name: "\\q" }', 'Invalid escape sequence in string literal.'],
	])('says where and why %j cannot be read', (text, message) => {
		expect(() => readTextGraphDef(Buffer.from(text))).toThrow(message);
	});

	it('does not run out of stack on brackets without end', () => {
		const text = `node { attr { key: "a" value { ${'func { attr { value { '.repeat(20000)}`;
		expect(() => readTextGraphDef(Buffer.from(text))).toThrow('Nested more than 100 messages deep.');
	});
});

it('reads a long text in time that grows with its length', () => {
	const text = Buffer.from('node { name: "some/name" op: "Relu" input: "other" }\n'.repeat(100_000));
	const started = performance.now();
	expect(readTextGraphDef(text).nodes).toHaveLength(100_000);
	// Half a second or so; looking through the rest of the file at every string takes minutes.
	expect(performance.now() - started).toBeLessThan(20_000);
});
