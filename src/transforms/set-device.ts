/**
 *   before   y = Relu(x), z = Relu(y) on /gpu:1      set_device(device="/cpu:0", if_default=true)
 *   after    y = Relu(x) on /cpu:0, z = Relu(y) on /gpu:1
 */
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { bool, string } from './parameters.ts';

export default defineTransform({
	name: 'set_device',
	summary: 'put every node on a device',
	details: 'A device with a colon needs quotes. Without a device all devices are cleared.',
	origin: 'tensorflow',
	loss: 'exact',
	picture:
		'before   y = Relu(x), z = Relu(y) on /gpu:1\nafter    y = Relu(x) on /cpu:0, z = Relu(y) on /gpu:1',
	params: {
		device: string('the device', { default: '', subject: 'device' }),
		if_default: bool('only nodes that have none', { default: false }),
	},
	examples: ['set_device(device="/device:CPU:0")', 'set_device(device="/job:worker/cpu:0", if_default=true)'],
	seeAlso: ['remove_device'],

	apply({ graph, params, report }) {
		const { device, if_default: onlyUnplaced } = params;
		const moves = (old: string): boolean => old !== device && !(onlyUnplaced && old !== '');
		if (!graph.nodes.some((node) => moves(node.device))) {
			report.note(onlyUnplaced ? 'every node has a device already' : 'every node is on this device already');
		}
		return keepNodes(
			graph,
			graph.nodes.map((node) => (moves(node.device) ? node.with({ device }) : node)),
		);
	},
});
