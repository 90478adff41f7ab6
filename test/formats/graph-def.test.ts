import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGraphDef, readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { printGraphDef, readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { FieldWriter } from '../../src/graph/wire.ts';

type Field = readonly [number: number, bytes: Uint8Array];

/** Messages as another program might write them: fields in any order, repeated, unknown, with names of any bytes. */
const bytes = fc.uint8Array({ maxLength: 12 });
const varint: fc.Arbitrary<Field> = fc
	.record({ number: fc.integer({ min: 6, max: 2000 }), value: fc.nat() })
	.map(({ number, value }) => [number, new FieldWriter().tag(number, 0).varint(value).finish()]);

function field(number: number, content: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Field> {
	return content.map((value) => [number, new FieldWriter().bytes(number, value).finish()]);
}

function message(...fields: readonly fc.Arbitrary<Field>[]): fc.Arbitrary<Uint8Array> {
	return fc
		.array(fc.oneof(...fields), { maxLength: 8 })
		.map((parts) => Buffer.concat(parts.map(([, part]) => part)));
}

const attrValue = message(
	field(2, bytes),
	fc.nat().map((value): Field => [3, new FieldWriter().tag(3, 0).varint(value).finish()]),
	varint,
);
const attr = message(field(1, bytes), field(2, attrValue), varint);
const node = message(
	field(1, bytes),
	field(2, bytes),
	field(3, bytes),
	field(4, bytes),
	field(5, attr),
	varint,
);
const file = message(
	field(1, node),
	field(1, node),
	field(2, message(varint)),
	field(4, message(varint)),
	varint,
);

describe('binary GraphDef', () => {
	it('saves an untouched graph byte for byte, whatever it holds', () => {
		fc.assert(
			fc.property(file, (given) => {
				expect(Buffer.compare(serializeGraphDef(readGraphDef(given)), given)).toBe(0);
			}),
		);
	});

	it('keeps untouched nodes byte for byte in another graph', () => {
		fc.assert(
			fc.property(file, (given) => {
				const graph = readGraphDef(given);
				const again = readGraphDef(serializeGraphDef(graph.with(graph.nodes)));
				const raw = (nodes: typeof graph.nodes) =>
					nodes.map((each) => Buffer.concat(each.encode()).toString('hex'));
				expect(raw(again.nodes)).toEqual(raw(graph.nodes));
				const hex = (part: Uint8Array | undefined) => part && Buffer.from(part).toString('hex');
				expect(hex(again.parts.library)).toBe(hex(graph.parts.library));
				expect(hex(again.parts.rest)).toBe(hex(graph.parts.rest));
			}),
		);
	});

	it('keeps names, inputs and unknown fields of a changed node', () => {
		fc.assert(
			fc.property(file, (given) => {
				for (const each of readGraphDef(given).nodes) {
					const changed = each.with({ device: '/cpu:0' });
					const back = readGraphDef(serializeGraphDef(readGraphDef(new Uint8Array(0)).with([changed])))
						.nodes[0]!;
					expect([back.name, back.op, back.inputs, back.device]).toEqual([
						each.name,
						each.op,
						each.inputs,
						'/cpu:0',
					]);
					expect(Buffer.compare(back.extra, each.extra)).toBe(0);
					expect([...back.attrs.keys()].sort()).toEqual([...each.attrs.keys()].sort());
				}
			}),
		);
	});

	it('reads anything at all, or says in a moment that it is no GraphDef', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
				try {
					expect(Buffer.concat(encodeGraphDef(readGraphDef(given))).length).toBe(given.length);
				} catch (error) {
					expect(error).toBeInstanceOf(WhittleError);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it('refuses lengths that go beyond the file without making room for them', () => {
		const huge = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3);
		expect(() => readGraphDef(huge)).toThrow(WhittleError);
	});
});

describe('text GraphDef', () => {
	it('prints and reads back to the same message', () => {
		fc.assert(
			fc.property(file, (given) => {
				let text: Buffer;
				try {
					text = Buffer.concat(printGraphDef(readGraphDef(given)));
				} catch (error) {
					expect(error).toBeInstanceOf(WhittleError);
					return;
				}
				// Unknown fields print under their numbers, which nobody can read back: leave them out.
				fc.pre(!/^\s*\d/m.test(text.toString('latin1')));
				const back = readTextGraphDef(text);
				expect(Buffer.concat(printGraphDef(back)).equals(text)).toBe(true);
			}),
		);
	});
});
