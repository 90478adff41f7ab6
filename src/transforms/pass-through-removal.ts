/**
 * How `remove_nodes` takes nodes out, with the order that the C++ tool leaves (spec: core-and-rewiring 9.12).
 * The tool goes over the graph again and again, sorting it each time; here passes work on numbers, and where
 * the order of matches can be told without a sort, a pass costs only what it changes.
 */
import { executionOrder, isMerge } from '../graph/execution-order.ts';
import type { Graph } from '../graph/graph.ts';
import { canonicalInput, isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { Families } from './families.ts';
import { NodeOrder } from './node-order.ts';

const ALIVE = 0;
/** Taken out: its readers read its first input. */
const REPLACED = 1;
/** A further input of a node that was taken out. */
const DELETED = 2;

export class PassThroughRemoval {
	readonly #graph: Graph;
	readonly #order: NodeOrder;
	readonly #state: Uint8Array;
	/** Of a replaced node: what its readers read now, directly or over further replaced nodes. */
	readonly #target: Int32Array;
	/** One flag an edge. */
	readonly #control: Uint8Array;
	readonly #dataCount: Int32Array;
	readonly #protected: Uint8Array;
	/** How many inputs a node waits for before it can run. */
	readonly #arrivals: Int32Array;
	/** Of a replaced node: the input that readers of its port 0 have now, where it is known. */
	readonly #targets = new Map<number, string>();
	/** Place in the order of execution, while all nodes have one; sources stand before readers for good. */
	readonly #rank: Int32Array | undefined;
	/** An input names no node: the tool finds nothing any more. */
	#broken: boolean;

	/** @param ends names of nodes that stay. */
	constructor(graph: Graph, ends: ReadonlySet<string>) {
		const { nodes, topology } = graph;
		this.#graph = graph;
		this.#order = new NodeOrder(nodes.length);
		this.#state = new Uint8Array(nodes.length);
		this.#target = new Int32Array(nodes.length);
		this.#control = new Uint8Array(topology.inputSource.length);
		this.#dataCount = new Int32Array(nodes.length);
		this.#protected = new Uint8Array(nodes.length);
		this.#arrivals = new Int32Array(nodes.length);
		for (let i = 0, e = 0; i < nodes.length; i++) {
			for (const input of nodes[i]!.inputs) {
				if (isControl(input)) this.#control[e] = 1;
				else this.#dataCount[i]!++;
				e++;
			}
			const inputs = nodes[i]!.inputs.length;
			this.#arrivals[i] = isMerge(nodes[i]!.op) ? 1 + inputs - this.#dataCount[i]! : inputs;
			if (ends.has(nodes[i]!.name)) this.#protected[i] = 1;
		}
		this.#broken = topology.inputSource.includes(-1);
		this.#rank = this.#broken ? undefined : rankOf(graph);
	}

	/** Removes nodes of an op type (`A|B`, or `*` for any) with so many data inputs until there are none. */
	remove(op: string, inputs: number): void {
		const types = op === '*' ? undefined : new Set(op.split('|').filter((type) => type !== ''));
		const candidates: number[] = [];
		let local = this.#rank !== undefined && inputs === 1;
		const { inputStart } = this.#graph.topology;
		for (let i = 0; i < this.#state.length; i++) {
			if (this.#state[i] !== ALIVE || this.#dataCount[i] !== inputs) continue;
			if (types && !types.has(this.#graph.nodes[i]!.op)) continue;
			candidates.push(i);
			if (inputStart[i + 1]! - inputStart[i]! !== inputs) local = false;
		}
		if (candidates.length === 0 || this.#broken) return;
		if (local) this.removeByFamilies(candidates);
		else this.removeBySorting(candidates);
	}

	/**
	 * Nodes with one input and no control inputs. A source runs before its readers, and of the readers of one
	 * source the last listed first, so that every source goes to its last listed reader unless it is taken out.
	 */
	private removeByFamilies(candidates: readonly number[]): void {
		const families = new Families(candidates, (i) => this.firstSource(i), this.#order, this.#rank!);
		for (let removed = true; removed; ) {
			removed = false;
			for (const [source, head] of families.matches()) {
				if (this.#protected[head]) {
					if (this.#order.moveBehind(source, head)) families.moved(source);
					continue;
				}
				this.#order.moveInPlaceOf(source, head);
				this.replace(head, source);
				families.merge(head, source);
				removed = true;
			}
			families.settle((i) => this.firstSource(i));
		}
	}

	/** Any nodes, as the tool does it: sort, match greedily, rebuild, again. */
	private removeBySorting(candidates: readonly number[]): void {
		const isCandidate = new Uint8Array(this.#state.length);
		for (const i of candidates) isCandidate[i] = 1;
		for (let removed = true; removed && !this.#broken; ) {
			removed = false;
			const order = this.sort();
			const present = new Uint8Array(this.#state.length);
			for (const i of order) present[i] = 1;
			const used = new Uint8Array(this.#state.length);
			const matches: { head: number; sources: number[] }[] = [];
			for (const head of order) {
				if (!isCandidate[head] || used[head]) continue;
				const sources = this.dataSources(head);
				// A source that never runs is a crash of the tool; here the node stays.
				if (!sources.every((source) => present[source] && !used[source])) continue;
				used[head] = 1;
				for (const source of sources) used[source] = 1;
				matches.push({ head, sources });
			}
			for (const { head, sources } of matches) {
				if (this.#protected[head]) {
					let last = head;
					for (const source of sources) {
						this.#order.moveBehind(source, last);
						last = source;
					}
					continue;
				}
				this.#order.moveInPlaceOf(sources[0]!, head);
				this.replace(head, sources[0]!);
				for (const source of sources.slice(1)) {
					this.#order.delete(source);
					this.#state[source] = DELETED;
				}
				removed = true;
			}
		}
	}

	private replace(head: number, source: number): void {
		this.#state[head] = REPLACED;
		this.#target[head] = source;
	}

	/** The node that stands for `i` now; −1 where it was deleted. */
	private find(i: number): number {
		let root = i;
		while (root >= 0 && this.#state[root] === REPLACED) root = this.#target[root]!;
		for (let at = i; at !== root; ) {
			const next = this.#target[at]!;
			this.#target[at] = root;
			at = next;
		}
		return this.#state[root] === DELETED ? -1 : root;
	}

	private firstSource(i: number): number {
		return this.find(this.#graph.topology.inputSource[this.firstDataEdge(i)]!);
	}

	private firstDataEdge(i: number): number {
		let e = this.#graph.topology.inputStart[i]!;
		while (this.#control[e]) e++;
		return e;
	}

	/** Data sources without repeats, in order. */
	private dataSources(i: number): number[] {
		const { inputStart, inputSource } = this.#graph.topology;
		const sources: number[] = [];
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			if (this.#control[e]) continue;
			const source = this.find(inputSource[e]!);
			if (!sources.includes(source)) sources.push(source);
		}
		return sources;
	}

	/** The order of execution of the graph as it is now; nothing when a node reads one that was deleted. */
	private sort(): Int32Array {
		const { inputStart, inputSource } = this.#graph.topology;
		const count = this.#state.length;
		const alive = [...this.#order];
		const readerStart = new Int32Array(count + 1);
		const sources = inputSource.map((source) => this.find(source));
		for (const i of alive) {
			for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
				if (sources[e]! < 0) {
					this.#broken = true;
					return new Int32Array(0);
				}
				readerStart[sources[e]! + 1]!++;
			}
		}
		for (let i = 0; i < count; i++) readerStart[i + 1]! += readerStart[i]!;
		const reader = new Int32Array(readerStart[count]!);
		const next = readerStart.slice(0, -1);
		const ready: number[] = [];
		for (const i of alive) {
			for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) reader[next[sources[e]!]!++] = i;
			if (inputStart[i] === inputStart[i + 1]) ready.push(i);
		}
		const pending = this.#arrivals.slice();
		const order = new Int32Array(alive.length);
		let done = 0;
		for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
			order[done++] = i;
			for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++)
				if (--pending[reader[e]!]! === 0) ready.push(reader[e]!);
		}
		return order.subarray(0, done);
	}

	/** The nodes that are left, in the order that the tool leaves. */
	nodes(): Node[] {
		const result: Node[] = [];
		for (const i of this.#order) result.push(this.rewired(i));
		return result;
	}

	private rewired(i: number): Node {
		const node = this.#graph.nodes[i]!;
		const { inputStart, inputSource } = this.#graph.topology;
		const first = inputStart[i]!;
		let inputs: string[] | undefined;
		for (let e = first; e < inputStart[i + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || this.#state[source] !== REPLACED) continue;
			inputs ??= [...node.inputs];
			inputs[e - first] = this.resolve(node.inputs[e - first]!, source);
		}
		return inputs ? node.with({ inputs }) : node;
	}

	/** What an input that names a replaced node is now. One of another port than 0 stays, and names nothing. */
	private resolve(input: string, source: number): string {
		const { nodes } = this.#graph;
		const name = nodes[source]!.name;
		const canonical = canonicalInput(input);
		if (canonical === `${name}:0`) return this.dataTarget(source);
		if (canonical !== `^${name}:0`) return input;
		const target = this.find(source);
		return target < 0 ? input : `^${nodes[target]!.name}`;
	}

	/** The input that readers of port 0 of a replaced node have now, over any number of replaced nodes. */
	private dataTarget(replaced: number): string {
		const trail: number[] = [];
		let at = replaced;
		let target = this.#targets.get(at);
		while (target === undefined) {
			trail.push(at);
			const { inputStart, inputSource } = this.#graph.topology;
			const e = this.firstDataEdge(at);
			const input = this.#graph.nodes[at]!.inputs[e - inputStart[at]!]!;
			const source = inputSource[e]!;
			const further =
				this.#state[source] === REPLACED && canonicalInput(input) === `${this.#graph.nodes[source]!.name}:0`;
			target = further ? this.#targets.get(source) : input;
			at = source;
		}
		for (const node of trail) this.#targets.set(node, target);
		return target;
	}
}

function rankOf(graph: Graph): Int32Array | undefined {
	if (graph.position.size !== graph.nodes.length) return undefined;
	const { order, missing } = executionOrder(graph);
	if (missing > 0) return undefined;
	const rank = new Int32Array(order.length);
	for (let at = 0; at < order.length; at++) rank[order[at]!] = at;
	return rank;
}
