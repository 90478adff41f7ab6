/** What a checkpoint of either format gives. */
import type { VariableSource } from '../graph/model-context.ts';

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
