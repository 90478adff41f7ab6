/** The order in which libstdc++ goes through an `unordered_set` of strings (spec: folding 3.10). */
import { type Hash64, murmurHashText } from './murmur-hash.ts';

/** Bucket counts, each taken when the set is full. */
const BUCKETS = [
	13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043, 85229, 172933, 351061,
] as const;

/** Distinct names in the order of the set after inserting them one by one. */
export function libstdcxxSetOrder(names: readonly string[]): string[] {
	const distinct = [...new Set(names)];
	const hashes = distinct.map(hashOf);
	let chain = new Chain(BUCKETS[0]);
	for (let i = 0, grown = 0; i < distinct.length; i++) {
		if (i === chain.buckets) {
			const wider = new Chain(BUCKETS[++grown] ?? 2 * chain.buckets + 1);
			for (const item of chain.items()) wider.insert(item, hashes[item]!);
			chain = wider;
		}
		chain.insert(i, hashes[i]!);
	}
	return [...chain.items()].map((i) => distinct[i]!);
}

/** The set's linked list: a new element goes before the first of its bucket, else to the front. */
class Chain {
	readonly buckets: number;
	#front: Link | undefined;
	/** By bucket, the link before its first element; undefined inside the map means the front. */
	readonly #before = new Map<number, Link | undefined>();

	constructor(buckets: number) {
		this.buckets = buckets;
	}

	insert(item: number, hash: bigint): void {
		const bucket = Number(hash % BigInt(this.buckets));
		if (this.#before.has(bucket)) {
			const before = this.#before.get(bucket);
			const link: Link = { item, bucket, next: before ? before.next : this.#front };
			if (before) before.next = link;
			else this.#front = link;
			return;
		}
		const link: Link = { item, bucket, next: this.#front };
		// What was at the front now has the new link before it.
		if (this.#front) this.#before.set(this.#front.bucket, link);
		this.#before.set(bucket, undefined);
		this.#front = link;
	}

	*items(): Generator<number> {
		for (let link = this.#front; link; link = link.next) yield link.item;
	}
}

interface Link {
	readonly item: number;
	readonly bucket: number;
	next: Link | undefined;
}

function hashOf(name: string): bigint {
	const hash: Hash64 = { high: 0, low: 0 };
	murmurHashText(name, hash);
	return (BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0);
}
