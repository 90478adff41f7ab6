/** What a transform is. One declaration; checking, help, completion, tables and JSON come from it. */
import type { FileSource } from '../formats/file-source.ts';
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';
import type { GivenParameters, Parameters, ParameterValues } from './parameters.ts';

/**
 * What a transform may cost. `exact`: outputs stay equal to the bit. `numeric`: equal up to rounding.
 * `lossy`: values are approximated on purpose. `interface`: names, shapes or ops that callers rely on change.
 */
export type Loss = 'exact' | 'numeric' | 'lossy' | 'interface';

/** A place that a transform left alone, and why. */
export interface Skip {
	readonly node: string;
	/** A clause without a full stop: `its other input is not a Const: it is an Identity`. */
	readonly reason: string;
	/** A line that would help: `remove_nodes(op=Identity)`. */
	readonly hint?: string | undefined;
}

/** The inputs and outputs of a graph, as transforms take them. */
export interface GraphEnds {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

/** Where a transform says what it did not do. What it did is found by comparing the graphs. */
export interface Reporter {
	/** One near miss. Only for places that a person could have expected to change. */
	skip(node: string, reason: string, hint?: string): void;
	/** A sentence for the whole step. A step that changed nothing should have one. */
	note(text: string): void;
	/** A danger that the step brought in: `quantized to the range 0 … 1.2e-38`. */
	warn(text: string): void;
	/** The inputs and outputs that hold after the step, where it renames or cuts them. */
	ends(ends: GraphEnds): void;
}

export interface TransformContext<P extends Parameters> {
	readonly graph: Graph;
	/** As given, unchanged for a whole list of transforms: `a`, `a:0`, `^a`. */
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly params: ParameterValues<P>;
	/** The values as typed, also of parameters that nobody declared. */
	readonly given: GivenParameters;
	readonly report: Reporter;
	/** Reads a file that a parameter names. @throws WhittleError `file`. */
	readFile(path: string): Uint8Array;
	/** Reads parts of files that are too large to be read whole, where the caller can. */
	readonly files?: FileSource | undefined;
}

/** A graph at once, or, for long work, progress now and then and the graph in the end. */
export type TransformResult = Graph | Work<Graph>;

export interface TransformDeclaration<P extends Parameters> {
	readonly name: string;
	/** One line, no full stop. */
	readonly summary: string;
	/** Paragraphs for `help NAME`: what it is for, cautions, corner cases. */
	readonly details?: string;
	/** `tensorflow`: the C++ tool has it under this name, with this result. `whittle`: ours. */
	readonly origin: 'tensorflow' | 'whittle';
	readonly loss: Loss;
	/** The pattern, drawn before and after. */
	readonly picture?: string;
	readonly params: P;
	/** Lines that work on some graph. */
	readonly examples: readonly string[];
	/** Transforms that should have run before this one for it to find its pattern. */
	readonly after?: readonly string[];
	readonly seeAlso?: readonly string[];
	/** A second run on its own result changes nothing. Default true. */
	readonly idempotent?: boolean;
	/**
	 * Pure: no printing, no clock, no files but `readFile`. Returning `context.graph` itself keeps the other
	 * top-level fields; any other graph should be made with `keepNodes`.
	 * @throws WhittleError `transform` with the C++ tool's message.
	 */
	apply(context: TransformContext<P>): TransformResult;
}

/** A declared transform, whatever its parameters. */
export type Transform = TransformDeclaration<Parameters>;

/** Declares a transform: the types of its parameters are inferred, then forgotten. */
export function defineTransform<const P extends Parameters>(transform: TransformDeclaration<P>): Transform {
	return transform as unknown as Transform;
}
