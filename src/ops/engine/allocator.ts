/** Hands out pieces of one growing memory: best fit, neighbours joined when they come back. */

const ALIGNMENT = 64;

export class Allocator {
	/** Free pieces by address, never touching each other. */
	readonly #free: { start: number; size: number }[] = [];
	readonly #sizes = new Map<number, number>();
	/** Everything from here on has never been handed out. */
	#end: number;
	#limit: number;
	readonly #grow: (bytes: number) => number;
	#used = 0;
	#peak = 0;

	/**
	 * @param start the first address that may be handed out.
	 * @param limit bytes of the memory.
	 * @param grow makes the memory at least so many bytes and says how many it has. @throws when it cannot.
	 */
	constructor(start: number, limit: number, grow: (bytes: number) => number) {
		this.#end = start;
		this.#limit = limit;
		this.#grow = grow;
	}

	/** Bytes handed out now, and the most there ever were. */
	get used(): number {
		return this.#used;
	}

	get peak(): number {
		return this.#peak;
	}

	allocate(bytes: number): number {
		const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
		const start = this.#fromFree(size) ?? this.#fromEnd(size);
		this.#sizes.set(start, size);
		this.#used += size;
		if (this.#used > this.#peak) this.#peak = this.#used;
		return start;
	}

	free(start: number): void {
		const size = this.#sizes.get(start);
		if (size === undefined) return;
		this.#sizes.delete(start);
		this.#used -= size;
		this.#insert(start, size);
	}

	/** The piece that holds an address; undefined when it was not handed out. */
	pieceAt(address: number): number | undefined {
		if (this.#sizes.has(address)) return address;
		for (const [start, size] of this.#sizes) if (address > start && address < start + size) return start;
		return undefined;
	}

	#fromFree(size: number): number | undefined {
		let best = -1;
		for (let i = 0; i < this.#free.length; i++) {
			const piece = this.#free[i]!;
			if (piece.size >= size && (best < 0 || piece.size < this.#free[best]!.size)) best = i;
		}
		if (best < 0) return undefined;
		const piece = this.#free[best]!;
		const { start } = piece;
		if (piece.size === size) this.#free.splice(best, 1);
		else {
			piece.start += size;
			piece.size -= size;
		}
		return start;
	}

	#fromEnd(size: number): number {
		const start = this.#end;
		if (start + size > this.#limit) this.#limit = this.#grow(start + size);
		this.#end = start + size;
		return start;
	}

	#insert(start: number, size: number): void {
		let low = 0;
		let high = this.#free.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#free[middle]!.start < start) low = middle + 1;
			else high = middle;
		}
		const before = this.#free[low - 1];
		const after = this.#free[low];
		if (before && before.start + before.size === start) {
			before.size += size;
			if (after && before.start + before.size === after.start) {
				before.size += after.size;
				this.#free.splice(low, 1);
			}
		} else if (after && start + size === after.start) {
			after.start = start;
			after.size += size;
		} else this.#free.splice(low, 0, { start, size });
		const last = this.#free.at(-1);
		if (last && last.start + last.size === this.#end) {
			this.#end = last.start;
			this.#free.pop();
		}
	}
}
