/**
 *   before   p = MirrorPad(x, d), y = Conv2D(p, w)
 *   after    y = FusedPadConv2D(x, d, w)
 */
import { Node } from '../graph/node.ts';
import { requiredAttr } from './const-node.ts';
import { defineTransform } from './define.ts';
import { convAttrs, fusePass } from './fuse-conv.ts';
import { parsePattern } from './pattern.ts';

const PADDED = parsePattern(`
Conv2D         conv
  MirrorPad    pad
    *          input
    *          paddings
  *            weights`);

export default defineTransform({
	name: 'fuse_pad_and_conv',
	summary: 'merge a MirrorPad into the Conv2D behind it',
	details:
		'Only MirrorPad, never Pad. The convolution’s device, data_format and dilations are lost, as with the C++ ' +
		'tool. One pass: of convolutions that share weights, paddings or input, one is fused a run.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture: 'before   p = MirrorPad(x, d), y = Conv2D(p, w)\nafter    y = FusedPadConv2D(x, d, w)',
	params: {},
	examples: ['fuse_pad_and_conv'],
	seeAlso: ['fuse_resize_and_conv', 'fuse_resize_pad_and_conv'],
	idempotent: false,

	apply({ graph, report }) {
		return fusePass(graph, PADDED, report, 'fuse_pad_and_conv', 'MirrorPad', (match) => {
			const [conv, pad] = [match.node('conv'), match.node('pad')];
			const fused = Node.of({
				name: conv.name,
				op: 'FusedPadConv2D',
				inputs: [...pad.inputs.slice(0, 2), conv.inputs[1]!],
				attrs: { mode: requiredAttr(pad, 'mode'), ...convAttrs(conv) },
			});
			return [match.node('weights'), match.node('input'), match.node('paddings'), fused];
		});
	},
});
