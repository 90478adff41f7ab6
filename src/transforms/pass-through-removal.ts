/**
 * How `remove_nodes` takes nodes out, with the order that the C++ tool leaves (spec: core-and-rewiring 9.12).
 * The tool goes over the graph again and again, sorting it each time; here passes work on numbers, and where
 * the order of matches can be told without a sort, a pass costs only what it changes.
 */
import { executionOrder } from '../graph/execution-order.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { selectTopology } from '../graph/topology.ts';
import { Families } from './families.ts';
import { InputEdges } from './input-edges.ts';
import { keepNodes, keepWired } from './keep-nodes.ts';
import { NodeOrder } from './node-order.ts';
import { ReplacedNodes } from './replaced-nodes.ts';

export class PassThroughRemoval {
	readonly #graph: Graph;
	readonly #edges: InputEdges;
	readonly #order: NodeOrder;
	readonly #replaced: ReplacedNodes;
	readonly #ends: Uint8Array;
	/**
	 * Place of each node in the order of execution, if all have one: sources stand before their readers, and
	 * removals do not change that.
	 */
	readonly #rank: Int32Array | undefined;
	/** An input names no node. The tool then finds nothing more, and its driver refuses the result. */
	#broken: boolean;

	/** @param ends names of nodes that stay. */
	constructor(graph: Graph, ends: ReadonlySet<string>) {
		this.#graph = graph;
		this.#edges = new InputEdges(graph);
		this.#order = new NodeOrder(graph.nodes.length);
		this.#replaced = new ReplacedNodes(graph, this.#edges);
		this.#ends = Uint8Array.from(graph.nodes, (node) => (ends.has(node.name) ? 1 : 0));
		this.#broken = this.#edges.source.includes(-1);
		this.#rank = this.#broken ? undefined : rankOf(graph);
	}

	/** Removes nodes of an op type (`A|B`, or `*` for any) with so many data inputs until there are none. */
	*remove(op: string, inputs: number): Work<void> {
		const types = op === '*' ? undefined : new Set(op.split('|').filter((type) => type !== ''));
		const { dataCount, start } = this.#edges;
		const candidates: number[] = [];
		let simple = inputs === 1;
		this.#graph.nodes.forEach((node, i) => {
			if (!this.#replaced.isAlive(i) || dataCount[i] !== inputs) return;
			if (types && !types.has(node.op)) return;
			candidates.push(i);
			if (start[i + 1]! - start[i]! > 1) simple = false;
		});
		if (candidates.length === 0 || this.#broken) return;
		if (simple && this.#rank) yield* this.removeByFamilies(candidates, this.#rank);
		else yield* this.removeBySorting(candidates);
	}

	/** The graph of the nodes that are left, in the order that the tool leaves. */
	*result(): Work<Graph> {
		const nodes: Node[] = [];
		const left: number[] = [];
		for (const i of this.#order) {
			left.push(i);
			if (isTurn(nodes.push(this.#replaced.rewired(i))))
				yield { done: nodes.length, total: this.#graph.nodes.length };
		}
		if (this.#broken) return keepNodes(this.#graph, nodes);
		return keepWired(this.#graph, nodes, selectTopology(this.#graph.topology, left, this.sourcesNow()));
	}

	/**
	 * Nodes with one input in all. A source runs before its readers, and of those that read it alone the last
	 * listed first: so each source is matched with its last reader, unless it is matched as a reader itself.
	 */
	private *removeByFamilies(candidates: readonly number[], rank: Int32Array): Work<void> {
		let done = 0;
		const source = (i: number): number => this.#replaced.find(this.#edges.source[this.#edges.firstData(i)]!);
		const families = new Families(candidates, source, this.#order, rank);
		for (let removed = true; removed && !this.#broken; ) {
			removed = false;
			for (const [source, head] of families.matches()) {
				if (isTurn(done++)) yield { done, total: candidates.length };
				if (this.#ends[head]) {
					if (this.#order.moveBehind(source, head)) families.moved(source);
					continue;
				}
				this.replace(head, source);
				families.merge(head, source);
				removed = true;
			}
			families.settle(source);
		}
	}

	/** Any nodes, as the tool does it: sort, match greedily, rebuild, again. */
	private *removeBySorting(candidates: readonly number[]): Work<void> {
		let done = 0;
		const isCandidate = new Uint8Array(this.#graph.nodes.length);
		for (const i of candidates) isCandidate[i] = 1;
		for (let removed = true; removed && !this.#broken; ) {
			removed = false;
			for (const [head, sources] of this.matches(isCandidate)) {
				if (isTurn(done++)) yield { done, total: candidates.length };
				if (this.#ends[head]) {
					let last = head;
					for (const source of sources) {
						this.#order.moveBehind(source, last);
						last = source;
					}
					continue;
				}
				this.replace(head, sources[0]!);
				for (const source of sources.slice(1)) {
					this.#order.delete(source);
					this.#replaced.delete(source);
				}
				isCandidate[head] = 0;
				removed = true;
			}
		}
	}

	/** In the order of execution, candidates with their data sources, no node twice. */
	private matches(isCandidate: Uint8Array): [head: number, sources: number[]][] {
		const order = this.sort();
		const free = new Uint8Array(isCandidate.length);
		for (const i of order) free[i] = 1;
		const found: [number, number[]][] = [];
		for (const head of order) {
			if (!isCandidate[head] || !free[head]) continue;
			const sources = this.dataSources(head);
			// A source that never runs, as on a cycle, takes the tool down; here the node stays.
			if (!sources.every((source) => free[source])) continue;
			for (const i of [head, ...sources]) free[i] = 0;
			found.push([head, sources]);
		}
		return found;
	}

	private replace(head: number, source: number): void {
		this.#order.moveInPlaceOf(source, head);
		if (this.#replaced.isHeld(head)) this.#broken = true;
		this.#replaced.replace(head, source);
	}

	/** Data sources without repeats, in order. */
	private dataSources(i: number): number[] {
		const { start, source, control } = this.#edges;
		const sources = new Set<number>();
		for (let e = start[i]!; e < start[i + 1]!; e++)
			if (!control[e]) sources.add(this.#replaced.find(source[e]!));
		return [...sources];
	}

	/** What each edge reads now. */
	private sourcesNow(): Int32Array {
		return this.#edges.source.map((node) => this.#replaced.find(node));
	}

	/** The order of execution of the graph as it is now; nothing when a node reads one that was deleted. */
	private sort(): Int32Array {
		const { start, arrivals } = this.#edges;
		const alive = [...this.#order];
		const readerStart = new Int32Array(arrivals.length + 1);
		const sources = this.sourcesNow();
		for (const i of alive) {
			for (let e = start[i]!; e < start[i + 1]!; e++) {
				if (sources[e]! < 0) this.#broken = true;
				else readerStart[sources[e]! + 1]!++;
			}
		}
		if (this.#broken) return new Int32Array(0);
		for (let i = 0; i < arrivals.length; i++) readerStart[i + 1]! += readerStart[i]!;
		const reader = new Int32Array(readerStart[arrivals.length]!);
		const next = readerStart.slice(0, -1);
		const ready: number[] = [];
		for (const i of alive) {
			for (let e = start[i]!; e < start[i + 1]!; e++) reader[next[sources[e]!]!++] = i;
			if (start[i] === start[i + 1]) ready.push(i);
		}
		const pending = arrivals.slice();
		const order: number[] = [];
		for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
			order.push(i);
			for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++)
				if (--pending[reader[e]!]! === 0) ready.push(reader[e]!);
		}
		return Int32Array.from(order);
	}
}

function rankOf(graph: Graph): Int32Array | undefined {
	const { order, missing } = executionOrder(graph);
	if (missing > 0) return undefined;
	const rank = new Int32Array(order.length);
	for (let at = 0; at < order.length; at++) rank[order[at]!] = at;
	return rank;
}
