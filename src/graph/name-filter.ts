import type { Node } from './node.ts';

/** Bits for each name. */
const SPARSE = 16;
/** How many characters of a name count: those at its end, in which names that transforms make differ from others. */
const COUNTING = 8;

/**
 * Tells quickly of most texts that no node is called so. Looking up a name that is not there costs more than one that
 * is: a new text has no hash yet, and where it would stand is not in the processor's cache.
 */
export class NameFilter {
	readonly #bits: Uint32Array;
	readonly #mask: number;

	constructor(nodes: readonly Node[]) {
		let bits = 1024;
		while (bits < nodes.length * SPARSE && bits < 2 ** 28) bits *= 2;
		this.#mask = bits - 1;
		this.#bits = new Uint32Array(bits / 32);
		for (let i = 0; i < nodes.length; i++) {
			const bit = this.#bitOf(nodes[i]!.name);
			this.#bits[bit >>> 5]! |= 1 << (bit & 31);
		}
	}

	/** False where surely no node has that name. */
	mayHold(name: string): boolean {
		const bit = this.#bitOf(name);
		return (this.#bits[bit >>> 5]! & (1 << (bit & 31))) !== 0;
	}

	#bitOf(name: string): number {
		let hash = name.length;
		for (let i = Math.max(0, name.length - COUNTING); i < name.length; i++)
			hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
		return (hash ^ (hash >>> 15)) & this.#mask;
	}
}
