/** Rewires the readers of merged nodes, for `merge_duplicate_nodes`. */
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { selectTopology, type Topology } from '../graph/topology.ts';

/** Knows for every input which node it reads now. Only for graphs in which no name stands twice. */
export class MergedNodes {
	readonly #nodes: readonly Node[];
	readonly #topology: Topology;
	/** The present source of every input, by position in the graph at first. */
	readonly #source: Int32Array;
	/** What a node was merged into last; itself while it stays. */
	readonly #into: Int32Array;
	/** Nodes that have become one, each with the next of them, in a ring. */
	readonly #next: Int32Array;

	constructor(graph: Graph) {
		this.#nodes = graph.nodes;
		this.#topology = graph.topology;
		this.#source = this.#topology.inputSource.slice();
		this.#into = new Int32Array(graph.nodes.length).map((_, i) => i);
		this.#next = this.#into.slice();
	}

	/** `position` is dropped for `kept`, which stays; its readers are added to `readers`. */
	merge(position: number, kept: number, readers: Set<number>): void {
		const { readerStart, reader } = this.#topology;
		for (let member = position; ; ) {
			for (let r = readerStart[member]!; r < readerStart[member + 1]!; r++) readers.add(reader[r]!);
			member = this.#next[member]!;
			if (member === position) break;
		}
		this.#into[position] = kept;
		const next = this.#next[position]!;
		this.#next[position] = this.#next[kept]!;
		this.#next[kept] = next;
	}

	isDropped(position: number): boolean {
		return this.#into[position] !== position;
	}

	/** A node with inputs that follow what was merged since it was last asked for; itself when none does. */
	rewired(position: number, node: Node): Node {
		const start = this.#topology.inputStart[position]!;
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

	/** The edges of the nodes that stay, once all are rewired. @param order their positions, each once. */
	edges(order: Uint32Array): Topology {
		return selectTopology(this.#topology, order, this.#source);
	}
}
