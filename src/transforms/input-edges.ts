/** The inputs of a graph as edges with numbers, those of one node in a row: what `remove_nodes` works on. */
import { isMerge } from '../graph/execution-order.ts';
import type { Graph } from '../graph/graph.ts';
import { canonicalInput, isControl } from '../graph/names.ts';

export class InputEdges {
	/** Edges of node i are `[start[i], start[i + 1])`. */
	readonly start: Int32Array;
	/** Source of each edge; −1 where it names no node. */
	readonly source: Int32Array;
	/** 1 for a control edge. */
	readonly control: Uint8Array;
	/** 1 for an edge that reads another port than 0, so that it does not follow a rename of the node. */
	readonly fixed: Uint8Array;
	/** 1 for a node that some fixed edge reads. */
	readonly readByFixed: Uint8Array;
	/** Data inputs of each node. */
	readonly dataCount: Int32Array;
	/** How many inputs a node waits for before it can run. */
	readonly arrivals: Int32Array;

	constructor(graph: Graph) {
		const { nodes, topology } = graph;
		this.start = topology.inputStart;
		this.source = topology.inputSource;
		this.control = new Uint8Array(this.source.length);
		this.fixed = new Uint8Array(this.source.length);
		this.readByFixed = new Uint8Array(nodes.length);
		this.dataCount = new Int32Array(nodes.length);
		this.arrivals = new Int32Array(nodes.length);
		for (let i = 0, e = 0; i < nodes.length; i++) {
			const { inputs, op } = nodes[i]!;
			for (const input of inputs) {
				if (isControl(input)) this.control[e] = 1;
				else this.dataCount[i]!++;
				if (input.includes(':') && !canonicalInput(input).endsWith(':0')) {
					this.fixed[e] = 1;
					if (this.source[e]! >= 0) this.readByFixed[this.source[e]!] = 1;
				}
				e++;
			}
			this.arrivals[i] = isMerge(op) ? 1 + inputs.length - this.dataCount[i]! : inputs.length;
		}
	}

	/** The first edge of a node that is no control edge; the node must have one. */
	firstData(node: number): number {
		let e = this.start[node]!;
		while (this.control[e]) e++;
		return e;
	}
}
