/**
 *   before   y = Relu(x) on /gpu:1      after   y = Relu(x)
 */

import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';

export default defineTransform({
	name: 'remove_device',
	summary: 'clear the device of every node',
	origin: 'tensorflow',
	loss: 'exact',
	picture: 'before   y = Relu(x) on /gpu:1\nafter    y = Relu(x)',
	params: {},
	examples: ['remove_device'],
	seeAlso: ['set_device'],

	apply({ graph, report }) {
		if (graph.nodes.every((node) => node.device === '')) report.note('no node has a device');
		return keepNodes(
			graph,
			graph.nodes.map((node) => (node.device === '' ? node : node.with({ device: '' }))),
		);
	},
});
