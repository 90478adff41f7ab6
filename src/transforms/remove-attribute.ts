/**
 *   before   y = Relu(x) {T: float, _class: loc:@x}      remove_attribute(attribute_name=_class)
 *   after    y = Relu(x) {T: float}
 */
import { defineTransform } from './define.ts';
import { attrEditor, withoutAttr } from './edit-attrs.ts';
import { keepNodes } from './keep-nodes.ts';
import { string } from './parameters.ts';

const WRONG_NAME =
	"remove_attribute expects exactly one 'attribute_name' argument, e.g. remove_attribute(op_name=Mul, attribute_name=foo)";

export default defineTransform({
	name: 'remove_attribute',
	summary: 'delete an attribute from all nodes of an op type, or from all nodes',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   y = Relu(x) {T: float, _class: loc:@x}\nafter    y = Relu(x) {T: float}',
	params: {
		attribute_name: string('the attribute', {
			missing: WRONG_NAME,
			repeated: () => WRONG_NAME,
			subject: 'attr',
		}),
		op_name: string('the op type, or * for all', {
			default: '*',
			repeated: (count) => `remove_attribute expects a single op_name argument, but found ${count}`,
			subject: 'op',
		}),
	},
	examples: [
		'remove_attribute(attribute_name=_output_shapes)',
		'remove_attribute(op_name=Mul, attribute_name=foo)',
	],
	seeAlso: ['rename_attribute'],

	apply({ graph, params, report }) {
		const { attribute_name: name, op_name: op } = params;
		const edited = attrEditor((attrs) => withoutAttr(attrs, name));
		const nodes = graph.nodes.map((node) => (op === '*' || node.op === op ? edited(node) : node));
		if (nodes.every((node, i) => node === graph.nodes[i])) report.note(nothingFound(name, op));
		return keepNodes(graph, nodes);
	},
});

/** Why a transform on the attributes of an op type changed nothing. */
export function nothingFound(attribute: string, op: string): string {
	return op === '*'
		? `no node has an attribute \`${attribute}\``
		: `no ${op} has an attribute \`${attribute}\``;
}
