/** A SavedModel around one graph: `saved_model.pb` with a signature, and an empty `variables/`. */
import { type Fields, type MetaGraphDef, MetaGraphDefCodec, type TensorInfo } from '../../proto/codec.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { SignatureTensor } from '../graph/model-context.ts';
import type { Work } from '../graph/progress.ts';
import { BYTES, FieldWriter, varintSize } from '../graph/wire.ts';
import { encodingGraphDef } from './graph-def.ts';

/** What `tf.saved_model.load` takes for a signature that can be called. */
const PREDICT = 'tensorflow/serving/predict';
const SCHEMA_VERSION = 1;
const GRAPH_FIELD = 2;
const META_GRAPH_FIELD = 2;
const LARGEST = 2 ** 31 - 1;

export interface ServedSignature {
	/** `serving_default` unless the model had another one. */
	readonly name: string;
	readonly inputs: readonly SignatureTensor[];
	readonly outputs: readonly SignatureTensor[];
}

/**
 * The bytes of `saved_model.pb` in pieces, made in turns; the graph's are not copied.
 * @throws WhittleError `file` beyond protobuf's limit of 2 GiB.
 */
export function* encodingSavedModel(graph: Graph, signature: ServedSignature): Work<Uint8Array[]> {
	const around: Fields<MetaGraphDef> = {
		meta_info_def: { tags: ['serve'], tensorflow_version: '', stripped_default_attrs: false },
		signature_def: {
			[signature.name]: {
				method_name: PREDICT,
				inputs: tensors(signature.inputs),
				outputs: tensors(signature.outputs),
			},
		},
	};
	const meta = MetaGraphDefCodec.encode(around);
	const body = yield* encodingGraphDef(graph);
	const bodyLength = body.reduce((total, piece) => total + piece.length, 0);
	const metaLength = meta.length + 1 + varintSize(bodyLength) + bodyLength;
	if (metaLength > LARGEST)
		throw new WhittleError('file', `The graph takes ${bodyLength} bytes; a SavedModel holds at most 2 GiB.`);
	const head = new FieldWriter()
		.tag(1, 0)
		.varint(SCHEMA_VERSION)
		.tag(META_GRAPH_FIELD, BYTES)
		.varint(metaLength)
		.raw(meta)
		.tag(GRAPH_FIELD, BYTES)
		.varint(bodyLength)
		.finish();
	return [head, ...body];
}

function tensors(list: readonly SignatureTensor[]): Record<string, Fields<TensorInfo>> {
	return Object.fromEntries(
		list.map(({ name, tensor, dtype, shape }) => [
			name,
			{
				name: tensor,
				dtype,
				tensor_shape: shape ? { dim: shape.map((size) => ({ size: long(size) })) } : { unknown_rank: true },
			},
		]),
	);
}

/** A whole number as protobufjs has 64-bit ones. */
function long(value: number): { low: number; high: number; unsigned: boolean } {
	return { low: value | 0, high: Math.floor(value / 2 ** 32), unsigned: false };
}
