/** A list of node numbers in which nodes move, with the means to tell which of two stands first. */
export class NodeOrder {
	/** Neighbours; number `count` stands before the first and behind the last node. */
	readonly #next: Int32Array;
	readonly #previous: Int32Array;
	readonly #place: Float64Array;
	readonly #end: number;
	/** How often places were given anew, so that remembered ones are void. */
	renumbered = 0;

	/** Numbers 0 to `count` − 1, in order. */
	constructor(count: number) {
		this.#end = count;
		this.#next = Int32Array.from({ length: count + 1 }, (_, i) => (i === count ? 0 : i + 1));
		this.#previous = Int32Array.from({ length: count + 1 }, (_, i) => (i === 0 ? count : i - 1));
		this.#place = Float64Array.from({ length: count + 1 }, (_, i) => i);
	}

	/** A number that grows along the list. */
	place(node: number): number {
		return this.#place[node]!;
	}

	delete(node: number): void {
		const before = this.#previous[node]!;
		const after = this.#next[node]!;
		this.#next[before] = after;
		this.#previous[after] = before;
	}

	/** Takes `node` from its place and puts it where `other` is, which leaves the list. */
	moveInPlaceOf(node: number, other: number): void {
		this.moveBehind(node, other);
		this.delete(other);
		this.#place[node] = this.#place[other]!;
	}

	/** Takes `node` from its place and puts it right behind `other`. @returns false where it is already. */
	moveBehind(node: number, other: number): boolean {
		if (this.#next[other] === node) return false;
		this.delete(node);
		const after = this.#next[other]!;
		this.#next[other] = node;
		this.#previous[node] = other;
		this.#next[node] = after;
		this.#previous[after] = node;
		const low = this.#place[other]!;
		const high = after === this.#end ? low + 2 : this.#place[after]!;
		this.#place[node] = (low + high) / 2;
		if (this.#place[node] === low || this.#place[node] === high) this.renumber();
		return true;
	}

	private renumber(): void {
		let place = 0;
		for (const node of this) this.#place[node] = place++;
		this.renumbered++;
	}

	*[Symbol.iterator](): Generator<number> {
		for (let node = this.#next[this.#end]!; node !== this.#end; node = this.#next[node]!) yield node;
	}
}
