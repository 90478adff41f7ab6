/**
 * The protobuf codec of TensorFlow's messages, built from `descriptor.json` when first used: that costs
 * about 20 ms, which a run that decodes no message never pays.
 */
import protobuf from 'protobufjs/light.js';
import descriptor from './descriptor.json' with { type: 'json' };
import type * as messages from './messages.ts';

export type * from './messages.ts';

/** One message type: bytes to message and back. Unknown fields survive a round trip. */
export interface Codec<M> {
	/** @throws when the bytes are no such message. */
	decode(bytes: Uint8Array): M;
	/** Fields that are left out are not written; a nested message is a plain object. */
	encode(fields: Fields<M>): Uint8Array;
	/** The protobufjs type, as the text format needs it. */
	readonly type: protobuf.Type;
}

/** A message with any of its fields left out, at every depth. */
export type Fields<T> = T extends Uint8Array | number | string | boolean | null
	? T
	: T extends (infer E)[]
		? Fields<E>[]
		: { [K in keyof T]?: Fields<T[K]> };

let root: protobuf.Root | undefined;

/** All message types. */
export function protoRoot(): protobuf.Root {
	root ??= protobuf.Root.fromJSON(descriptor as protobuf.INamespace);
	return root;
}

function codec<M>(name: string): Codec<M> {
	let type: protobuf.Type | undefined;
	const load = (): protobuf.Type => {
		type ??= protoRoot().lookupType(`tensorflow.${name}`);
		return type;
	};
	return {
		get type() {
			return load();
		},
		decode(bytes) {
			const reader = protobuf.Reader.create(bytes);
			reader.discardUnknown = false;
			return load().decode(reader) as unknown as M;
		},
		encode: (fields) =>
			load()
				.encode(fields as { [field: string]: unknown })
				.finish(),
	};
}

export const AttrValueCodec = codec<messages.AttrValue>('AttrValue');
export const NodeDefCodec = codec<messages.NodeDef>('NodeDef');
export const GraphDefCodec = codec<messages.GraphDef>('GraphDef');
export const FunctionDefCodec = codec<messages.FunctionDef>('FunctionDef');
export const FunctionDefLibraryCodec = codec<messages.FunctionDefLibrary>('FunctionDefLibrary');
export const TensorProtoCodec = codec<messages.TensorProto>('TensorProto');
export const TensorShapeProtoCodec = codec<messages.TensorShapeProto>('TensorShapeProto');
export const OpDefCodec = codec<messages.OpDef>('OpDef');
export const VersionDefCodec = codec<messages.VersionDef>('VersionDef');
export const SavedModelCodec = codec<messages.SavedModel>('SavedModel');
export const SignatureDefCodec = codec<messages.SignatureDef>('SignatureDef');
export const CollectionDefCodec = codec<messages.CollectionDef>('CollectionDef');
export const SaverDefCodec = codec<messages.SaverDef>('SaverDef');
export const AssetFileDefCodec = codec<messages.AssetFileDef>('AssetFileDef');
export const MetaInfoDefCodec = codec<messages.MetaGraphDef_MetaInfoDef>('MetaGraphDef.MetaInfoDef');
export const MetaGraphDefCodec = codec<messages.MetaGraphDef>('MetaGraphDef');
export const BundleHeaderCodec = codec<messages.BundleHeaderProto>('BundleHeaderProto');
export const BundleEntryCodec = codec<messages.BundleEntryProto>('BundleEntryProto');
export const TrackableObjectGraphCodec = codec<messages.TrackableObjectGraph>('TrackableObjectGraph');
