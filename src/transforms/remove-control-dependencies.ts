/**
 *   before   y = Relu(x, ^init)      after   y = Relu(x)
 */
import { isControl } from '../graph/names.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';

export default defineTransform({
	name: 'remove_control_dependencies',
	summary: 'drop every control input',
	details: 'Nodes that were only run for their effect stay in the graph; strip_unused_nodes takes them away.',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   y = Relu(x, ^init)\nafter    y = Relu(x)',
	params: {},
	examples: ['remove_control_dependencies'],
	seeAlso: ['strip_unused_nodes'],

	apply({ graph, report }) {
		let dropped = 0;
		const nodes = graph.nodes.map((node) => {
			if (!node.inputs.some(isControl)) return node;
			const inputs = node.inputs.filter((input) => !isControl(input));
			dropped += node.inputs.length - inputs.length;
			return node.with({ inputs });
		});
		if (dropped === 0) report.note('no node has a control input');
		return keepNodes(graph, nodes);
	},
});
