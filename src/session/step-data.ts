/** What is known of a step, and what its answer tells. */
import type { Graph } from '../graph/graph.ts';
import type { Transform } from '../transforms/define.ts';
import type { Invocation } from '../transforms/language.ts';
import type { StepResult } from '../transforms/run.ts';
import type { GraphSize } from './status.ts';

export interface StepData {
	readonly transform: string;
	readonly arguments: Readonly<Record<string, readonly string[]>>;
	/** The step's number; for a preview the one that it would get. */
	readonly step: number;
	readonly before: GraphSize;
	readonly after: GraphSize;
	readonly added: readonly string[];
	readonly removed: readonly string[];
	readonly changed: readonly string[];
	/** The same nodes in another order. */
	readonly reordered: boolean;
	readonly skipped: readonly { readonly node: string; readonly reason: string; readonly hint?: string }[];
	readonly loss: Transform['loss'];
	readonly note: string;
	readonly warnings: readonly string[];
	readonly preview?: true;
}

export interface StepFacts {
	readonly transform: Transform;
	readonly invocation: Invocation;
	readonly before: Graph;
	readonly result: StepResult;
	readonly step: number;
	readonly ms: number;
	readonly preview: boolean;
	/** Names of the transforms that ran before it on its branch. */
	readonly ranBefore: ReadonlySet<string>;
}
