/** TensorFlow's first kind of checkpoint: one sorted table, whose first entry lists the tensors in the others. */
import { dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { readShapeProto } from '../graph/shape-proto.ts';
import { Tensor, type TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { decodeText } from '../graph/text.ts';
import { FieldReader, FieldWriter, VARINT } from '../graph/wire.ts';
import type { CheckpointEntry, CheckpointReader } from './checkpoint-reader.ts';
import type { FileSource } from './file-source.ts';
import { parseSliceText, type TensorSlice } from './ordered-code.ts';
import { readSortedTable } from './sorted-table.ts';
import { elementsIn, placeSlice, takeSlice } from './tensor-slices.ts';

/** The table is read whole. */
const LARGEST = 2 ** 30;

interface Listed {
	readonly dtype: number;
	readonly shape: readonly number[];
	/** The slices that were found, their values as a TensorProto without dtype and shape. */
	readonly parts: { readonly slice: TensorSlice; readonly data: Uint8Array }[];
	/** How many slices the list of tensors tells of. */
	readonly slices: number;
}

export class CheckpointV1 implements CheckpointReader {
	readonly prefix: string;
	readonly version = 1;
	readonly #tensors = new Map<string, Listed>();

	/** @throws WhittleError `file` where the file is damaged, or too large to be read whole. */
	constructor(path: string, files: FileSource) {
		this.prefix = path;
		if (files.size(path) > LARGEST) {
			throw new WhittleError('file', `${path} is a V1 checkpoint of more than 1 GiB.`, {
				hint: 'Restore it in TensorFlow and save it again: the V2 format is read in part.',
			});
		}
		for (const [key, value] of readSortedTable(files.read(path), path)) this.#take(key, value);
	}

	/** SavedTensorSlices: `meta` in field 1, one slice's `data` in field 2. */
	#take(key: string, value: Uint8Array): void {
		const reader = new FieldReader(value);
		while (reader.next()) {
			if (reader.field === 1 && key === '') this.#list(reader.slice);
			if (reader.field !== 2) continue;
			const { name, slice, data } = savedSlice(reader.slice);
			const listed = this.#tensors.get(name);
			if (!listed) throw damaged(this.prefix, `it has values of \`${name}\`, which it does not list`);
			listed.parts.push({ slice, data });
		}
	}

	#list(meta: Uint8Array): void {
		const reader = new FieldReader(meta);
		while (reader.next()) {
			if (reader.field !== 1) continue;
			let name = '';
			let shape: readonly number[] = [];
			let dtype = 0;
			let slices = 0;
			const tensor = new FieldReader(reader.slice);
			while (tensor.next()) {
				if (tensor.field === 1) name = decodeText(tensor.slice);
				else if (tensor.field === 2) shape = readShapeProto(tensor.slice).sizes.map(Number);
				else if (tensor.field === 3) dtype = tensor.number;
				else if (tensor.field === 4) slices++;
			}
			this.#tensors.set(name, { dtype, shape, parts: [], slices });
		}
	}

	get keys(): readonly string[] {
		return [...this.#tensors.keys()];
	}

	has(key: string): boolean {
		return this.#tensors.has(key);
	}

	describe(key: string): CheckpointEntry | undefined {
		const found = this.#tensors.get(key);
		if (!found) return undefined;
		const { dtype, shape, parts, slices } = found;
		const bytes = parts.reduce((total, { data }) => total + data.length, 0);
		return { key, dtype, shape, bytes, slices: slices > 1 ? slices : 0 };
	}

	/** This format has no graph of objects. */
	fullNames(): Map<string, string> {
		return new Map();
	}

	read(key: string): TensorValue {
		const found = this.#tensors.get(key);
		if (!found) throw new WhittleError('file', `\`${key}\` is not in the checkpoint ${this.prefix}.`);
		const { dtype, shape, parts } = found;
		const elements = elementsIn(shape);
		const stored = parts.reduce((total, { data }) => total + data.length, 0);
		if (!(elements <= stored * 8))
			throw damaged(this.prefix, `\`${key}\` has fewer values than its shape says`);
		const target = allocate(dtype, elements);
		let placed = 0;
		for (const { slice, data } of parts) {
			const lengths = shape.map((size, i) => ((slice.length[i] ?? -1) < 0 ? size : slice.length[i]!));
			if (lengths.some((length, i) => (slice.start[i] ?? 0) + length > shape[i]!))
				throw damaged(this.prefix, `a slice of \`${key}\` goes beyond its shape`);
			placeSlice(target, shape, { dtype, shape: lengths, data: values(key, dtype, lengths, data) }, slice);
			placed += elementsIn(lengths);
		}
		if (placed < elements) throw damaged(this.prefix, `a slice of \`${key}\` is missing`);
		return { dtype, shape, data: target };
	}

	readPart(key: string, slice: string): TensorValue {
		const whole = this.read(key);
		return slice === '' ? whole : takeSlice(key, whole, parseSliceText(slice));
	}
}

/** SavedSlice: name, slice, and a TensorProto that has only values. */
function savedSlice(bytes: Uint8Array): { name: string; slice: TensorSlice; data: Uint8Array } {
	let name = '';
	let data: Uint8Array = new Uint8Array(0);
	const start: number[] = [];
	const length: number[] = [];
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field === 1) name = decodeText(reader.slice);
		else if (reader.field === 3) data = reader.slice;
		else if (reader.field === 2) {
			const extents = new FieldReader(reader.slice);
			while (extents.next()) {
				if (extents.field !== 1) continue;
				let from = 0;
				let count = -1;
				const extent = new FieldReader(extents.slice);
				while (extent.next()) {
					if (extent.field === 1) from = extent.number;
					else if (extent.field === 2) count = extent.number;
				}
				start.push(from);
				length.push(count);
			}
		}
	}
	return { name, slice: { start, length }, data };
}

function values(key: string, dtype: number, shape: readonly number[], data: Uint8Array): TensorValue['data'] {
	const sizes = new FieldWriter();
	for (const size of shape) sizes.bytes(2, new FieldWriter().tag(1, VARINT).varint(size).finish());
	const proto = new FieldWriter().tag(1, VARINT).varint(dtype).bytes(2, sizes.finish()).raw(data).finish();
	const tensor = Tensor.read(proto);
	if (!tensor.decodable)
		throw new WhittleError('file', `\`${key}\` (${dtypeName(dtype)}) cannot be read: ${tensor.problem}.`);
	return tensor.data;
}

function damaged(path: string, what: string): WhittleError {
	return new WhittleError('file', `${path} is no intact checkpoint: ${what}.`);
}
