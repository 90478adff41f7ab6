/** The node names of a graph, sorted, so that completion answers within a frame. Made once a graph value. */
import type { Graph } from '../graph/graph.ts';

/** What begins with the same characters up to the next `/`. */
export interface NameGroup {
	/** A node's name, or the beginning of several up to and with the `/`. */
	readonly text: string;
	readonly count: number;
}

export class NameIndex {
	/** In the order of their characters. */
	readonly sorted: readonly string[];
	readonly #graph: Graph;
	#joined: { readonly text: string; readonly lower: string } | undefined;

	private constructor(graph: Graph, sorted: readonly string[]) {
		this.#graph = graph;
		this.sorted = sorted;
	}

	static #known = new WeakMap<Graph, NameIndex>();
	static #latest: NameIndex | undefined;

	/** The index of a graph; quick where the graph before it had almost the same names. */
	static of(graph: Graph): NameIndex {
		let index = NameIndex.#known.get(graph);
		if (!index) {
			const { sorted = [] } = NameIndex.#latest ?? {};
			index = new NameIndex(graph, sortedNames(graph, sorted));
			NameIndex.#known.set(graph, index);
		}
		NameIndex.#latest = index;
		return index;
	}

	/** Where the names that begin with `prefix` stand in {@link sorted}: from, and up to but without. */
	range(prefix: string): readonly [number, number] {
		return [this.#firstFrom(prefix), this.#firstFrom(`${prefix}\uffff`)];
	}

	/**
	 * Names that begin with `prefix`, those with the same next part taken together.
	 * @param most how many groups are wanted.
	 */
	groups(prefix: string, most: number): NameGroup[] {
		const [start, end] = this.range(prefix);
		const groups: NameGroup[] = [];
		for (let i = start; i < end && groups.length < most; ) {
			const name = this.sorted[i]!;
			const slash = name.indexOf('/', prefix.length);
			const part = slash < 0 ? name : name.slice(0, slash + 1);
			const next = slash < 0 ? i + 1 : Math.min(end, this.#firstFrom(`${part}\uffff`));
			const count = Math.max(1, next - i);
			groups.push({ text: part, count });
			i += count;
		}
		return groups;
	}

	/** Names that hold a text somewhere, upper and lower case alike. @param most how many are wanted. */
	holding(wanted: string, most: number): string[] {
		this.#joined ??= join(this.sorted);
		const { text, lower } = this.#joined;
		const found: string[] = [];
		const key = wanted.toLowerCase();
		for (let at = lower.indexOf(key); at >= 0 && found.length < most; ) {
			const end = lower.indexOf('\n', at);
			const name = text.slice(lower.lastIndexOf('\n', at) + 1, end);
			// A name may itself hold a line feed; its parts are no names.
			if (this.#graph.has(name)) found.push(name);
			at = lower.indexOf(key, end);
		}
		return found;
	}

	/** Makes what {@link holding} needs, while nobody waits. */
	prepare(): void {
		this.#joined ??= join(this.sorted);
	}

	/** The place of the first name that is not before `text`. */
	#firstFrom(text: string): number {
		let low = 0;
		let high = this.sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.sorted[middle]! < text) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** @param before sorted names of another graph, most of which are likely to be this one's too. */
function sortedNames(graph: Graph, before: readonly string[]): string[] {
	const kept = before.filter((name) => graph.has(name));
	if (kept.length === graph.nodes.length) return kept;
	const known = new Set(kept);
	const added = graph.nodes.flatMap(({ name }) => (known.has(name) ? [] : [name])).sort();
	const names: string[] = [];
	let k = 0;
	for (const name of added) {
		while (k < kept.length && kept[k]! < name) names.push(kept[k++]!);
		names.push(name);
	}
	while (k < kept.length) names.push(kept[k++]!);
	return names;
}

function join(names: readonly string[]): { text: string; lower: string } {
	const text = names.length === 0 ? '' : `${names.join('\n')}\n`;
	const lower = text.toLowerCase();
	// A few letters become two in lower case, and places would no longer agree.
	return { text, lower: lower.length === text.length ? lower : text };
}
