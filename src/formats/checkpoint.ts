/**
 * TensorFlow's V2 checkpoint ("bundle"): `PREFIX.index` lists the tensors, `PREFIX.data-00000-of-00001` … hold
 * their bytes. The index is read at once, a tensor when somebody asks for it.
 */
import {
	BundleEntryCodec,
	type BundleEntryProto,
	BundleHeaderCodec,
	TrackableObjectGraphCodec,
} from '../../proto/codec.ts';
import { DT_STRING, dtypeName, dtypeSize } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { VariableSource } from '../graph/model-context.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { decodeText, encodeText } from '../graph/text.ts';
import { FieldReader } from '../graph/wire.ts';
import { crc32c, maskedCrc32c } from './crc32c.ts';
import type { FileSource } from './file-source.ts';
import { encodeSliceKey, parseSliceText, type TensorSlice } from './ordered-code.ts';
import { readSortedTable } from './sorted-table.ts';
import { elementsIn, placeSlice, takeSlice } from './tensor-slices.ts';

/** The key under which TensorFlow 2 keeps the graph of objects. */
const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH';

/** What the index says of one tensor. */
export interface CheckpointEntry {
	readonly key: string;
	readonly dtype: number;
	readonly shape: readonly number[];
	/** Bytes in the data files. */
	readonly bytes: number;
	/** How many slices it is kept in; 0 when it is in one piece. */
	readonly slices: number;
}

/** A checkpoint of either format. */
export interface CheckpointReader extends VariableSource {
	/** The path that its files begin with. */
	readonly prefix: string;
	readonly version: 1 | 2;
	has(key: string): boolean;
	describe(key: string): CheckpointEntry | undefined;
	/** Variable name → key, where the checkpoint holds TensorFlow 2's object graph. */
	fullNames(): Map<string, string>;
}

export class Checkpoint implements CheckpointReader {
	readonly prefix: string;
	readonly version = 2;
	readonly #files: FileSource;
	readonly #entries = new Map<string, BundleEntryProto>();
	readonly #slices = new Map<string, BundleEntryProto>();
	readonly #shards: number;

	/** @throws WhittleError `file` where the index is missing or damaged. */
	constructor(prefix: string, files: FileSource) {
		this.prefix = prefix;
		this.#files = files;
		const path = `${prefix}.index`;
		let shards: number | undefined;
		for (const [key, value] of readSortedTable(files.read(path), path)) {
			if (key === '') {
				const header = BundleHeaderCodec.decode(value);
				if (header.endianness !== 0)
					throw new WhittleError('file', `${path} was written on a big-endian machine.`);
				shards = header.num_shards;
			} else if (key.startsWith('\0')) this.#slices.set(key, BundleEntryCodec.decode(value));
			else this.#entries.set(decodeText(Buffer.from(key, 'latin1')), BundleEntryCodec.decode(value));
		}
		if (shards === undefined)
			throw new WhittleError('file', `${path} is no checkpoint index: it has no header.`);
		this.#shards = shards;
	}

	get keys(): readonly string[] {
		return [...this.#entries.keys()];
	}

	has(key: string): boolean {
		return this.#entries.has(key);
	}

	describe(key: string): CheckpointEntry | undefined {
		const entry = this.#entries.get(key);
		if (!entry) return undefined;
		return {
			key,
			dtype: entry.dtype,
			shape: shapeOf(entry),
			bytes: this.#bytesOf(key, entry),
			slices: entry.slices.length,
		};
	}

	/** Variable name → key, where the checkpoint holds TensorFlow 2's object graph. */
	fullNames(): Map<string, string> {
		const names = new Map<string, string>();
		if (!this.has(OBJECT_GRAPH)) return names;
		const [bytes] = this.read(OBJECT_GRAPH).data as readonly Uint8Array[];
		for (const node of TrackableObjectGraphCodec.decode(bytes ?? new Uint8Array(0)).nodes) {
			for (const attribute of node.attributes) {
				if (attribute.full_name) names.set(attribute.full_name, attribute.checkpoint_key);
			}
		}
		return names;
	}

	/** The whole tensor, put together where it is kept in slices. @throws WhittleError `file`. */
	read(key: string): TensorValue {
		const entry = this.#entries.get(key);
		if (!entry) throw new WhittleError('file', `\`${key}\` is not in the checkpoint ${this.prefix}.`);
		if (entry.slices.length === 0) return this.readEntry(key, entry);
		const shape = shapeOf(entry);
		this.#checkSlices(key, entry, shape);
		const data = allocate(entry.dtype, elementsIn(shape));
		for (const proto of entry.slices) {
			const slice = sliceOf(proto.extent);
			const stored = this.#slices.get(encodeSliceKey(encodeText(key), slice));
			if (!stored)
				throw new WhittleError('file', `A slice of \`${key}\` is missing in the checkpoint ${this.prefix}.`);
			placeSlice(data, shape, this.readEntry(key, stored), slice);
		}
		return { dtype: entry.dtype, shape, data };
	}

	#bytesOf(key: string, { size, slices }: BundleEntryProto): number {
		let bytes = Number(size);
		for (const { extent } of slices)
			bytes += Number(this.#slices.get(encodeSliceKey(encodeText(key), sliceOf(extent)))?.size ?? 0);
		return bytes;
	}

	/** Sizes that lie must not take memory: all slices together are as many values as the shape says. */
	#checkSlices(key: string, { slices }: BundleEntryProto, shape: readonly number[]): void {
		let values = 0;
		for (const { extent } of slices) {
			const lengths = shape.map((size, i) => {
				const start = Number(extent[i]?.start ?? 0);
				const length = extent[i]?.length === undefined ? size : Number(extent[i]!.length);
				return start >= 0 && length >= 0 && start + length <= size ? length : Number.NaN;
			});
			const stored = this.#slices.get(encodeSliceKey(encodeText(key), sliceOf(extent)));
			const count = elementsIn(lengths);
			// A string takes a byte at least, for its length.
			if (stored && !(count <= Number(stored.size))) values = Number.NaN;
			values += count;
		}
		if (!shape.every((size) => size >= 0) || values !== elementsIn(shape))
			throw new WhittleError('file', `The slices of \`${key}\` in the checkpoint do not make up its shape.`);
	}

	/** Part of a tensor. @param slice −1 as a length takes the whole dimension. */
	readSlice(key: string, slice: TensorSlice): TensorValue {
		return takeSlice(key, this.read(key), slice);
	}

	/** @throws WhittleError `file` where the text is no slice or goes beyond the tensor. */
	readPart(key: string, slice: string): TensorValue {
		return slice === '' ? this.read(key) : this.readSlice(key, parseSliceText(slice));
	}

	private readEntry(key: string, entry: BundleEntryProto): TensorValue {
		const shape = shapeOf(entry);
		const elements = elementsIn(shape);
		const bytes = this.readBytes(entry);
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

	private readBytes(entry: BundleEntryProto): Uint8Array {
		const digits = (n: number): string => String(n).padStart(5, '0');
		const path = `${this.prefix}.data-${digits(entry.shard_id)}-of-${digits(this.#shards)}`;
		const start = Number(entry.offset);
		const end = start + Number(entry.size);
		const size = this.#files.size(path);
		if (end > size)
			throw new WhittleError(
				'file',
				`${path} is cut off: it has ${size} bytes where the index points to byte ${end}.`,
			);
		return this.#files.read(path, start, end);
	}
}

function sliceOf(extent: BundleEntryProto['slices'][number]['extent']): TensorSlice {
	return {
		start: extent.map(({ start }) => Number(start)),
		length: extent.map(({ length }) => (length === undefined ? -1 : Number(length))),
	};
}

function shapeOf(entry: BundleEntryProto): number[] {
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
