/** Which nodes `remove_nodes` has taken out so far, and what their readers read now. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { InputEdges } from './input-edges.ts';

const ALIVE = 0;
/** Taken out: its readers read its first data input. */
const REPLACED = 1;
/** A further input of a node that was taken out. */
const DELETED = 2;

export class ReplacedNodes {
	readonly #graph: Graph;
	readonly #edges: InputEdges;
	readonly #state: Uint8Array;
	/** Of a replaced node: the node that its readers read, directly or over further replaced nodes. */
	readonly #target: Int32Array;
	/** Of a replaced node: the input that readers of its port 0 have now, where it is known. */
	readonly #inputs = new Map<number, string>();

	constructor(graph: Graph, edges: InputEdges) {
		this.#graph = graph;
		this.#edges = edges;
		this.#state = new Uint8Array(graph.nodes.length);
		this.#target = new Int32Array(graph.nodes.length);
	}

	isAlive(node: number): boolean {
		return this.#state[node] === ALIVE;
	}

	replace(node: number, source: number): void {
		this.#state[node] = REPLACED;
		this.#target[node] = source;
	}

	delete(node: number): void {
		this.#state[node] = DELETED;
	}

	/** The node that stands for another now; −1 where it was deleted or never there. */
	find(node: number): number {
		if (node < 0) return -1;
		let root = node;
		while (this.#state[root] === REPLACED) root = this.#target[root]!;
		for (let at = node; at !== root; ) {
			const next = this.#target[at]!;
			this.#target[at] = root;
			at = next;
		}
		return this.#state[root] === DELETED ? -1 : root;
	}

	/** Whether a node still reads a port of `node` that does not exist once the node is replaced. */
	isHeld(node: number): boolean {
		if (!this.#edges.readByFixed[node]) return false;
		return this.readersBy(node, (e) => this.#edges.fixed[e] === 1);
	}

	/** Whether a live node reads `node` over such edges, directly or through replaced nodes that pass it on. */
	private readersBy(node: number, takes: (edge: number) => boolean): boolean {
		const { readerStart, reader } = this.#graph.topology;
		const { start, source, control } = this.#edges;
		const open = [node];
		for (let at = open.pop(); at !== undefined; at = open.pop()) {
			for (let r = readerStart[at]!; r < readerStart[at + 1]!; r++) {
				const user = reader[r]!;
				for (let e = start[user]!; e < start[user + 1]!; e++) {
					const passes = at === node ? takes(e) : control[e] === 0;
					if (source[e] !== at || !passes) continue;
					if (this.#state[user] === ALIVE) return true;
					const passedOn = this.#state[user] === REPLACED && e === this.#edges.firstData(user);
					if (passedOn) open.push(user);
				}
			}
		}
		return false;
	}

	/** A live node with inputs that follow what was replaced; itself where nothing did. */
	rewired(index: number): Node {
		const node = this.#graph.nodes[index]!;
		const { start, source } = this.#edges;
		let inputs: string[] | undefined;
		for (let e = start[index]!; e < start[index + 1]!; e++) {
			if (source[e]! < 0 || this.#state[source[e]!] !== REPLACED || this.#edges.fixed[e]) continue;
			inputs ??= [...node.inputs];
			const at = e - start[index]!;
			if (this.#edges.control[e]) {
				const target = this.find(source[e]!);
				if (target >= 0) inputs[at] = `^${this.#graph.nodes[target]!.name}`;
			} else inputs[at] = this.inputOf(source[e]!);
		}
		return inputs ? node.with({ inputs }) : node;
	}

	/** What readers of port 0 of a replaced node read, over any number of replaced nodes. */
	private inputOf(replaced: number): string {
		const trail: number[] = [];
		let at = replaced;
		let input = this.#inputs.get(at);
		while (input === undefined) {
			trail.push(at);
			const e = this.#edges.firstData(at);
			const next = this.#edges.source[e]!;
			const further = this.#state[next] === REPLACED && !this.#edges.fixed[e];
			input = further ? this.#inputs.get(next) : this.#graph.nodes[at]!.inputs[e - this.#edges.start[at]!]!;
			at = next;
		}
		for (const node of trail) this.#inputs.set(node, input);
		return input;
	}
}
