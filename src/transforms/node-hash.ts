/** The C++ tool's hash of a node, exact to all 64 bits (spec: core-and-rewiring 10.1). */
import type { Attr } from '../graph/attr.ts';
import { canonicalInput } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { compareBytes } from '../graph/text.ts';
import { canonicalAttrValue } from './canonical-bytes.ts';
import { combineHash, type Hash64, murmurHash, murmurHashText } from './murmur-hash.ts';

/** Hashes nodes; what it has seen once (op types, devices, attribute values) is hashed once. */
export class NodeHasher {
	readonly #texts = new Map<string, Hash64>();
	readonly #attrs = new WeakMap<Attr, Hash64>();
	readonly #part: Hash64 = { high: 0, low: 0 };

	/**
	 * Covers op, canonical inputs in order, device and attribute values in the order of their names; not the
	 * names of attributes, and the node's own only on demand.
	 */
	hash(node: Node, withName: boolean, result: Hash64): void {
		const part = this.#part;
		const op = this.text(node.op);
		result.high = op.high;
		result.low = op.low;
		if (withName) murmurHashText(node.name, part);
		const name = withName ? part : this.text('');
		combineHash(result, name.high, name.low);
		for (const input of node.inputs) {
			murmurHashText(canonicalInput(input), part);
			combineHash(result, part.high, part.low);
		}
		const device = this.text(node.device);
		combineHash(result, device.high, device.low);
		for (const value of sortedValues(node)) {
			const { high, low } = this.attr(value);
			combineHash(result, high, low);
		}
	}

	private text(text: string): Hash64 {
		let hash = this.#texts.get(text);
		if (!hash) {
			hash = { high: 0, low: 0 };
			murmurHashText(text, hash);
			this.#texts.set(text, hash);
		}
		return hash;
	}

	private attr(attr: Attr): Hash64 {
		let hash = this.#attrs.get(attr);
		if (!hash) {
			hash = { high: 0, low: 0 };
			murmurHash(canonicalAttrValue(attr.bytes), hash);
			this.#attrs.set(attr, hash);
		}
		return hash;
	}
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
