/**
 * 1/√x in single precision with TensorFlow's own last bit.
 *
 * TensorFlow (through Eigen, built for AVX) takes eight elements at a time from the processor's estimate, which is good
 * to twelve bits, and refines it by one Newton step; what is left over at the end is divided. Folded constants are
 * merged by their bytes, so the last bit decides an order. The estimate differs between makers of processors:
 * this is that of AMD's, on which the recorded results were made.
 */
import { inflateSync } from 'node:zlib';

/** Elements that go through the estimate together. */
const PACKET = 8;
const BITS = 12;
const CELLS = 1 << BITS;

/**
 * How far the processor's estimate lies from 1/√x, taken a quarter into each of 4,096 cells of [1, 2) and of [2, 4) and
 * rounded to twelve bits: −1, 0 or 1 in the last place, plus one, in two bits each (recorded by
 * `test/oracle/record_rsqrt.py`).
 */
const DEVIATIONS =
	'eNp1VU2PqzAM7Erl/pDI/1kkcq8lHCm9B4n3f0CCe3vYX/lm7NClq32JXI/HJl8M6eWieqmm+vX1UXHw2DA5pX24b7wGv4lF' +
	'fy/a0N9JNRqIE/r91RmBD8h+6KVhBBToI4oXvT8+G731QQWx6MliAN+E25LuxWJiPBiDeek5WymPz9vt1osIjWO6edzL7bY8' +
	'SlGMEBETc54V/tr0MmLJOS2lMxzVtpDIaSHv3jkNUTrYfF+Nkw7T5ym7f7oHkitQcGw8YjDs4dxz2VGwYmWrTdtJbPO0F05m' +
	'uBgv4NwzBo88uJW71yWXtKFgQAJ7MXsdwWHGSxy6tkdtWjL3An6anljl1PK0p2mq7qnuJ62gbfWAwKK1FT23Zfu95bcqffF1' +
	'xGEgx7kcZ3iuGuu0+c1H5+PAY5icA26xLVvHlsu0bXOrA1/n6BORVx4Ocpav5jF5Hs6AcxjwII5wUyQ0ZTs057h6xKhB3nKo' +
	'H1DHmoj3Mesouv3wuSwldmJrO7gXdt5r2khF+HoTpDJtZYPt0z7HYDk339O3Vb5k9W5tpMDivM87ZLVReQdrTI1Zc0S+kqVo' +
	'Xh9/rr3QSl6fsEJjVroo79h862NxV1jAM6+QeM+xT9ZD9D1yyacOxuFzMTybT9u1pWR5Hmnr2kgZ225w2JS2y9sNsk11s1Fd' +
	'zq3pwr4dCBO5KRhnnrFCKsBiz2VoHXzrdtLiWzurNQ5sBxe/8cBCcdkX+HGB1gT644ksWC2WNxqPSVfGw9AxL9CsuG7HfFKj' +
	'mtXt2YfcRlcrOcQd43TgIfONjAJuzWcPXSEvg30CzlVs/JU1atpdKEs5PmX05T/dstZYLyMvs35ecRnherTBcLlBIjvFEDHi' +
	'te+i45G8nRj0YS82/vD+nPl84n7B4RXvT+eku3rKSy3Nq3u1sh9Weebr21Q+XjIvc0vZbYmhOGx/cIFxY7H94QHLCfeFQ6Jm' +
	'xjgnTsPh43vMPE8S9SlGXmw5N40hwvsJO++7ZupuYf08PN94STz2n2tDbXPKfre3u/gfpNyg6w==';

let estimates: Float32Array | undefined;

/** The estimates for [1, 4), one a cell. */
function estimateTable(): Float32Array {
	if (estimates) return estimates;
	const packed = inflateSync(Buffer.from(DEVIATIONS, 'base64'));
	const table = new Float32Array(2 * CELLS);
	const bits = new Uint32Array(table.buffer);
	for (let i = 0; i < table.length; i++) {
		const scale = i < CELLS ? 1 : 2;
		const exact = 1 / Math.sqrt((1 + ((i % CELLS) + 0.25) / CELLS) * scale);
		const exponent = exact >= 1 ? 1 : exact >= 0.5 ? 0.5 : 0.25;
		table[i] = (1 + Math.round((exact / exponent - 1) * CELLS) / CELLS) * exponent;
		const deviation = ((packed[i >> 2]! >> ((i & 3) * 2)) & 3) - 1;
		bits[i]! += deviation << (23 - BITS);
	}
	estimates = table;
	return table;
}

const word = new Float32Array(1);
const wordBits = new Uint32Array(word.buffer);

/** The processor's estimate; 0 and what is smaller than a normal number give infinity. */
function estimate(x: number, table: Float32Array): number {
	word[0] = x;
	const bits = wordBits[0]!;
	const exponent = (bits >>> 23) & 0xff;
	if (exponent === 0) return bits >>> 31 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	if (bits >>> 31 || (exponent === 0xff && bits & 0x7fffff)) return Number.NaN;
	if (exponent === 0xff) return 0;
	const power = exponent - 127;
	const odd = power & 1;
	return table[odd * CELLS + ((bits >>> (23 - BITS)) & (CELLS - 1))]! * 2 ** (-(power - odd) / 2);
}

/** `to[i] = 1 / √from[i]`, as TensorFlow's kernel rounds. */
export function reciprocalRoots(from: Float32Array, to: Float32Array): void {
	const table = estimateTable();
	const packed = from.length - (from.length % PACKET);
	for (let i = 0; i < packed; i++) to[i] = refine(from[i]!, estimate(from[i]!, table));
	for (let i = packed; i < from.length; i++) to[i] = 1 / Math.fround(Math.sqrt(from[i]!));
}

/** One Newton step, rounded after each operation. Where it would give 0 · ∞ the estimate itself stands. */
function refine(x: number, root: number): number {
	const { fround } = Math;
	const error = fround(fround(fround(x * root) * root) - 1);
	const refined = fround(fround(fround(root * -0.5) * error) + root);
	return Number.isNaN(refined) ? root : refined;
}
