/** Sixteen-bit floats: `half` (IEEE binary16) and `bfloat16`, held as their bits. Rounding is to nearest even. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bits of a number as a half; beyond 65504 infinity, below 2^-24 zero, NaN quiet. */
export function toHalf(value: number): number {
	float[0] = value;
	const x = bits[0]!;
	const sign = (x >>> 16) & 0x8000;
	const magnitude = x & 0x7fffffff;
	if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
	if (magnitude >= 0x477ff000) return sign | 0x7c00;
	if (magnitude >= 0x38800000) {
		const rounded = magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1);
		return sign | (rounded >>> 13);
	}
	if (magnitude < 0x33000000) return sign;
	// Subnormal: the significand with its hidden bit, shifted into place.
	const shift = 126 - (magnitude >>> 23);
	const significand = (magnitude & 0x7fffff) | 0x800000;
	const kept = significand >>> shift;
	const rest = significand & ((1 << shift) - 1);
	const middle = 1 << (shift - 1);
	return sign | (kept + (rest > middle || (rest === middle && (kept & 1) === 1) ? 1 : 0));
}

/** The number that a half's bits stand for. */
export function fromHalf(half: number): number {
	return halfTable()[half]!;
}

let table: Float32Array | undefined;

function halfTable(): Float32Array {
	if (table) return table;
	table = new Float32Array(65536);
	for (let i = 0; i < 65536; i++) {
		const exponent = (i >>> 10) & 31;
		const fraction = i & 1023;
		const magnitude =
			exponent === 31
				? fraction === 0
					? Number.POSITIVE_INFINITY
					: Number.NaN
				: exponent === 0
					? fraction * 2 ** -24
					: (1024 + fraction) * 2 ** (exponent - 25);
		table[i] = i & 0x8000 ? -magnitude : magnitude;
	}
	return table;
}

/** The bits of a number as a bfloat16. */
export function toBfloat16(value: number): number {
	float[0] = value;
	const x = bits[0]!;
	if ((x & 0x7fffffff) > 0x7f800000) return ((x >>> 16) & 0x8000) | 0x7fc0;
	return ((x + 0x7fff + ((x >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that a bfloat16's bits stand for. */
export function fromBfloat16(bfloat16: number): number {
	bits[0] = bfloat16 << 16;
	return float[0]!;
}
