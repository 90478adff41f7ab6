import type { Attrs, Node } from './node.ts';

/** What was found out once for all nodes of one op with the very same attributes. Ops of one dtype often share theirs. */
export class AlikeNodes<Found> {
	readonly #byOp = new Map<string, Map<Attrs, Found>>();

	get(node: Node): Found | undefined {
		return this.#byOp.get(node.op)?.get(node.attrs);
	}

	set(node: Node, found: Found): Found {
		const ofOp = this.#byOp.get(node.op);
		if (ofOp) ofOp.set(node.attrs, found);
		else this.#byOp.set(node.op, new Map([[node.attrs, found]]));
		return found;
	}
}
