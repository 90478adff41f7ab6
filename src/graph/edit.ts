/** Changes to a graph, collected and then made at once, in time linear in the graph. */
import type { Graph } from './graph.ts';
import { inputParts, isControl } from './names.ts';
import type { Node } from './node.ts';

/**
 * Collects replacements, removals and redirections. Nothing happens to the graph: {@link nodes} gives the new
 * list, which shares every node that no change touched.
 */
export class GraphEdit {
	readonly graph: Graph;
	readonly #replaced = new Map<string, readonly Node[]>();
	readonly #redirected = new Map<string, (suffix: string) => string>();
	readonly #dropped = new Set<string>();

	constructor(graph: Graph) {
		this.graph = graph;
	}

	/** Puts nodes in the place of one. */
	replace(name: string, ...nodes: readonly Node[]): this {
		this.#replaced.set(name, nodes);
		return this;
	}

	remove(name: string): this {
		return this.replace(name);
	}

	/**
	 * Makes readers of `name` read something else: `target` gets the port as written (`''`, `:1`) and gives the
	 * new input. A control edge then hangs on the target's node. Followed once, not transitively.
	 */
	redirect(name: string, target: (suffix: string) => string): this {
		this.#redirected.set(name, target);
		return this;
	}

	/** Drops every control edge from `name`. */
	dropControl(name: string): this {
		this.#dropped.add(name);
		return this;
	}

	/** What now stands for the node of that name, or the node itself. */
	current(name: string): readonly Node[] {
		const node = this.graph.node(name);
		return this.#replaced.get(name) ?? (node ? [node] : []);
	}

	get changed(): boolean {
		return this.#replaced.size + this.#redirected.size + this.#dropped.size > 0;
	}

	/** The new node list: replacements in the place of what they replace. */
	nodes(): Node[] {
		const result: Node[] = [];
		for (const node of this.graph.nodes) {
			for (const kept of this.#replaced.get(node.name) ?? [node]) result.push(this.rewire(kept));
		}
		return result;
	}

	private rewire(node: Node): Node {
		if (this.#redirected.size === 0 && this.#dropped.size === 0) return node;
		let inputs: string[] | undefined;
		for (let i = 0; i < node.inputs.length; i++) {
			const input = node.inputs[i]!;
			const source = node.sources[i]!;
			const control = isControl(input);
			const drop = control && this.#dropped.has(source);
			const target = this.#redirected.get(source);
			if (!drop && !target) {
				inputs?.push(input);
				continue;
			}
			inputs ??= node.inputs.slice(0, i);
			if (drop) continue;
			const { suffix } = inputParts(input);
			const next = control ? `^${inputParts(target!('')).name}` : target!(suffix);
			if (!control || !inputs.includes(next)) inputs.push(next);
		}
		return inputs ? node.with({ inputs }) : node;
	}
}
