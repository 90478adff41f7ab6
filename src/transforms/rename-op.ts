/**
 *   before   y = Mul(a, b)      rename_op(old_op_name=Mul, new_op_name=Multiply)
 *   after    y = Multiply(a, b)
 */
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { string } from './parameters.ts';

const WRONG_NAMES =
	"rename_op expects exactly one 'old_op_name' and 'new_op_name' argument, e.g. rename_op(old_op_name=Mul, new_op_name=Multiply)";
const exactlyOne = { missing: WRONG_NAMES, repeated: () => WRONG_NAMES, subject: 'op' } as const;

export default defineTransform({
	name: 'rename_op',
	summary: 'change the op type of all nodes of one op type',
	details: 'Only the name of the op changes: inputs and attributes stay. Functions are left alone.',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   y = Mul(a, b)\nafter    y = Multiply(a, b)',
	params: {
		old_op_name: string('the op type', exactlyOne),
		new_op_name: string('its new name', exactlyOne),
	},
	examples: ['rename_op(old_op_name=Mul, new_op_name=Multiply)'],

	apply({ graph, params, report }) {
		const { old_op_name: from, new_op_name: to } = params;
		if (!graph.byOp.has(from)) report.note(`no node is a ${from}`);
		return keepNodes(
			graph,
			graph.nodes.map((node) => (node.op === from && from !== to ? node.with({ op: to }) : node)),
		);
	},
});
