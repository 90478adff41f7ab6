/** Nodes by the node that they read, for {@link PassThroughRemoval}: which of them is the last in the list? */
import TinyQueue from 'tinyqueue';
import type { NodeOrder } from './node-order.ts';

interface Member {
	readonly node: number;
	/** Its place when it was entered; another one now means that it has moved and was entered again. */
	readonly place: number;
}

const lastFirst = (a: Member, b: Member): number => b.place - a.place;

export class Families {
	readonly #order: NodeOrder;
	readonly #members: Uint8Array;
	#bySource = new Map<number, TinyQueue<Member>>();
	/** Sources in the order of execution. */
	#sources: number[];
	#moved: number[] = [];
	#renumbered: number;

	/** @param rank place in the order of execution, by node. */
	constructor(
		members: readonly number[],
		sourceOf: (node: number) => number,
		order: NodeOrder,
		rank: Int32Array,
	) {
		this.#order = order;
		this.#members = new Uint8Array(rank.length);
		for (const node of members) this.#members[node] = 1;
		this.enter(members, sourceOf);
		this.#sources = [...this.#bySource.keys()].sort((a, b) => rank[a]! - rank[b]!);
		this.#renumbered = order.renumbered;
	}

	/** The matches of one pass, `[source, member]`: a source that is itself matched under its own is passed over. */
	matches(): [number, number][] {
		const heads = new Set<number>();
		const found: [number, number][] = [];
		for (const source of this.#sources) {
			const last = heads.has(source) ? undefined : this.last(source);
			if (last === undefined) continue;
			heads.add(last);
			found.push([source, last]);
		}
		return found;
	}

	/** A source's place in the list has changed. */
	moved(source: number): void {
		if (this.#members[source]) this.#moved.push(source);
	}

	/** `head` is gone, and its members are those of `source`. */
	merge(head: number, source: number): void {
		this.#members[head] = 0;
		this.moved(source);
		const own = this.#bySource.get(source)!;
		const other = this.#bySource.get(head);
		if (!other) return;
		this.#bySource.delete(head);
		const [large, small] = own.length < other.length ? [other, own] : [own, other];
		for (const member of small.data) large.push(member);
		this.#bySource.set(source, large);
	}

	/** Ends a pass: takes up what has moved, and drops families without members. */
	settle(sourceOf: (node: number) => number): void {
		if (this.#renumbered !== this.#order.renumbered) {
			this.#renumbered = this.#order.renumbered;
			this.#bySource = new Map();
			this.enter(
				[...this.#members.keys()].filter((node) => this.#members[node]),
				sourceOf,
			);
		} else this.enter(this.#moved, sourceOf);
		this.#moved = [];
		this.#sources = this.#sources.filter((source) => this.last(source) !== undefined);
	}

	private enter(nodes: readonly number[], sourceOf: (node: number) => number): void {
		for (const node of nodes) {
			if (!this.#members[node]) continue;
			const source = sourceOf(node);
			const member = { node, place: this.#order.place(node) };
			const family = this.#bySource.get(source);
			if (family) family.push(member);
			else this.#bySource.set(source, new TinyQueue([member], lastFirst));
		}
	}

	private last(source: number): number | undefined {
		const family = this.#bySource.get(source);
		if (!family) return undefined;
		for (let top = family.peek(); top; top = family.peek()) {
			if (this.#members[top.node] && this.#order.place(top.node) === top.place) return top.node;
			family.pop();
		}
		return undefined;
	}
}
