/** Rewires the readers of merged nodes, for `merge_duplicate_nodes`. */
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

/** Knows for every input which node it reads now. Only for graphs in which no name stands twice. */
export class MergedNodes {
	readonly #nodes: readonly Node[];
	readonly #inputStart: Int32Array;
	/** The present source of every input, by position in the graph at first. */
	readonly #source: Int32Array;
	/** What a node was merged into last; itself while it stays. */
	readonly #into: Int32Array;

	constructor(graph: Graph) {
		this.#nodes = graph.nodes;
		this.#inputStart = graph.topology.inputStart;
		this.#source = graph.topology.inputSource.slice();
		this.#into = new Int32Array(graph.nodes.length).map((_, i) => i);
	}

	/** `position` is dropped for `kept`, which stays. */
	merge(position: number, kept: number): void {
		this.#into[position] = kept;
	}

	/** A node with inputs that follow what was merged since it was last asked for; itself when none does. */
	rewired(position: number, node: Node): Node {
		const start = this.#inputStart[position]!;
		let inputs: string[] | undefined;
		for (let k = 0; k < node.inputs.length; k++) {
			const source = this.#source[start + k]!;
			if (source < 0 || this.#into[source] === source) continue;
			const kept = this.#into[source]!;
			const { prefix, suffix } = inputParts(node.inputs[k]!);
			inputs ??= [...node.inputs];
			inputs[k] = prefix + this.#nodes[kept]!.name + suffix;
			this.#source[start + k] = kept;
		}
		return inputs ? node.with({ inputs }) : node;
	}
}
