/** The C++ tool's hash of a node, exact to all 64 bits (spec: core-and-rewiring 10.1). */
import type { Attr } from '../graph/attr.ts';
import { canonicalInput } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { ELEMENTS_A_TURN, isTurn, type Work } from '../graph/progress.ts';
import { compareBytes } from '../graph/text.ts';
import { canonicalAttrValue, isCanonicalAttrValue } from './canonical-bytes.ts';
import { combineHash, type Hash64, murmurHash, murmurHashText } from './murmur-hash.ts';

/**
 * The hashes of some nodes by position, kept while nodes change their inputs: attribute values, which may be
 * the whole weights of a model, are hashed once.
 */
export class NodeHashes {
	readonly high: Uint32Array;
	readonly low: Uint32Array;
	/** Hashes of attribute values, two numbers each: those of node i are `[attrStart[i], attrStart[i + 1])`. */
	readonly #attrs: Int32Array;
	readonly #attrStart: Int32Array;
	readonly #texts = new Map<string, Hash64>();
	readonly #smallAttrs = new Map<number, Hash64>();
	readonly #named: ReadonlySet<string>;
	readonly #hash: Hash64 = { high: 0, low: 0 };
	readonly #part: Hash64 = { high: 0, low: 0 };

	private constructor(attrStart: Int32Array, named: ReadonlySet<string>) {
		const count = attrStart.length - 1;
		this.#named = named;
		this.high = new Uint32Array(count);
		this.low = new Uint32Array(count);
		this.#attrStart = attrStart;
		this.#attrs = new Int32Array(attrStart[count]!);
	}

	/** @param named names of nodes whose hash covers their name; that of others does not. */
	static *of(nodes: readonly Node[], named: ReadonlySet<string>): Work<NodeHashes> {
		const total = 2 * nodes.length;
		const attrStart = new Int32Array(nodes.length + 1);
		for (let i = 0; i < nodes.length; i++) {
			if (isTurn(i)) yield { done: i, total };
			attrStart[i + 1] = attrStart[i]! + 2 * nodes[i]!.attrs.size;
		}
		const hashes = new NodeHashes(attrStart, named);
		for (let i = 0; i < nodes.length; i++) {
			const bytes = hashes.enter(i, nodes[i]!);
			if (isTurn(i) || bytes > ELEMENTS_A_TURN) yield { done: nodes.length + i, total };
		}
		return hashes;
	}

	/** Hashes the attributes and the rest of a node. @returns the bytes of the attributes. */
	private enter(position: number, node: Node): number {
		let at = this.#attrStart[position]!;
		let bytes = 0;
		for (const attr of sortedValues(node)) {
			const { high, low } = this.attrHash(attr);
			this.#attrs[at++] = high;
			this.#attrs[at++] = low;
			bytes += attr.end - attr.start;
		}
		this.update(position, node);
		return bytes;
	}

	/**
	 * Takes up the node at a position, whose attributes are what they were. The hash covers op, canonical
	 * inputs in order, device and attribute values in the order of their names, but not the names themselves.
	 */
	update(position: number, node: Node): void {
		const hash = this.#hash;
		const part = this.#part;
		const op = this.textHash(node.op);
		hash.high = op.high;
		hash.low = op.low;
		const name = this.textHash(this.#named.has(node.name) ? node.name : '');
		combineHash(hash, name.high, name.low);
		for (const input of node.inputs) {
			murmurHashText(canonicalInput(input), part);
			combineHash(hash, part.high, part.low);
		}
		const device = this.textHash(node.device);
		combineHash(hash, device.high, device.low);
		for (let at = this.#attrStart[position]!; at < this.#attrStart[position + 1]!; at += 2)
			combineHash(hash, this.#attrs[at]!, this.#attrs[at + 1]!);
		this.high[position] = hash.high;
		this.low[position] = hash.low;
	}

	private textHash(text: string): Hash64 {
		let hash = this.#texts.get(text);
		if (!hash) {
			hash = { high: 0, low: 0 };
			murmurHashText(text, hash);
			this.#texts.set(text, hash);
		}
		return hash;
	}

	/** The same few types, flags and numbers stand on most nodes: values up to three bytes are looked up. */
	private attrHash(attr: Attr): Hash64 {
		const { source, start, end } = attr;
		if (end - start > 3) {
			hashAttr(attr, this.#part);
			return this.#part;
		}
		let key = end - start;
		for (let i = start; i < end; i++) key = key * 256 + source[i]!;
		let hash = this.#smallAttrs.get(key);
		if (!hash) {
			hash = { high: 0, low: 0 };
			hashAttr(attr, hash);
			this.#smallAttrs.set(key, hash);
		}
		return hash;
	}
}

function hashAttr(attr: Attr, result: Hash64): void {
	const { source, start, end } = attr;
	if (isCanonicalAttrValue(source, start, end)) murmurHash(source, result, start, end);
	else murmurHash(canonicalAttrValue(attr.bytes), result);
}

function sortedValues(node: Node): Iterable<Attr> {
	const { attrs } = node;
	let last = '';
	for (const name of attrs.keys()) {
		if (compareBytes(last, name) > 0) {
			return [...attrs.keys()].sort(compareBytes).map((key) => attrs.get(key)!);
		}
		last = name;
	}
	return attrs.values();
}
