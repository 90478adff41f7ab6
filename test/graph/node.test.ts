/** A node is weighed without being written: what it says of its length is what it comes to, however odd its file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attr } from '../../src/graph/attr.ts';
import { Node } from '../../src/graph/node.ts';
import { BYTES, FieldWriter, VARINT } from '../../src/graph/wire.ts';

const text = fc.oneof(fc.constantFrom('', 'a', 'x/y', 'ä', 'w'.repeat(200)), fc.string());

/** A field of a NodeDef as a file may have it: also twice, empty, in any order, with a length that is written long. */
const field = fc.oneof(
	fc.record({ number: fc.constantFrom(1, 2, 3, 4), value: text, long: fc.boolean() }),
	fc.record({
		number: fc.constant(5),
		value: fc.constantFrom('T', 'N', ''),
		long: fc.boolean(),
		entry: fc.constantFrom('plain', 'plain', 'plain', 'long', 'swapped', 'without value', 'with more'),
	}),
	fc.record({ number: fc.constantFrom(6, 7, 9), value: text, long: fc.constant(false) }),
);

interface Field {
	readonly number: number;
	readonly value: string;
	readonly long: boolean;
	/** How an attribute lies in its entry. */
	readonly entry?: string;
}

function encoded(fields: readonly Field[]): Uint8Array {
	const writer = new FieldWriter();
	for (const { number, value, long, entry } of fields) {
		const bytes = number === 5 ? attrEntry(value, entry) : Buffer.from(value);
		writer.tag(number, BYTES);
		// Lengths below 128 fit a byte; a second one with nothing in it is allowed.
		if (long && bytes.length < 128) writer.raw(Uint8Array.of(bytes.length | 0x80, 0));
		else writer.varint(bytes.length);
		writer.raw(bytes);
	}
	return writer.finish();
}

function attrEntry(name: string, entry = 'plain'): Uint8Array {
	const value = new FieldWriter()
		.tag(3, VARINT)
		.varint(name.length * 1000)
		.finish();
	const writer = new FieldWriter();
	if (entry === 'swapped') return writer.bytes(2, value).bytes(1, Buffer.from(name)).finish();
	writer.bytes(1, Buffer.from(name));
	if (entry === 'without value') return writer.finish();
	if (entry === 'long')
		return writer
			.raw(Uint8Array.of(0x12, value.length | 0x80, 0))
			.raw(value)
			.finish();
	writer.bytes(2, value);
	return entry === 'with more' ? writer.bytes(3, value).finish() : writer.finish();
}

const written = (node: Node): number => node.encode().reduce((total, piece) => total + piece.length, 0);

const change = fc.oneof(
	fc.record({ name: text }),
	fc.record({ op: text }),
	fc.record({ device: text }),
	fc.record({ inputs: fc.array(text, { maxLength: 3 }) }),
	fc.record({ attrs: fc.constantFrom({ T: Attr.type(1) }, { N: Attr.int(-1), T: Attr.type(3) }) }),
);

describe('the length of a node', () => {
	it('is that of its bytes, before and after any changes', () => {
		fc.assert(
			fc.property(
				fc.array(field, { maxLength: 8 }),
				fc.array(change, { maxLength: 4 }),
				(fields, changes) => {
					let node = Node.read(encoded(fields));
					expect(node.byteLength).toBe(written(node));
					for (const changed of changes) {
						node = node.with(changed);
						expect(node.byteLength).toBe(written(node));
					}
				},
			),
			{ numRuns: 1000 },
		);
	});
});

describe('a node of a file', () => {
	it('has the attributes of its own bytes, also where others have nearly the same', () => {
		const plain = encoded([
			{ number: 1, value: 'x', long: false },
			{ number: 5, value: 'T', long: false },
		]);
		const other = encoded([
			{ number: 1, value: 'x', long: false },
			{ number: 5, value: 'N', long: false },
		]);
		expect([...Node.read(plain).attrs.keys()]).toEqual(['T']);
		expect([...Node.read(other).attrs.keys()]).toEqual(['N']);
	});
});
