/** The bytes of a checkpoint's data files as tensors, their checksums held against the index. */
import type { BundleEntryProto } from '../../proto/codec.ts';
import { DT_STRING, dtypeName, dtypeSize } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { FieldReader } from '../graph/wire.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import { elementsIn } from './tensor-slices.ts';

/** A tensor that lies in one piece. @throws WhittleError `file` where the bytes are not what the index says. */
export function entryValue(key: string, entry: BundleEntryProto, bytes: Uint8Array): TensorValue {
	const shape = shapeOf(entry);
	const elements = elementsIn(shape);
	if (entry.dtype === DT_STRING)
		return { dtype: entry.dtype, shape, data: readStrings(key, bytes, elements, entry.crc32c) };
	const size = dtypeSize(entry.dtype);
	if (size === 0)
		throw new WhittleError('file', `\`${key}\` is of type ${dtypeName(entry.dtype)}, which has no values.`);
	if (shape.some((dim) => dim < 0) || bytes.length !== elements * size) {
		throw new WhittleError(
			'file',
			`\`${key}\` takes ${bytes.length} bytes in the checkpoint where its shape needs ${elements * size}.`,
		);
	}
	if (maskedCrc32c(bytes) !== entry.crc32c >>> 0) throw wrongChecksum(key);
	const data = allocate(entry.dtype, elements) as Float32Array;
	new Uint8Array(data.buffer).set(bytes);
	return { dtype: entry.dtype, shape, data };
}

/** The shape of a tensor in the index. */
export function shapeOf(entry: BundleEntryProto): number[] {
	return (entry.shape?.dim ?? []).map((dim) => Number(dim.size));
}

/** Lengths as varints, their checksum, then the bytes; the entry's checksum runs over all, lengths as fixed32. */
function readStrings(key: string, bytes: Uint8Array, elements: number, checksum: number): Uint8Array[] {
	const reader = new FieldReader(bytes);
	if (elements > bytes.length)
		throw new WhittleError('file', `\`${key}\` has fewer strings in the checkpoint than its shape says.`);
	const lengths = Array.from({ length: elements }, () => reader.varint());
	let crc = crc32c(new Uint8Array(Uint32Array.from(lengths).buffer));
	const stored = bytes.subarray(reader.position, reader.position + 4);
	crc = crc32c(stored, crc);
	const values: Uint8Array[] = [];
	let at = reader.position + 4;
	for (const length of lengths) {
		values.push(bytes.subarray(at, at + length));
		at += length;
	}
	if (at !== bytes.length || maskedCrc32c(bytes.subarray(reader.position + 4), crc) !== checksum >>> 0)
		throw wrongChecksum(key);
	return values;
}

function wrongChecksum(key: string): WhittleError {
	return new WhittleError(
		'file',
		`The checksum of \`${key}\` in the checkpoint is wrong: the file is damaged.`,
	);
}
