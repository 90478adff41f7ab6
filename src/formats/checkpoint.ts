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
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { decodeText, encodeText } from '../graph/text.ts';
import type { CheckpointEntry, CheckpointReader } from './checkpoint-reader.ts';
import { entryValue, shapeOf } from './checkpoint-values.ts';
import type { FileSource } from './file-source.ts';
import { encodeSliceKey, parseSliceText, type TensorSlice } from './ordered-code.ts';
import { readSortedTable } from './sorted-table.ts';
import { elementsIn, placeSlice, takeSlice } from './tensor-slices.ts';

/** The key under which TensorFlow 2 keeps the graph of objects. */
const OBJECT_GRAPH = '_CHECKPOINTABLE_OBJECT_GRAPH';

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
		if (entry.slices.length === 0) return this.#readPiece(key, entry);
		const shape = shapeOf(entry);
		this.#checkSlices(key, entry, shape);
		const data = allocate(entry.dtype, elementsIn(shape));
		for (const proto of entry.slices) {
			const slice = sliceOf(proto.extent);
			const stored = this.#slices.get(encodeSliceKey(encodeText(key), slice));
			if (!stored)
				throw new WhittleError('file', `A slice of \`${key}\` is missing in the checkpoint ${this.prefix}.`);
			placeSlice(data, shape, this.#readPiece(key, stored), slice);
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

	#readPiece(key: string, entry: BundleEntryProto): TensorValue {
		return entryValue(key, entry, this.#readBytes(entry));
	}

	#readBytes(entry: BundleEntryProto): Uint8Array {
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
