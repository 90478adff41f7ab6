import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromHalf, toBfloat16, toHalf } from '../../src/graph/half.ts';

describe('half', () => {
	it('comes back from a float for every one of its values', () => {
		for (let half = 0; half < 65536; half++) {
			const value = fromHalf(half);
			if (Number.isNaN(value)) expect(toHalf(value) & 0x7fff).toBe(0x7e00);
			else if (toHalf(value) !== half) expect.fail(`half ${half} became ${toHalf(value)}`);
		}
	});

	it('rounds to nearest, ties to even', () => {
		expect(toHalf(2049)).toBe(toHalf(2048));
		expect(toHalf(2051)).toBe(toHalf(2052));
		expect(toHalf(65519)).toBe(toHalf(65504));
		expect(fromHalf(toHalf(65520))).toBe(Number.POSITIVE_INFINITY);
		expect(toHalf(2 ** -25)).toBe(0);
		expect(toHalf(1.5 * 2 ** -25)).toBe(1);
		expect(toHalf(-(2 ** -24))).toBe(0x8001);
		expect(toHalf(1023.5 * 2 ** -24)).toBe(1024);
	});
});

describe('bfloat16', () => {
	it('comes back from a float for every one of its values', () => {
		for (let bits = 0; bits < 65536; bits++) {
			const value = fromBfloat16(bits);
			if (Number.isNaN(value)) expect(toBfloat16(value) & 0x7fff).toBe(0x7fc0);
			else if (toBfloat16(value) !== bits) expect.fail(`bfloat16 ${bits} became ${toBfloat16(value)}`);
		}
	});

	it('rounds to nearest, ties to even', () => {
		expect(fromBfloat16(toBfloat16(1 + 2 ** -8))).toBe(1);
		expect(fromBfloat16(toBfloat16(1 + 3 * 2 ** -8))).toBe(1 + 2 ** -6);
	});
});
