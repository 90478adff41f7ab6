/** Columns over all nodes that questions ask for, each made when first asked for; kept with the graph value. */
import { AlikeNodes } from '../graph/alike-nodes.ts';
import { baseDtype, dtypeName } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';
import { outputDtypes } from '../ops/signature.ts';

export class NodeIndex {
	readonly graph: Graph;
	#lowerNames: readonly string[] | undefined;
	#opIds: { readonly ops: readonly string[]; readonly ids: Int32Array } | undefined;
	#dtypes: readonly (readonly string[])[] | undefined;
	readonly #dtypesOfAlike = new AlikeNodes<readonly string[]>();

	private constructor(graph: Graph) {
		this.graph = graph;
	}

	static #known = new WeakMap<Graph, NodeIndex>();

	static of(graph: Graph): NodeIndex {
		let index = NodeIndex.#known.get(graph);
		if (!index) {
			index = new NodeIndex(graph);
			NodeIndex.#known.set(graph, index);
		}
		return index;
	}

	/** Names in lower case, by position. */
	get lowerNames(): readonly string[] {
		this.#lowerNames ??= this.graph.nodes.map((node) => node.name.toLowerCase());
		return this.#lowerNames;
	}

	/** The op types of the graph, and the number of its op type by position. */
	get opIds(): { readonly ops: readonly string[]; readonly ids: Int32Array } {
		if (!this.#opIds) {
			const ops: string[] = [];
			const idOf = new Map<string, number>();
			const ids = new Int32Array(this.graph.nodes.length);
			for (let i = 0; i < ids.length; i++) {
				const { op } = this.graph.nodes[i]!;
				let id = idOf.get(op);
				if (id === undefined) {
					id = ops.length;
					idOf.set(op, id);
					ops.push(op);
				}
				ids[i] = id;
			}
			this.#opIds = { ops, ids };
		}
		return this.#opIds;
	}

	/** Names of the dtypes of all outputs, by position; an empty list where nothing tells. */
	get dtypes(): readonly (readonly string[])[] {
		return this.#dtypes ?? finish(this.findingDtypes());
	}

	/** {@link dtypes} in turns. */
	*findingDtypes(): Work<readonly (readonly string[])[]> {
		if (!this.#dtypes) {
			const { nodes } = this.graph;
			const dtypes: (readonly string[])[] = [];
			for (let i = 0; i < nodes.length; i++) {
				if (isTurn(i)) yield { done: i, total: nodes.length };
				dtypes.push(this.dtypesAt(i));
			}
			this.#dtypes = dtypes;
		}
		return this.#dtypes;
	}

	/** {@link dtypes} of one node. */
	dtypesAt(position: number): readonly string[] {
		if (this.#dtypes) return this.#dtypes[position]!;
		const node = this.graph.nodes[position]!;
		// Constants differ in their attributes.
		if (node.op === 'Const') return dtypesOf(this.graph, node);
		const known = this.#dtypesOfAlike.get(node);
		return known ?? this.#dtypesOfAlike.set(node, dtypesOf(this.graph, node));
	}

	/** How many different nodes read a node, data and control. */
	fanout(position: number): number {
		const { readerStart, reader } = this.graph.topology;
		const from = readerStart[position]!;
		const to = readerStart[position + 1]!;
		if (to - from < 2) return to - from;
		// Readers stand in file order, so that equal ones are neighbours.
		let count = 1;
		for (let e = from + 1; e < to; e++) if (reader[e] !== reader[e - 1]) count++;
		return count;
	}
}

/** Dtype names of a node's outputs. */
function dtypesOf(graph: Graph, node: Node): readonly string[] {
	return dtypeNames(outputDtypes(node, graph.functions) ?? declared(node));
}

const lists = new Map<number, readonly string[]>();

/** Shared lists for the frequent case of one output. */
function dtypeNames(dtypes: readonly number[]): readonly string[] {
	if (dtypes.length !== 1) return dtypes.map((dtype) => dtypeName(baseDtype(dtype)));
	const dtype = baseDtype(dtypes[0]!);
	let list = lists.get(dtype);
	if (!list) {
		list = [dtypeName(dtype)];
		if (dtype < 200) lists.set(dtype, list);
	}
	return list;
}

function declared(node: Node): readonly number[] {
	const single = node.attr('dtype')?.type ?? node.attr('T')?.type;
	return single === undefined ? [] : [single];
}
