import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fingerprint64 } from '../../src/graph/farm-hash.ts';
import {
	doubleText,
	escapeBytes,
	floatText,
	formatFixed,
	formatGeneral,
} from '../../src/graph/number-text.ts';

interface Recorded {
	readonly floats: readonly [bits: number, text: string][];
	readonly doubles: readonly [value: number, text: string][];
	readonly fixed: readonly [thousandths: number, text: string][];
	readonly fingerprints: readonly [base64: string, hash: string][];
}

/** What C and TensorFlow print (test/oracle/number_text.py). */
const recorded = JSON.parse(
	readFileSync(new URL('../data/number-text.json', import.meta.url), 'utf8'),
) as Recorded;

describe('numbers as C prints them', () => {
	it('prints 32-bit floats', () => {
		for (const [bits, text] of recorded.floats) {
			const value = new Float32Array(Uint32Array.of(bits).buffer)[0]!;
			expect(floatText(value)).toBe(text);
		}
	});

	it('prints doubles', () => {
		for (const [value, text] of recorded.doubles) expect(doubleText(value)).toBe(text);
	});

	it('rounds exact ties to even', () => {
		for (const [thousandths, text] of recorded.fixed) expect(formatFixed(thousandths / 1000, 2)).toBe(text);
		expect(formatFixed(-1.125, 2)).toBe('-1.12');
		expect(formatGeneral(2 ** -13, 9)).toBe('0.000122070312');
		expect(formatGeneral(1.5, 1)).toBe('2');
		expect(formatGeneral(2.5, 1)).toBe('2');
	});

	it('knows infinities, NaN and the negative zero', () => {
		const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0, 0];
		expect(values.map(floatText)).toEqual(['inf', '-inf', 'nan', '-0', '0']);
	});

	it('escapes bytes', () => {
		const bytes = Buffer.from('a\n\r\t"\'\\\0é', 'utf8');
		expect(escapeBytes(bytes)).toBe('a\\n\\r\\t\\"\\\'\\\\\\000\\303\\251');
		expect(escapeBytes(bytes, true)).toBe('a\\n\\r\\t\\"\\\'\\\\\\000é');
	});
});

it("hashes as FarmHash's Fingerprint64 does", () => {
	for (const [base64, hash] of recorded.fingerprints)
		expect(String(fingerprint64(Buffer.from(base64, 'base64')))).toBe(hash);
});
