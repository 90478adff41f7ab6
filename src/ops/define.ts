/** What an op is, declared once: its shape function, its exact kernel and its cost. Signatures come from the registry. */
import type { Attr } from '../graph/attr.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Epilogue, Workspace } from './engine/workspace.ts';

/** Sizes with −1 for unknown; null for an unknown rank. */
export type Shape = readonly number[] | null;

/** A node as shape functions and kernels see it. */
export interface OpContext {
	readonly node: Node;
	/** The node's attribute, or the op's default for it; undefined when there is neither. */
	attr(name: string): Attr | undefined;
	/** How many outputs the node has. */
	readonly outputCount: number;
}

/** The tensor behind a resource: a variable's. */
export interface HandleData {
	readonly dtype: number;
	readonly shape: Shape;
}

export interface ShapeContext extends OpContext {
	/** Shapes of the data inputs, in order. */
	readonly inputs: readonly Shape[];
	/** The producer version in the graph's `versions`; 0 without one. */
	readonly producer: number;
	/** What a resource input holds, where it is known. */
	handle(input: number): HandleData | undefined;
	/** Says what a resource output holds. */
	setHandle(output: number, data: HandleData): void;
	/** The value of a data input where it is known before running, else undefined. */
	value(input: number): TensorValue | undefined;
	/** A data input read as a vector of sizes, −1 for entries not known; undefined when nothing is known. */
	sizes(input: number): readonly number[] | undefined;
}

/** Output shapes, one an output. @throws WhittleError `graph` where the inputs do not fit. */
export type ShapeFunction = (context: ShapeContext) => readonly Shape[];

export interface KernelContext extends OpContext {
	/** Dtypes of the outputs, in order. */
	readonly outputDtypes: readonly number[];
	/** The run's memory for heavy kernels; without it they use memory of their own and copy results out of it. */
	readonly workspace?: Workspace | undefined;
	/** A bias and a range that the run wants applied to the result of a convolution or product. */
	readonly epilogue?: Epilogue | undefined;
}

/**
 * Output values, one an output. Inputs are never changed; an output may share an input's array.
 * @throws WhittleError `evaluate` for what is not implemented or not valid, never a guess.
 */
export type Kernel = (inputs: readonly TensorValue[], context: KernelContext) => readonly TensorValue[];

/** Multiply-adds counted as two. undefined when a shape it needs is unknown. */
export type Flops = (context: {
	readonly node: Node;
	readonly inputs: readonly Shape[];
	readonly outputs: readonly Shape[];
}) => number | undefined;

export interface OpDeclaration {
	/** Op types that this declaration covers. */
	readonly names: readonly string[];
	readonly shape?: ShapeFunction;
	readonly kernel?: Kernel;
	/**
	 * TensorFlow's folding computes with denormals read and written as zero; ops that only move bits keep them.
	 * True for an op that computes.
	 */
	readonly flushesDenormals?: boolean;
	readonly flops?: Flops;
	/** The rule of `flops` in words, for the documents. */
	readonly flopsRule?: string;
	/** What the kernel computes with, in words, for the table in `docs/engine.md`; others are refused by name. */
	readonly dtypes?: string;
	/** What is refused or differs, for the table in `docs/engine.md`. */
	readonly limits?: string;
}
