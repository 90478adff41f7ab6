/** The loops over weights in WebAssembly give the bits that TypeScript gives. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packageFile } from '../../src/graph/package-file.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import { weightBlocks } from '../../src/ops/engine/blocks.ts';
import { murmurHash } from '../../src/transforms/murmur-hash.ts';

const SPECIAL = [0, -0, Number.NaN, 1e-40, -1e-40, 0.5, -0.5, 255.5, -255.5, 3.4e38, -3.4e38];

function floats(count: number, seed: number): Float32Array {
	const random = mulberry32(seed);
	return Float32Array.from({ length: count }, (_, i) =>
		i % 37 === 5 ? SPECIAL[i % SPECIAL.length]! : (random() - 0.3) * 2 ** Math.floor(random() * 12 - 6),
	);
}

// More than two blocks of 32,768 floats, and lengths that are no multiple of a vector.
const LENGTHS = [1, 3, 4, 1023, 32_768, 32_771, 70_001];

describe.skipIf(!existsSync(packageFile('dist/blocks.wasm')))('blocks', () => {
	const blocks = weightBlocks()!;

	test.each(LENGTHS)('the range of %i values', (count) => {
		const values = floats(count, count);
		const known = [...values].filter((value) => !Number.isNaN(value));
		const { min, max } = blocks.range(bytesOf(values), 7, -7);
		expect(min).toBe(known.reduce((a, b) => Math.min(b, a), 7));
		expect(max).toBe(known.reduce((a, b) => Math.max(a, b), -7));
	});

	test.each(LENGTHS)('%i values in eight bits', (count) => {
		const values = floats(count, count + 1).map((value) => (Math.abs(value) > 100 ? 1 : value));
		const [steps, zero] = [1.2751, 128];
		const expected = Uint8Array.from(values, (value) => {
			if (Number.isNaN(value)) return 0;
			const step = value * steps;
			return Math.min(255, Math.trunc(step + (step >= 0 ? 1 : -1) * 0.49999999999999994) + zero);
		});
		const target = new Uint8Array(count);
		blocks.quantize(bytesOf(values), steps, zero, target);
		expect(Buffer.compare(target, expected)).toBe(0);
	});

	test.each(LENGTHS)('%i values in the middle of their steps', (count) => {
		const values = floats(count, count + 2);
		const [min, width] = [Math.fround(-3.7), Math.fround(0.0371)];
		const { fround } = Math;
		const expected = values.map((value) => {
			const step = Math.floor(fround(fround(value - min) / width));
			const held = step >= -(2 ** 31) && step < 2 ** 31 ? step : -(2 ** 31);
			return min + fround(width * fround(fround(held) + 0.5));
		});
		const target = new Uint8Array(count * 4);
		blocks.round(bytesOf(values), min, width, target);
		expect(Buffer.compare(target, bytesOf(expected))).toBe(0);
	});

	test.each([2048, 2049, 131_072, 131_080, 300_007])('the hash of %i bytes', (count) => {
		const bytes = new Uint8Array(count + 3).map((_, i) => (i * 2654435761) >>> 13);
		const hash = { high: 0, low: 0 };
		murmurHash(bytes, hash, 3, count + 3);
		expect((BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0)).toBe(murmur64A(bytes.subarray(3)));
	});
});

function bytesOf(values: Float32Array): Uint8Array {
	return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** MurmurHash64A as it is published, with TensorFlow's seed. */
function murmur64A(bytes: Uint8Array): bigint {
	const m = 0xc6a4a7935bd1e995n;
	const cut = (value: bigint): bigint => BigInt.asUintN(64, value);
	let hash = cut(0xdecafcaffen ^ (BigInt(bytes.length) * m));
	const whole = bytes.length & ~7;
	const view = new DataView(bytes.buffer, bytes.byteOffset);
	for (let at = 0; at < whole; at += 8) {
		let word = cut(view.getBigUint64(at, true) * m);
		word = cut((word ^ (word >> 47n)) * m);
		hash = cut((hash ^ word) * m);
	}
	if (whole < bytes.length) {
		let tail = 0n;
		for (let i = bytes.length - 1; i >= whole; i--) tail = (tail << 8n) | BigInt(bytes[i]!);
		hash = cut((hash ^ tail) * m);
	}
	hash = cut((hash ^ (hash >> 47n)) * m);
	return hash ^ (hash >> 47n);
}
