/**
 * Finds the places of a graph that a pattern fits, as the C++ tool does (spec: folding 2): heads in the order of
 * execution, and no node in two matches, not even one that only `*` stands for.
 */
import { executionOrder } from '../graph/execution-order.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { type Pattern, takes } from './pattern.ts';

/** A place where a pattern fits. One node may stand in several lines of it. */
export class Match {
	readonly #graph: Graph;
	readonly #pattern: Pattern;
	/** Position in the graph by line of the pattern. */
	readonly positions: Int32Array;

	constructor(graph: Graph, pattern: Pattern, positions: Int32Array) {
		this.#graph = graph;
		this.#pattern = pattern;
		this.positions = positions;
	}

	get head(): Node {
		return this.#graph.nodes[this.positions[0]!]!;
	}

	/** The node of a role. @throws when the pattern has no such role. */
	node(role: string): Node {
		const line = this.#pattern.roles.get(role);
		if (line === undefined) throw new Error(`the pattern has no \`${role}\``);
		return this.#graph.nodes[this.positions[line]!]!;
	}

	/** Each node once, breadth first from the head. */
	get nodes(): Node[] {
		const found = new Map<string, Node>();
		let level = [0];
		while (level.length > 0) {
			const next: number[] = [];
			for (const line of level) {
				const node = this.#graph.nodes[this.positions[line]!]!;
				// As in the tool, what lies below a second place of the same node is not looked at.
				if (found.has(node.name)) continue;
				found.set(node.name, node);
				next.push(...this.#pattern.nodes[line]!.inputs);
			}
			level = next;
		}
		return [...found.values()];
	}
}

/**
 * @param except names of heads to pass over.
 * @returns the matches in order; none where an input names no node, as in the tool.
 */
export function* findMatches(graph: Graph, pattern: Pattern, except?: ReadonlySet<string>): Work<Match[]> {
	const head = pattern.nodes[0]!;
	const possible = head.ops === undefined || [...head.ops].some((op) => graph.byOp.has(op));
	if (!possible || (yield* graph.indexed()).inputSource.includes(-1)) return [];
	const { order } = executionOrder(graph);
	const finder = new Finder(graph, pattern, order);
	const found: Match[] = [];
	for (let at = 0; at < order.length; at++) {
		if (isTurn(at)) yield { done: at, total: order.length };
		const i = order[at]!;
		const node = graph.nodes[i]!;
		if (!takes(head, node.op) || except?.has(node.name)) continue;
		const match = finder.matchAt(i);
		if (match) found.push(match);
	}
	return found;
}

class Finder {
	readonly #graph: Graph;
	readonly #pattern: Pattern;
	/** What stands for the name of each node: the node itself, the last that runs of several with one name. */
	readonly #namesake: Int32Array;
	/** 1 for a node that may stand in a match: it runs, and no match has it yet. */
	readonly #free: Uint8Array;
	readonly #positions: Int32Array;

	constructor(graph: Graph, pattern: Pattern, order: Int32Array) {
		this.#graph = graph;
		this.#pattern = pattern;
		this.#namesake = namesakes(graph, order);
		this.#free = new Uint8Array(graph.nodes.length);
		for (const i of order) this.#free[i] = 1;
		this.#positions = new Int32Array(pattern.nodes.length);
	}

	matchAt(head: number): Match | undefined {
		if (!this.fits(head, 0)) return undefined;
		for (const i of this.#positions) this.#free[this.#namesake[i]!] = 0;
		return new Match(this.#graph, this.#pattern, this.#positions.slice());
	}

	private fits(i: number, line: number): boolean {
		const { op, inputs } = this.#graph.nodes[i]!;
		const wanted = this.#pattern.nodes[line]!;
		if (!this.#free[this.#namesake[i]!] || !takes(wanted, op)) return false;
		this.#positions[line] = i;
		if (wanted.inputs.length === 0) return true;
		const { inputStart, inputSource } = this.#graph.topology;
		let count = 0;
		for (let k = 0; k < inputs.length; k++) {
			if (isControl(inputs[k]!)) continue;
			if (count === wanted.inputs.length) return false;
			const source = this.#namesake[inputSource[inputStart[i]! + k]!]!;
			if (!this.fits(source, wanted.inputs[count++]!)) return false;
		}
		return count === wanted.inputs.length;
	}
}

function namesakes(graph: Graph, order: Int32Array): Int32Array {
	const { nodes, position } = graph;
	const namesake = new Int32Array(nodes.length);
	for (let i = 0; i < nodes.length; i++) namesake[i] = i;
	if (position.size === nodes.length) return namesake;
	const last = new Map<string, number>();
	for (const i of order) last.set(nodes[i]!.name, i);
	for (let i = 0; i < nodes.length; i++) namesake[i] = last.get(nodes[i]!.name) ?? i;
	return namesake;
}
