/**
 * FarmHash's Fingerprint64 (the `farmhashna` variant), which TensorFlow puts behind long lists that it
 * shortens. After google/farmhash (MIT), written anew for 64-bit integers.
 */

const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;
const K3 = 0x9ddfea08eb382d69n;
const MASK = 0xffffffffffffffffn;

const u64 = (value: bigint): bigint => value & MASK;
const rotate = (value: bigint, by: bigint): bigint => u64((value >> by) | (value << (64n - by)));
const shiftMix = (value: bigint): bigint => value ^ (value >> 47n);

class Words {
	readonly #view: DataView;

	constructor(bytes: Uint8Array) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	at(offset: number): bigint {
		return this.#view.getBigUint64(offset, true);
	}

	half(offset: number): bigint {
		return BigInt(this.#view.getUint32(offset, true));
	}
}

/** @returns an unsigned 64-bit integer. */
export function fingerprint64(bytes: Uint8Array): bigint {
	const words = new Words(bytes);
	const length = bytes.length;
	if (length <= 16) return upTo16(bytes, words, length);
	if (length <= 32) return upTo32(words, length);
	if (length <= 64) return upTo64(words, length);
	return longer(words, length);
}

function mix16(u: bigint, v: bigint, multiplier: bigint = K3): bigint {
	let a = u64((u ^ v) * multiplier);
	a ^= a >> 47n;
	let b = u64((v ^ a) * multiplier);
	b ^= b >> 47n;
	return u64(b * multiplier);
}

function upTo16(bytes: Uint8Array, words: Words, length: number): bigint {
	const size = BigInt(length);
	if (length >= 8) {
		const multiplier = u64(K2 + size * 2n);
		const a = u64(words.at(0) + K2);
		const b = words.at(length - 8);
		const c = u64(rotate(b, 37n) * multiplier + a);
		const d = u64((rotate(a, 25n) + b) * multiplier);
		return mix16(c, d, multiplier);
	}
	if (length >= 4) return mix16(size + (words.half(0) << 3n), words.half(length - 4), u64(K2 + size * 2n));
	if (length === 0) return K2;
	const first = BigInt(bytes[0]! + (bytes[length >> 1]! << 8));
	const last = size + (BigInt(bytes[length - 1]!) << 2n);
	return u64(shiftMix(u64(first * K2) ^ u64(last * K0)) * K2);
}

function upTo32(words: Words, length: number): bigint {
	const multiplier = u64(K2 + BigInt(length) * 2n);
	const a = u64(words.at(0) * K1);
	const b = words.at(8);
	const c = u64(words.at(length - 8) * multiplier);
	const d = u64(words.at(length - 16) * K2);
	const u = u64(rotate(u64(a + b), 43n) + rotate(c, 30n) + d);
	return mix16(u, u64(a + rotate(u64(b + K2), 18n) + c), multiplier);
}

function upTo64(words: Words, length: number): bigint {
	const multiplier = u64(K2 + BigInt(length) * 2n);
	const a = u64(words.at(0) * K2);
	const b = words.at(8);
	const c = u64(words.at(length - 8) * multiplier);
	const d = u64(words.at(length - 16) * K2);
	const y = u64(rotate(u64(a + b), 43n) + rotate(c, 30n) + d);
	const z = mix16(y, u64(a + rotate(u64(b + K2), 18n) + c), multiplier);
	const e = u64(words.at(16) * multiplier);
	const f = words.at(24);
	const g = u64((y + words.at(length - 32)) * multiplier);
	const h = u64((z + words.at(length - 24)) * multiplier);
	const u = u64(rotate(u64(e + f), 43n) + rotate(g, 30n) + h);
	return mix16(u, u64(e + rotate(u64(f + a), 18n) + g), multiplier);
}

type Pair = readonly [bigint, bigint];

function weak(words: Words, offset: number, seedA: bigint, seedB: bigint): Pair {
	const [w, x, y, z] = [words.at(offset), words.at(offset + 8), words.at(offset + 16), words.at(offset + 24)];
	const a = u64(seedA + w);
	const b = rotate(u64(seedB + a + z), 21n);
	const sum = u64(a + x + y);
	return [u64(sum + z), u64(b + rotate(sum, 44n) + a)];
}

function longer(words: Words, length: number): bigint {
	const seed = 81n;
	let x = seed;
	let y = u64(seed * K1 + 113n);
	let z = u64(shiftMix(u64(y * K2 + 113n)) * K2);
	let v: Pair = [0n, 0n];
	let w: Pair = [0n, 0n];
	x = u64(x * K2 + words.at(0));
	const end = Math.floor((length - 1) / 64) * 64;
	for (let at = 0; at !== end; at += 64) {
		x = u64(rotate(u64(x + y + v[0] + words.at(at + 8)), 37n) * K1);
		y = u64(rotate(u64(y + v[1] + words.at(at + 48)), 42n) * K1);
		x ^= w[1];
		y = u64(y + v[0] + words.at(at + 40));
		z = u64(rotate(u64(z + w[0]), 33n) * K1);
		v = weak(words, at, u64(v[1] * K1), u64(x + w[0]));
		w = weak(words, at + 32, u64(z + w[1]), u64(y + words.at(at + 16)));
		[z, x] = [x, z];
	}
	const multiplier = u64(K1 + ((z & 0xffn) << 1n));
	const at = length - 64;
	w = [u64(w[0] + BigInt((length - 1) & 63)), w[1]];
	v = [u64(v[0] + w[0]), v[1]];
	w = [u64(w[0] + v[0]), w[1]];
	x = u64(rotate(u64(x + y + v[0] + words.at(at + 8)), 37n) * multiplier);
	y = u64(rotate(u64(y + v[1] + words.at(at + 48)), 42n) * multiplier);
	x ^= u64(w[1] * 9n);
	y = u64(y + v[0] * 9n + words.at(at + 40));
	z = u64(rotate(u64(z + w[0]), 33n) * multiplier);
	v = weak(words, at, u64(v[1] * multiplier), u64(x + w[0]));
	w = weak(words, at + 32, u64(z + w[1]), u64(y + words.at(at + 16)));
	[z, x] = [x, z];
	return mix16(
		u64(mix16(v[0], w[0], multiplier) + shiftMix(y) * K0 + z),
		u64(mix16(v[1], w[1], multiplier) + x),
		multiplier,
	);
}
