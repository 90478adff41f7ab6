/** What a SavedModel, MetaGraph or checkpoint adds to a bare graph. A graph value carries it along unchanged. */
import type { TensorValue } from './tensor.ts';

/** A tensor of a signature: `name` is the signature's own word for it, `tensor` the graph's (`node:port`). */
export interface SignatureTensor {
	readonly name: string;
	readonly tensor: string;
	readonly dtype: number;
	/** −1 unknown size, null unknown rank. */
	readonly shape: readonly number[] | null;
}

export interface Signature {
	readonly name: string;
	readonly method: string;
	readonly inputs: readonly SignatureTensor[];
	readonly outputs: readonly SignatureTensor[];
}

/** Values of variables by checkpoint key; read only when asked for. */
export interface VariableSource {
	readonly keys: readonly string[];
	/** Type and shape without reading the values; undefined when the key is not there. */
	describe(key: string): { readonly dtype: number; readonly shape: readonly number[] } | undefined;
	read(key: string): TensorValue;
	/** A part, as `RestoreV2` spells it: the full shape, then `start,length` by dimension, `-` for all of it. */
	readPart(key: string, slice: string): TensorValue;
}

/** Where a variable's value stands. */
export interface VariableKey {
	readonly key: string;
	/** The part of it, as `RestoreV2` spells slices: `4 1 0,2:0,1`; empty for the whole. */
	readonly slice: string;
}

export interface ModelContext {
	readonly signatures: readonly Signature[];
	/** The signature chosen on opening. */
	readonly signature?: Signature | undefined;
	readonly tags: readonly string[];
	readonly variables?: VariableSource | undefined;
	/** Variable or handle node → its place among the variables, as far as the model itself tells. */
	readonly variableKeys?: ReadonlyMap<string, VariableKey> | undefined;
	/** Node that stands for the path of an asset → the asset's name inside `assets/`. */
	readonly assetFiles?: ReadonlyMap<string, string> | undefined;
	/** Reads an asset file of the model by its name inside `assets/`. */
	readonly asset?: ((name: string) => Uint8Array) | undefined;
	/** The serialized MetaGraphDef or SavedModel, for what nobody has named yet. */
	readonly meta?: Uint8Array | undefined;
}
