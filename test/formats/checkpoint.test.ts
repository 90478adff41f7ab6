import { readFileSync } from 'node:fs';
import snappy from 'snappyjs';
import { describe, expect, test } from 'vitest';
import { Checkpoint } from '../../src/formats/checkpoint.ts';
import { maskedCrc32c } from '../../src/formats/crc32c.ts';
import { wholeFiles } from '../../src/formats/file-source.ts';
import { readSortedTable } from '../../src/formats/sorted-table.ts';
import { packageFile } from '../../src/graph/package-file.ts';

const folder = packageFile('test/data/checkpoints/');

function open(
	name: string,
	change: (path: string, bytes: Uint8Array) => Uint8Array = (_path, bytes) => bytes,
): Checkpoint {
	return new Checkpoint(
		folder + name,
		wholeFiles((path) => change(path, readFileSync(path))),
	);
}

describe('a checkpoint that TensorFlow wrote', () => {
	test('gives tensors kept in slices whole', () => {
		const checkpoint = open('partitioned');
		expect(checkpoint.keys).toEqual(['columns', 'plain', 'rows']);
		expect(checkpoint.describe('rows')).toMatchObject({ dtype: 1, shape: [7, 2], slices: 3 });
		expect([...(checkpoint.read('rows').data as Float32Array)]).toEqual(
			Array.from({ length: 14 }, (_, i) => i),
		);
		expect([...(checkpoint.read('columns').data as Float32Array)]).toEqual(
			Array.from({ length: 400 }, (_, i) => i),
		);
	});

	test('gives a part of a tensor', () => {
		const part = open('partitioned').readSlice('columns', { start: [0, 99], length: [-1, 3] });
		expect(part.shape).toEqual([2, 3]);
		expect([...(part.data as Float32Array)]).toEqual([99, 100, 101, 299, 300, 301]);
	});

	test('has every type of value', () => {
		const checkpoint = open('dtypes');
		const values = (key: string) => [...(checkpoint.read(key).data as Iterable<number | bigint>)];
		expect(values('float')).toEqual([1.5, -2]);
		expect(values('double')).toEqual([1e300, -0]);
		expect(values('int64')).toEqual([-(2n ** 63n), 2n ** 53n + 1n]);
		expect(values('uint64')).toEqual([2n ** 64n - 1n]);
		expect(values('int8')).toEqual([-128, 127]);
		expect(values('bool')).toEqual([1, 0, 1]);
		expect(values('half')).toEqual([0x2e66, 0xc000]);
		expect(values('bfloat16')).toEqual([0x3dcd]);
		expect(values('complex128')).toEqual([3, -4]);
		expect(checkpoint.read('empty').shape).toEqual([0, 3]);
		const strings = checkpoint.read('string');
		expect((strings.data as Uint8Array[]).map((bytes) => Buffer.from(bytes).toString())).toEqual([
			'',
			'short',
			'x'.repeat(300),
			'größe',
		]);
	});
});

describe('a damaged checkpoint', () => {
	test('a wrong byte in the data is found by its checksum', () => {
		const checkpoint = open('dtypes', (path, bytes) =>
			path.includes('.data') ? bytes.map((byte) => byte ^ 1) : bytes,
		);
		expect(() => checkpoint.read('float')).toThrow('The checksum of `float` in the checkpoint is wrong');
		expect(() => checkpoint.read('string')).toThrow();
	});

	test('a cut data file says so', () => {
		const checkpoint = open('partitioned', (path, bytes) =>
			path.includes('.data') ? bytes.subarray(0, 9) : bytes,
		);
		expect(() => checkpoint.read('rows')).toThrow(/is cut off: it has 9 bytes/);
	});

	test('every cut of the index is refused', () => {
		const index = readFileSync(`${folder}partitioned.index`);
		for (let length = 0; length < index.length; length += 7) {
			expect(() => readSortedTable(index.subarray(0, length), 'x.index')).toThrow(
				'no intact checkpoint index',
			);
		}
	});

	test('every flipped byte of the index is refused or harmless', () => {
		const intact = open('partitioned').keys;
		const { length } = readFileSync(`${folder}partitioned.index`);
		for (let i = 0; i < length; i++) {
			const flip = (path: string, bytes: Uint8Array) =>
				path.endsWith('.index') ? bytes.map((b, at) => (at === i ? b ^ 0x55 : b)) : bytes;
			let keys: readonly string[] = intact;
			try {
				keys = open('partitioned', flip).keys;
			} catch (error) {
				expect(error).toHaveProperty('code', 'file');
			}
			expect(keys).toEqual(intact);
		}
	});
});

test('packed blocks are unpacked', () => {
	expect(Buffer.from(readSortedTable(packTable(), 'packed.index')[0]![1]).toString()).toBe('value');
});

/** A table of one entry, `key` → `value`, with its blocks packed by snappy. */
function packTable(): Uint8Array {
	const entry = (key: string, value: Uint8Array) =>
		Buffer.concat([Buffer.from([0, key.length, value.length]), Buffer.from(key), value]);
	const block = (entries: Buffer) => Buffer.concat([entries, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0])]);
	const stored = (content: Buffer) => {
		const packed = Buffer.concat([snappy.compress(content), Buffer.from([1])]);
		const checksum = Buffer.alloc(4);
		checksum.writeUInt32LE(maskedCrc32c(packed));
		return Buffer.concat([packed, checksum]);
	};
	const data = stored(block(entry('key', Buffer.from('value'))));
	const index = stored(block(entry('z', Buffer.from([0, data.length - 5]))));
	const footer = Buffer.alloc(48);
	footer.set([0, 0, data.length, index.length - 5]);
	footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
	return Buffer.concat([data, index, footer]);
}
