/** Takes nodes out of a graph with what only they read, as `sparsify_gather` does (spec: folding 8.3 d). */
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import type { ReferenceCounts } from './reference-counts.ts';

/** Ops that are nothing with a single input left. */
const NEEDS_TWO = new Set(['Assign', 'Reshape', 'Equal', 'Mean', 'ScalarSummary']);

/**
 * The C++ tool walks over the whole graph for each name; here the nodes of a name and its readers are looked
 * up, and taken in the order of the list.
 */
export class UnusedNodes {
	readonly #nodes: (Node | undefined)[];
	readonly #counts: ReferenceCounts;
	readonly #named = new Map<string, number[]>();
	/** Nodes that had an input `name` or `^name` at first. */
	readonly #readers = new Map<string, number[]>();
	#pending: string[] = [];

	private constructor(nodes: readonly Node[], counts: ReferenceCounts) {
		this.#nodes = [...nodes];
		this.#counts = counts;
	}

	/** Enters the nodes in turns. */
	static *of(nodes: readonly Node[], counts: ReferenceCounts): Work<UnusedNodes> {
		const unused = new UnusedNodes(nodes, counts);
		for (const [i, node] of nodes.entries()) {
			if (isTurn(i)) yield { done: i, total: nodes.length };
			enter(unused.#named, node.name, i);
			for (const input of node.inputs) {
				const key = input.startsWith('^') ? input.slice(1) : input;
				if (unused.#readers.get(key)?.at(-1) !== i) enter(unused.#readers, key, i);
			}
		}
		return unused;
	}

	/** The nodes that are left. @param names taken out from the last to the first. */
	remove(names: readonly string[]): Node[] {
		this.#pending = [...names];
		for (let name = this.#pending.pop(); name !== undefined; name = this.#pending.pop()) {
			const touched = new Set([...(this.#named.get(name) ?? []), ...(this.#readers.get(name) ?? [])]);
			for (const i of [...touched].sort((a, b) => a - b)) this.visit(i, name);
		}
		return this.#nodes.filter((node) => node !== undefined);
	}

	private visit(i: number, name: string): void {
		const node = this.#nodes[i];
		if (!node) return;
		if (node.name === name && node.op !== 'RestoreV2') {
			for (const input of node.inputs) {
				const source = input.replaceAll('^', '');
				if (this.#counts.add(source, -1) === 0) this.#pending.push(source);
			}
			this.#nodes[i] = undefined;
			return;
		}
		const inputs = node.inputs.filter((input) => input !== name && input !== `^${name}`);
		if (inputs.length < node.inputs.length) this.#nodes[i] = this.shortened(node, inputs);
	}

	private shortened(node: Node, inputs: readonly string[]): Node {
		if (node.op === 'ConcatV2') return this.shortenedConcat(node, inputs);
		if (inputs.length === 0 || (inputs.length === 1 && NEEDS_TWO.has(node.op))) this.#pending.push(node.name);
		return node.with({ inputs });
	}

	private shortenedConcat(node: Node, inputs: readonly string[]): Node {
		if (inputs.length > 2) return node.with({ inputs }).withAttr('N', Attr.int(inputs.length - 1));
		if (inputs.length < 2)
			throw new WhittleError('transform', 'ConcatV2 should have at least two elements', {
				hint: `\`${node.name}\` loses its inputs.`,
			});
		const axis = inputs[1]!;
		if (this.#counts.get(axis) !== 1) {
			throw new WhittleError('transform', 'Expect axis tensor of ConcatV2 node to only be referenced once.', {
				hint: `The axis of \`${node.name}\`, \`${axis}\`, has other readers.`,
			});
		}
		this.#counts.set(axis, 0);
		this.#pending.push(axis);
		return node.with({ op: 'Identity', inputs: inputs.slice(0, 1) }).withoutAttr('N');
	}
}

function enter(lists: Map<string, number[]>, key: string, i: number): void {
	const list = lists.get(key);
	if (list) list.push(i);
	else lists.set(key, [i]);
}
