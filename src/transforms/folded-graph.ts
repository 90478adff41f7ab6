/**
 * The last but one part of `fold_constants`: what the outputs still use, and inputs that come back (spec: folding 3.10,
 * 3.11). Nodes are numbers: those of the file first, then the constants that were made.
 */
import type { Graph } from '../graph/graph.ts';
import { parseTensorId } from '../graph/names.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { compareBytes } from '../graph/text.ts';
import { failure } from './fold-constants-checks.ts';
import { type CutGraph, outputNumber } from './fold-constants-cut.ts';
import type { Foldable } from './fold-constants-foldable.ts';
import { libstdcxxSetOrder } from './unordered-set-order.ts';

/** A constant that took the place of a node's output. */
export interface FoldedConstant {
	readonly name: string;
	readonly node: number;
	readonly port: number;
	readonly value: TensorValue;
}

/** The graph after folding, as far as numbers tell it. */
export class FoldedGraph {
	readonly cut: CutGraph;
	readonly constants: readonly FoldedConstant[];
	/** Inputs that nothing read when they had been cut off: they come back as the file has them, in this order. */
	readonly putBack: readonly number[];
	/** Whether a constant got the name of another node. The one that stands first is then meant by that name. */
	readonly hasTwins: boolean;
	readonly inputNames: ReadonlySet<string>;
	readonly #dependencies: Foldable['dependencies'];
	readonly #graph: Graph;
	readonly #fed: ReadonlySet<string>;
	/** By node the index of the constant that stands for its output 0, or −1; and by number for other outputs. */
	readonly #first: Int32Array;
	readonly #others = new Map<number, number>();
	/** By index of a constant, the node that is meant by its name. */
	readonly #meant: Int32Array;
	readonly #taken = new Map<string, number>();
	readonly #isBack: Uint8Array;
	readonly #reads: number[] = [];

	constructor(
		graph: Graph,
		cut: CutGraph,
		foldable: Foldable,
		constants: readonly FoldedConstant[],
		inputs: readonly string[],
	) {
		this.#graph = graph;
		this.cut = cut;
		this.constants = constants;
		this.#dependencies = foldable.dependencies;
		const ids = inputs.map(parseTensorId);
		this.#fed = new Set(ids.map(({ name, port }) => `${name}:${port}`));
		this.inputNames = new Set(ids.map(({ name }) => name));
		const { nodes, position } = cut.imported;
		this.#first = new Int32Array(cut.count).fill(-1);
		this.#meant = new Int32Array(constants.length);
		const mayHaveTwins = nodes.some(({ name }) => name.includes('__cf__'));
		let hasTwins = false;
		for (let c = 0; c < constants.length; c++) {
			const { name, node, port } = constants[c]!;
			if (port === 0) this.#first[node] = c;
			else this.#others.set(outputNumber(node, port), c);
			const twin = mayHaveTwins ? position.get(name) : undefined;
			if (twin !== undefined) this.#taken.set(name, nodes.length + c);
			const isTwin = twin !== undefined && cut.needed[twin] === 1;
			hasTwins ||= isTwin;
			this.#meant[c] = isTwin ? twin : nodes.length + c;
		}
		this.hasTwins = hasTwins;
		this.#isBack = new Uint8Array(nodes.length);
		this.putBack = libstdcxxSetOrder([...this.inputNames])
			.map((name) => position.get(name)!)
			.filter((at) => !cut.needed[at] && !this.#taken.has(nodes[at]!.name));
		for (const at of this.putBack) this.#isBack[at] = 1;
	}

	/** The index of the constant that stands for an output; −1 for none. */
	constantAt(node: number, port: number): number {
		if (port === 0) return this.#first[node]!;
		return this.#others.size > 0 ? (this.#others.get(outputNumber(node, port)) ?? -1) : -1;
	}

	/** By number: 1 for what the outputs use, and what is called like it. */
	used(outputs: readonly string[]): Uint8Array {
		const { nodes, position } = this.cut.imported;
		const used = new Uint8Array(nodes.length + this.constants.length);
		const stack = outputs.map((output) => position.get(parseTensorId(output).name)!);
		for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
			if (used[at]) continue;
			if (at < nodes.length && !this.cut.needed[at] && !this.#isBack[at]) {
				const { name } = nodes[at]!;
				throw failure(`Bad graph structure, no node named '${name}' found for input lookup`);
			}
			used[at] = 1;
			for (const from of this.readsOf(at)) if (from >= 0 && !used[from]) stack.push(from);
		}
		for (let c = 0; c < this.constants.length; c++) used[nodes.length + c] = used[this.#meant[c]!]!;
		return used;
	}

	/**
	 * What a node reads, in the order of its inputs; a fed tensor, behind which nothing is used, as −1 − the number of
	 * its node. The list is the same at every call.
	 */
	readsOf(node: number): readonly number[] {
		const reads = this.#reads;
		reads.length = 0;
		const { imported, source, port, controls, needed } = this.cut;
		const count = imported.nodes.length;
		if (node >= count) this.#addWaits(this.waitsOf(this.constants[node - count]!));
		else if (!needed[node]) this.#addInputs(node);
		else {
			const { start } = imported.edges;
			for (let e = start[node]!; e < start[node + 1]!; e++) {
				const from = source[e]!;
				const constant = this.constantAt(from, port[e]!);
				if (constant >= 0) reads.push(this.#meant[constant]!);
				else reads.push(from < count ? from : -1 - this.#nodeOf(from));
			}
			if (controls[node]!.length > 0) this.#addWaits(this.sorted(controls[node]!));
		}
		return reads;
	}

	/** What a constant waits for. */
	waitsOf(constant: FoldedConstant): readonly number[] {
		const waits = this.#dependencies.get(constant.node);
		return waits ? this.sorted(waits) : [];
	}

	/** Nodes of the file and stand-ins in the order in which they are waited for. */
	sorted(nodes: Iterable<number>): readonly number[] {
		const { names } = this.cut;
		return [...nodes].sort((a, b) => compareBytes(names[a]!, names[b]!));
	}

	#addWaits(nodes: readonly number[]): void {
		for (const node of nodes) this.#reads.push(this.#nodeOf(node));
	}

	/** The inputs of a node as the file has them. */
	#addInputs(node: number): void {
		const { nodes, position } = this.cut.imported;
		for (const input of this.#graph.nodes[node]!.inputs) {
			const { name, port } = parseTensorId(input);
			const at = position.get(name)!;
			const present = this.cut.needed[at] || this.#isBack[at];
			const meant = present ? at : (this.#taken.get(nodes[at]!.name) ?? at);
			this.#reads.push(this.#fed.has(`${name}:${port}`) ? -1 - meant : meant);
		}
	}

	/** The node itself, or the one that a stand-in stands for. */
	#nodeOf(node: number): number {
		const { imported, standIns } = this.cut;
		const { length } = imported.nodes;
		return node < length ? node : imported.position.get(standIns[node - length]!.name)!;
	}
}
