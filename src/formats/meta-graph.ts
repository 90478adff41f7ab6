/** MetaGraphDef: a graph with its signatures, collections, saver and assets. The graph stays where it lies. */

import {
	type AssetFileDef,
	AssetFileDefCodec,
	MetaInfoDefCodec,
	type SaverDef,
	SaverDefCodec,
	type SignatureDef,
	SignatureDefCodec,
	type TensorInfo,
} from '../../proto/codec.ts';
import { DT_INT64 } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Signature, SignatureTensor } from '../graph/model-context.ts';
import type { Work } from '../graph/progress.ts';
import { compareBytes, decodeText } from '../graph/text.ts';
import { FieldReader } from '../graph/wire.ts';
import { readingGraphDef } from './graph-def.ts';

export interface MetaGraph {
	readonly graph: Graph;
	readonly tags: readonly string[];
	/** The release that wrote it; empty when it does not say. */
	readonly tensorflowVersion: string;
	/** Sorted by name; `__saved_model_init_op` and the like included. */
	readonly signatures: readonly Signature[];
	/** Collection → serialized CollectionDef. */
	readonly collections: ReadonlyMap<string, Uint8Array>;
	readonly saver: SaverDef | undefined;
	readonly assets: readonly AssetFileDef[];
	/** The serialized MetaGraphDef. */
	readonly bytes: Uint8Array;
}

/** @throws WhittleError `file` where the bytes are no MetaGraphDef. */
export function* readingMetaGraph(bytes: Uint8Array): Work<MetaGraph> {
	let graphBytes: Uint8Array = new Uint8Array(0);
	let tags: readonly string[] = [];
	let tensorflowVersion = '';
	let saver: SaverDef | undefined;
	const signatures: Signature[] = [];
	const collections = new Map<string, Uint8Array>();
	const assets: AssetFileDef[] = [];
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		switch (reader.field) {
			case 1: {
				const info = MetaInfoDefCodec.decode(reader.slice);
				tags = info.tags;
				tensorflowVersion = info.tensorflow_version;
				break;
			}
			case 2:
				graphBytes = reader.slice;
				break;
			case 3:
				saver = SaverDefCodec.decode(reader.slice);
				break;
			case 4: {
				const entry = mapEntry(reader.slice);
				collections.set(entry.key, entry.value);
				break;
			}
			case 5: {
				const entry = mapEntry(reader.slice);
				signatures.push(readSignature(entry.key, SignatureDefCodec.decode(entry.value)));
				break;
			}
			case 6:
				assets.push(AssetFileDefCodec.decode(reader.slice));
				break;
		}
	}
	signatures.sort((a, b) => compareBytes(a.name, b.name));
	return {
		graph: yield* readingGraphDef(graphBytes),
		tags,
		tensorflowVersion,
		signatures,
		collections,
		saver,
		assets,
		bytes,
	};
}

function mapEntry(bytes: Uint8Array): { key: string; value: Uint8Array } {
	let key = '';
	let value: Uint8Array = new Uint8Array(0);
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field === 1) key = decodeText(bytes, reader.start, reader.end);
		else if (reader.field === 2) value = reader.slice;
	}
	return { key, value };
}

function readSignature(name: string, signature: SignatureDef): Signature {
	return {
		name,
		method: signature.method_name,
		inputs: tensors(signature.inputs),
		outputs: tensors(signature.outputs),
	};
}

function tensors(map: Readonly<Record<string, TensorInfo>>): SignatureTensor[] {
	return Object.entries(map)
		.sort(([a], [b]) => compareBytes(a, b))
		.flatMap(([name, info]) => tensorOf(name, info));
}

/** A sparse or composite tensor is its parts, `name/values` and so on. */
function tensorOf(name: string, info: TensorInfo): SignatureTensor[] {
	const { tensor_shape: proto, dtype } = info;
	const shape = !proto || proto.unknown_rank ? null : proto.dim.map((dim) => Number(dim.size));
	if (info.coo_sparse) {
		const { values_tensor_name, indices_tensor_name, dense_shape_tensor_name } = info.coo_sparse;
		return [
			{ name: `${name}/values`, tensor: values_tensor_name, dtype, shape: [-1] },
			{ name: `${name}/indices`, tensor: indices_tensor_name, dtype: DT_INT64, shape: [-1, -1] },
			{ name: `${name}/dense_shape`, tensor: dense_shape_tensor_name, dtype: DT_INT64, shape: [-1] },
		];
	}
	if (info.composite_tensor) {
		return info.composite_tensor.components.flatMap((part, i) => tensorOf(`${name}/${i}`, part));
	}
	return info.name ? [{ name, tensor: info.name, dtype, shape }] : [];
}

/** `_saved_model_init_op` and other signatures that are not for callers. */
export function isInternalSignature(name: string): boolean {
	return name.startsWith('__saved_model_');
}

/** The signature that a person most likely means: the one asked for, `serving_default`, or the only one. */
export function defaultSignature(signatures: readonly Signature[], asked?: string): Signature | undefined {
	if (asked !== undefined) return signatures.find((signature) => signature.name === asked);
	const callable = signatures.filter((signature) => !isInternalSignature(signature.name));
	return callable.find((signature) => signature.name === 'serving_default') ?? callable[0];
}
