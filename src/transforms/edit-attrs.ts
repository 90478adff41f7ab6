import type { Attrs, Node } from '../graph/node.ts';

/**
 * Gives nodes other attributes. Many nodes have the very same ones; so have they afterwards, and what is alike is
 * worked out once.
 * @param edit new attributes in place of old ones; the same value where nothing changes.
 */
export function attrEditor(edit: (attrs: Attrs) => Attrs): (node: Node) => Node {
	const edited = new Map<Attrs, Attrs>();
	return (node) => {
		let attrs = edited.get(node.attrs);
		if (!attrs) {
			attrs = edit(node.attrs);
			edited.set(node.attrs, attrs);
		}
		return attrs === node.attrs ? node : node.with({ attrs });
	};
}

/** Without one of them; the same value when it is not there. */
export function withoutAttr(attrs: Attrs, name: string): Attrs {
	if (!attrs.has(name)) return attrs;
	const others = new Map(attrs);
	others.delete(name);
	return others;
}
