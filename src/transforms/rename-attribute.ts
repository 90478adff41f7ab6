/**
 *   before   y = Relu(x) {T: float}      rename_attribute(old_attribute_name=T, new_attribute_name=dtype)
 *   after    y = Relu(x) {dtype: float}
 */
import type { Attrs } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { attrEditor, withoutAttr } from './edit-attrs.ts';
import { keepNodes } from './keep-nodes.ts';
import { string, strings } from './parameters.ts';
import { nothingFound } from './remove-attribute.ts';

const WRONG_NAMES =
	"rename_attribute expects exactly one 'old_attribute_name' and one 'new_attribute_name' argument, e.g. rename_attribute(old_attribute_name=foo, new_attribute_name=bar)";
const exactlyOne = { missing: WRONG_NAMES, repeated: () => WRONG_NAMES, subject: 'attr' } as const;

export default defineTransform({
	name: 'rename_attribute',
	summary: 'rename an attribute of all nodes of an op type, or of all nodes',
	details: 'Where a node has an attribute of the new name already, that one wins and the old value is lost.',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   y = Relu(x) {T: float}\nafter    y = Relu(x) {dtype: float}',
	params: {
		old_attribute_name: string('the attribute', exactlyOne),
		new_attribute_name: string('its new name', exactlyOne),
		op_name: strings('the op type, or * for all; the first value counts', { subject: 'op' }),
	},
	examples: ['rename_attribute(op_name=Mul, old_attribute_name=foo, new_attribute_name=bar)'],
	seeAlso: ['remove_attribute'],

	apply({ graph, params, report }) {
		const { old_attribute_name: from, new_attribute_name: to } = params;
		const op = params.op_name[0] ?? '*';
		const edited = attrEditor((attrs) => renamed(attrs, from, to));
		const nodes = graph.nodes.map((node) => {
			if (op !== '*' && node.op !== op) return node;
			if (from !== to && node.attrs.has(from) && node.attrs.has(to))
				report.skip(
					node.name,
					`it has an attribute \`${to}\` already, which stays; the value of \`${from}\` is lost`,
				);
			return edited(node);
		});
		if (nodes.every((node, i) => node === graph.nodes[i])) report.note(nothingFound(from, op));
		return keepNodes(graph, nodes);
	},
});

/** The renamed attribute comes last; one that has the new name already wins. */
function renamed(attrs: Attrs, from: string, to: string): Attrs {
	const value = attrs.get(from);
	if (!value || from === to) return attrs;
	const others = withoutAttr(attrs, from);
	return others.has(to) ? others : new Map(others).set(to, value);
}
