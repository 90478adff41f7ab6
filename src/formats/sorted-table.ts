/** The sorted string table (LevelDB's format) in which TensorFlow keeps the index of a checkpoint. */
import snappy from 'snappyjs';
import { WhittleError } from '../graph/error.ts';
import { FieldReader } from '../graph/wire.ts';
import { maskedCrc32c } from './crc32c.ts';

const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** No block of an index is larger than this when unpacked. */
const LARGEST_BLOCK = 1 << 28;

/**
 * All entries in key order. Keys are bytes, given as latin-1 strings.
 * @throws WhittleError `file` where the table is damaged; checksums are verified.
 */
export function readSortedTable(file: Uint8Array, path: string): [key: string, value: Uint8Array][] {
	if (file.length < FOOTER) throw damaged(path, `${file.length} bytes are too few`);
	const footer = file.subarray(file.length - FOOTER);
	const view = new DataView(footer.buffer, footer.byteOffset, FOOTER);
	if (view.getBigUint64(40, true) !== MAGIC) throw damaged(path, 'its last bytes are not those of a table');
	const handles = new FieldReader(footer, 0, 40);
	handles.varint();
	handles.varint();
	const index = readBlock(file, handles.varint(), handles.varint(), path);
	const entries: [string, Uint8Array][] = [];
	for (const [, handle] of blockEntries(index, path)) {
		const at = new FieldReader(handle);
		for (const entry of blockEntries(readBlock(file, at.varint(), at.varint(), path), path))
			entries.push(entry);
	}
	return entries;
}

/** A block, unpacked. Behind it stand one byte for the kind of packing and its checksum. */
function readBlock(file: Uint8Array, offset: number, size: number, path: string): Uint8Array {
	if (offset + size + 5 > file.length) throw damaged(path, `a block at byte ${offset} goes beyond the end`);
	const packed = file.subarray(offset, offset + size);
	const kind = file[offset + size]!;
	const stored = new DataView(file.buffer, file.byteOffset + offset + size + 1, 4).getUint32(0, true);
	if (maskedCrc32c(file.subarray(offset, offset + size + 1)) !== stored) {
		throw damaged(path, `the checksum of the block at byte ${offset} is wrong`);
	}
	if (kind === 0) return packed;
	if (kind !== 1) throw damaged(path, `the block at byte ${offset} is packed in an unknown way (${kind})`);
	try {
		return snappy.uncompress(packed, LARGEST_BLOCK);
	} catch {
		throw damaged(path, `the block at byte ${offset} cannot be unpacked`);
	}
}

/** Entries share the beginning of their key with the one before. */
function blockEntries(block: Uint8Array, path: string): [string, Uint8Array][] {
	if (block.length < 4) throw damaged(path, 'a block is too short');
	const restarts = new DataView(block.buffer, block.byteOffset + block.length - 4, 4).getUint32(0, true);
	const end = block.length - 4 - restarts * 4;
	const reader = new FieldReader(block, 0, Math.max(0, end));
	const entries: [string, Uint8Array][] = [];
	let key = '';
	while (reader.position < end) {
		const shared = reader.varint();
		const fresh = reader.varint();
		const length = reader.varint();
		const at = reader.position;
		if (shared > key.length || at + fresh + length > end)
			throw damaged(path, 'an entry goes beyond its block');
		key = key.slice(0, shared) + Buffer.from(block.subarray(at, at + fresh)).toString('latin1');
		entries.push([key, block.subarray(at + fresh, at + fresh + length)]);
		reader.position = at + fresh + length;
	}
	return entries;
}

function damaged(path: string, what: string): WhittleError {
	return new WhittleError('file', `${path} is no intact checkpoint index: ${what}.`);
}
