/**
 * Spells If and While over functions out with the ops of TensorFlow 1. The functions become direct calls, which the
 * inliner then replaces.
 */
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { lowerIf } from './lower-if.ts';
import { lowerWhile } from './lower-while.ts';
import { type Lowered, Lowering } from './lowering.ts';

const BRANCHES = new Set(['If', 'StatelessIf']);
const LOOPS = new Set(['While', 'StatelessWhile']);

/** The functions that an If or While runs; none for other nodes. */
export function controlledFunctions(node: Node, functions: FunctionLibrary): GraphFunction[] {
	const names = BRANCHES.has(node.op)
		? ['then_branch', 'else_branch']
		: LOOPS.has(node.op)
			? ['cond', 'body']
			: [];
	return names.flatMap((name) => functions.get(node.attr(name)?.functionName ?? '') ?? []);
}

export class ControlFlowLowerer {
	branches = 0;
	loops = 0;
	readonly #lowering: Lowering;

	/** @param freeName gives a name that no node has, like the wanted one, and takes it. */
	constructor(functions: FunctionLibrary, nodes: readonly Node[], freeName: (wanted: string) => string) {
		this.#lowering = new Lowering(functions, nodes, freeName);
	}

	/** Call of a branch, a condition or a body → the node that what reads nothing in it must wait for. */
	get pivots(): ReadonlyMap<string, string> {
		return this.#lowering.pivots;
	}

	/** Whether an input is there even where the function around it does not run. */
	isUngated(input: string): boolean {
		return this.#lowering.isUngated(input);
	}

	/**
	 * @param pivot what says that the function around the node runs; undefined in the graph itself.
	 * @returns undefined for a node that is no If or While, or a While without values.
	 * @throws WhittleError `transform` at a function that is missing.
	 */
	lower(node: Node, pivot: string | undefined): Lowered | undefined {
		if (BRANCHES.has(node.op)) {
			this.branches++;
			return lowerIf(this.#lowering, node, pivot);
		}
		if (!LOOPS.has(node.op) || node.inputs.every(isControl)) return undefined;
		this.loops++;
		return lowerWhile(this.#lowering, node, pivot);
	}
}
