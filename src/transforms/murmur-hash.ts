/**
 * MurmurHash64A as the C++ tool has it, and its way to combine hashes (spec: core-and-rewiring 10.1). A 64-bit
 * number is two 32-bit halves here: BigInt would be a hundred times slower.
 */
import { encodeText } from '../graph/text.ts';
import { weightBlocks } from '../ops/engine/blocks.ts';

/** m = 0xc6a4a7935bd1e995, its low half once more in 16-bit pieces. */
const M_HIGH = 0xc6a4a793 | 0;
const M_LOW = 0x5bd1e995;
const M_0 = 0xe995;
const M_1 = 0x5bd1;
/** 0xdecafcaffe. */
const SEED_HIGH = 0xde;
const SEED_LOW = 0xcafcaffe | 0;
const GOLDEN_HIGH = 0x9e3779b9 | 0;
const GOLDEN_LOW = 0x7f4a7800;

/** A 64-bit hash under construction. */
export interface Hash64 {
	high: number;
	low: number;
}

/** From so many bytes on WebAssembly, which has 64-bit numbers, makes up for the way there. */
const LONG = 2048;

const BLOCK = 1 << 15;
const blockBytes = new Uint8Array(BLOCK);
const blockWords = new Uint32Array(blockBytes.buffer);
const shortBytes = new Uint8Array(512);

/** The hash of `bytes[from, to)`, written to `result`. The halves are signed 32-bit integers. */
export function murmurHash(bytes: Uint8Array, result: Hash64, from = 0, to = bytes.length): void {
	const length = to - from;
	start(length, result);
	const whole = to - (length % 8);
	const blocks = length < LONG ? undefined : weightBlocks();
	if (blocks) blocks.mix(bytes, from, whole, result);
	else mixBlocks(bytes, from, whole, result);
	let low = 0;
	let high = 0;
	for (let i = to - 1; i >= whole; i--) {
		high = (high << 8) | (low >>> 24);
		low = (low << 8) | bytes[i]!;
	}
	if (whole < to) {
		result.high ^= high;
		result.low ^= low;
		multiply(result);
	}
	finish(result);
}

/** Blocks are copied to where 32-bit words lie aligned: that costs less than reading them byte by byte. */
function mixBlocks(bytes: Uint8Array, from: number, whole: number, result: Hash64): void {
	for (let at = from; at < whole; at += BLOCK) {
		const size = Math.min(BLOCK, whole - at);
		if (size > 64) blockBytes.set(bytes.subarray(at, at + size));
		else for (let i = 0; i < size; i++) blockBytes[i] = bytes[at + i]!;
		mixWords(size >> 2, result);
	}
}

/** The hash of a text's UTF-8 bytes. */
export function murmurHashText(text: string, result: Hash64): void {
	if (fillShort(text)) murmurHash(shortBytes, result, 0, text.length);
	else murmurHash(encodeText(text), result);
}

/** Puts a short ASCII text into {@link shortBytes}. */
function fillShort(text: string): boolean {
	if (text.length > shortBytes.length) return false;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code >= 0x80) return false;
		shortBytes[i] = code;
	}
	return true;
}

function start(length: number, hash: Hash64): void {
	hash.high = Math.floor(length / 2 ** 32) | 0;
	hash.low = length | 0;
	multiply(hash);
	hash.high ^= SEED_HIGH;
	hash.low ^= SEED_LOW;
}

function finish(hash: Hash64): void {
	hash.low ^= hash.high >>> 15;
	multiply(hash);
	hash.low ^= hash.high >>> 15;
}

/** hash · m modulo 2^64. */
function multiply(hash: Hash64): void {
	const { high, low } = hash;
	hash.high = (highProduct(low) + Math.imul(high, M_LOW) + Math.imul(low, M_HIGH)) | 0;
	hash.low = Math.imul(low, M_LOW);
}

/** The upper 32 bits of the 64-bit product of an unsigned half and the low half of m. */
function highProduct(low: number): number {
	const a0 = low & 0xffff;
	const a1 = low >>> 16;
	const middle = ((Math.imul(a0, M_0) >>> 16) + Math.imul(a0, M_1)) | 0;
	const cross = Math.imul(a1, M_0);
	const carry = ((middle & 0xffff) + (cross & 0xffff)) >>> 16;
	return (Math.imul(a1, M_1) + (middle >>> 16) + (cross >>> 16) + carry) | 0;
}

/** The inner loop, all in local numbers: some 600 MB a second. */
function mixWords(count: number, hash: Hash64): void {
	let hashHigh = hash.high;
	let hashLow = hash.low;
	for (let i = 0; i < count; i += 2) {
		const l = blockWords[i]! | 0;
		const h = blockWords[i + 1]! | 0;
		const high = (highProduct(l) + Math.imul(h, M_LOW) + Math.imul(l, M_HIGH)) | 0;
		const low = Math.imul(l, M_LOW) ^ (high >>> 15);
		hashHigh ^= (highProduct(low) + Math.imul(high, M_LOW) + Math.imul(low, M_HIGH)) | 0;
		hashLow ^= Math.imul(low, M_LOW);
		hashHigh = (highProduct(hashLow) + Math.imul(hashHigh, M_LOW) + Math.imul(hashLow, M_HIGH)) | 0;
		hashLow = Math.imul(hashLow, M_LOW);
	}
	hash.high = hashHigh;
	hash.low = hashLow;
}

/** a XOR (b + 0x9e3779b97f4a7800 + (a << 10) + (a >> 4)), in place of `a`. */
export function combineHash(a: Hash64, bHigh: number, bLow: number): void {
	const shiftedLow = a.low << 10;
	const shiftedHigh = (a.high << 10) | (a.low >>> 22);
	const downLow = (a.low >>> 4) | (a.high << 28);
	const downHigh = a.high >>> 4;
	// Sums of four unsigned halves stay below 2^34: the carry is exact.
	const low = (bLow >>> 0) + GOLDEN_LOW + (shiftedLow >>> 0) + (downLow >>> 0);
	const high = bHigh + GOLDEN_HIGH + shiftedHigh + downHigh + Math.floor(low / 2 ** 32);
	a.low ^= low | 0;
	a.high ^= high | 0;
}
