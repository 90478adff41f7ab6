import type { NodeHashes } from './node-hash.ts';

/** Numbers of nodes by their present hashes: chains in typed arrays, for a million nodes. */
export class HashChains {
	readonly #hashes: NodeHashes;
	readonly #first: Int32Array;
	readonly #next: Int32Array;
	readonly #mask: number;

	/** @param hashes of the nodes while they are in a chain: a node leaves before its hash changes. */
	constructor(hashes: NodeHashes) {
		const count = hashes.high.length;
		let chains = 1;
		while (chains < count) chains *= 2;
		this.#hashes = hashes;
		this.#mask = chains - 1;
		this.#first = new Int32Array(chains).fill(-1);
		this.#next = new Int32Array(count);
	}

	enter(node: number): void {
		const chain = this.#chainOf(node);
		this.#next[node] = this.#first[chain]!;
		this.#first[chain] = node;
	}

	leave(node: number): void {
		const chain = this.#chainOf(node);
		if (this.#first[chain] === node) {
			this.#first[chain] = this.#next[node]!;
			return;
		}
		let before = this.#first[chain]!;
		while (before >= 0 && this.#next[before] !== node) before = this.#next[before]!;
		if (before >= 0) this.#next[before] = this.#next[node]!;
	}

	/** Those with the hash of a node, itself among them, in ascending order; undefined when it is alone. */
	equal(node: number): number[] | undefined {
		const { high, low } = this.#hashes;
		let equal: number[] | undefined;
		for (let other = this.#first[this.#chainOf(node)]!; other >= 0; other = this.#next[other]!) {
			if (other === node || high[other] !== high[node] || low[other] !== low[node]) continue;
			equal ??= [node];
			equal.push(other);
		}
		return equal?.sort((a, b) => a - b);
	}

	#chainOf(node: number): number {
		return this.#hashes.low[node]! & this.#mask;
	}
}
