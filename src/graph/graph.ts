/**
 * A graph: an immutable value. A change makes a new graph that shares every node it leaves alone; indexes are
 * made when first asked for and stay with the value.
 */

import { FunctionLibrary } from './function-library.ts';
import type { ModelContext } from './model-context.ts';
import { NameFilter } from './name-filter.ts';
import type { Node } from './node.ts';
import { finish, isTurn, stage, type Work } from './progress.ts';
import { buildTopology, selectTopology, type Topology } from './topology.ts';

/** The parts of a GraphDef beside its nodes, each as serialized bytes; undefined when absent. */
export interface GraphParts {
	/** A FunctionDefLibrary; present and empty is not the same as absent. */
	readonly library?: Uint8Array | undefined;
	/** A VersionDef. */
	readonly versions?: Uint8Array | undefined;
	/** Every other top-level field with its tags: `version`, `debug_info`, unknown ones. */
	readonly rest?: Uint8Array | undefined;
	/** The whole file, while the graph is exactly that. */
	readonly source?: Uint8Array | undefined;
	/** What came with the graph from a SavedModel or checkpoint: signatures, variables. */
	readonly context?: ModelContext | undefined;
}

export class Graph {
	/** In the file's order. */
	readonly nodes: readonly Node[];
	readonly parts: GraphParts;
	#position: ReadonlyMap<string, number> | undefined;
	#byOp: ReadonlyMap<string, readonly Node[]> | undefined;
	#topology: Topology | undefined;
	#functions: FunctionLibrary | undefined;
	#filter: NameFilter | undefined;

	constructor(nodes: readonly Node[], parts: GraphParts = {}) {
		this.nodes = nodes;
		this.parts = parts;
	}

	/** The same graph around other nodes; `changes` to the other parts. It is no longer the file. */
	with(nodes: readonly Node[], changes: Partial<GraphParts> = {}): Graph {
		const graph = new Graph(nodes, { ...this.parts, source: undefined, ...changes });
		if (sameWiring(this.nodes, nodes)) {
			graph.#position = this.#position;
			graph.#topology = this.#topology;
		}
		return graph;
	}

	/** {@link with} nodes whose edges are known already, so that no name is looked up. Names must not stand twice. */
	withEdges(nodes: readonly Node[], topology: Topology, changes: Partial<GraphParts> = {}): Graph {
		const graph = this.with(nodes, changes);
		graph.#topology = topology;
		return graph;
	}

	/** These nodes in another order: `order` holds positions, each once. Names must not stand twice. */
	withOrder(order: ArrayLike<number>, changes: Partial<GraphParts> = {}): Graph {
		const nodes: Node[] = [];
		for (let i = 0; i < order.length; i++) nodes.push(this.nodes[order[i]!]!);
		const graph = this.with(nodes, changes);
		graph.#topology ??= selectTopology(this.topology, order);
		return graph;
	}

	/** Name → position in `nodes`. Of several nodes with one name the last counts. */
	get position(): ReadonlyMap<string, number> {
		this.#position ??= finish(positions(this.nodes));
		return this.#position;
	}

	node(name: string): Node | undefined {
		const index = this.position.get(name);
		return index === undefined ? undefined : this.nodes[index];
	}

	has(name: string): boolean {
		return this.position.has(name);
	}

	/** For many names of which most are new: false where surely no node is called so, without an index of all names. */
	mayHave(name: string): boolean {
		this.#filter ??= new NameFilter(this.nodes);
		return this.#filter.mayHold(name);
	}

	/** Op type → its nodes in order. */
	get byOp(): ReadonlyMap<string, readonly Node[]> {
		if (!this.#byOp) {
			const byOp = new Map<string, Node[]>();
			for (const node of this.nodes) {
				const list = byOp.get(node.op);
				if (list) list.push(node);
				else byOp.set(node.op, [node]);
			}
			this.#byOp = byOp;
		}
		return this.#byOp;
	}

	get topology(): Topology {
		this.#topology ??= finish(buildTopology(this.nodes, this.position));
		return this.#topology;
	}

	/** Makes {@link position} and {@link topology} in turns, for those who will ask for them. */
	*indexed(): Work<Topology> {
		this.#position ??= yield* stage(positions(this.nodes), 0, 0.4);
		return yield* stage(this.wired(), 0.4, 1);
	}

	/** Makes {@link topology} in turns; {@link position} only when the edges are not known without it. */
	*wired(): Work<Topology> {
		if (!this.#topology) {
			this.#position ??= yield* stage(positions(this.nodes), 0, 0.4);
			this.#topology = yield* stage(buildTopology(this.nodes, this.#position), 0.4, 1);
		}
		return this.#topology;
	}

	/** Nodes that read `name`, once per input string, in file order. */
	readersOf(name: string): Node[] {
		const index = this.position.get(name);
		if (index === undefined) return [];
		const { readerStart, reader } = this.topology;
		const found: Node[] = [];
		for (let i = readerStart[index]!; i < readerStart[index + 1]!; i++) found.push(this.nodes[reader[i]!]!);
		return found;
	}

	/** The function library; empty when the graph has none. */
	get functions(): FunctionLibrary {
		this.#functions ??= new FunctionLibrary(this.parts.library);
		return this.#functions;
	}

	/** Inputs that name no node, in node order and input order (spec: core-and-rewiring 6.6). */
	get invalidInputs(): { node: Node; source: string }[] {
		const found: { node: Node; source: string }[] = [];
		const { inputStart, inputSource } = this.topology;
		for (let i = 0; i < this.nodes.length; i++) {
			for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
				if (inputSource[e]! >= 0) continue;
				const node = this.nodes[i]!;
				found.push({ node, source: node.sources[e - inputStart[i]!]! });
			}
		}
		return found;
	}
}

function* positions(nodes: readonly Node[]): Work<ReadonlyMap<string, number>> {
	const position = new Map<string, number>();
	for (let i = 0; i < nodes.length; i++) {
		position.set(nodes[i]!.name, i);
		if (isTurn(i)) yield { done: i, total: nodes.length };
	}
	return position;
}

/** Whether names and inputs are the same values, so that what is known about them holds. */
function sameWiring(before: readonly Node[], after: readonly Node[]): boolean {
	if (before === after) return true;
	if (before.length !== after.length) return false;
	for (let i = 0; i < before.length; i++) {
		const [old, node] = [before[i]!, after[i]!];
		if (old !== node && (old.name !== node.name || old.inputs !== node.inputs)) return false;
	}
	return true;
}
