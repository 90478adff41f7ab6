import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes, decodeText, encodeText } from '../../src/graph/text.ts';

test('any bytes survive the way to a string and back', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
			expect(Buffer.from(encodeText(decodeText(bytes)))).toEqual(Buffer.from(bytes));
		}),
	);
});

test('well-formed UTF-8 reads as itself', () => {
	expect(decodeText(Buffer.from('größe/卷积/🙂'))).toBe('größe/卷积/🙂');
});

test('names sort by their bytes, not by UTF-16 units', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
			expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
		}),
	);
	// U+FF5E sorts before U+1F642 by bytes, after it by UTF-16 units.
	expect(compareBytes('～', '🙂')).toBeLessThan(0);
});
