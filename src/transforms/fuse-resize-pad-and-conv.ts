/**
 *   before   r = ResizeBilinear(x, size), p = MirrorPad(r, d), y = Conv2D(p, w)
 *   after    y = FusedResizeAndPadConv2D(x, size, d, w)
 */
import { Node } from '../graph/node.ts';
import { requiredAttr } from './const-node.ts';
import { defineTransform } from './define.ts';
import { convAttrs, fusePass, resizeInputs } from './fuse-conv.ts';
import { parsePattern } from './pattern.ts';

const RESIZED_AND_PADDED = parsePattern(`
Conv2D                conv
  MirrorPad           pad
    ResizeBilinear    resize
    *                 paddings
  *                   weights`);

export default defineTransform({
	name: 'fuse_resize_pad_and_conv',
	summary: 'merge a ResizeBilinear and a MirrorPad into the Conv2D behind them',
	details:
		'half_pixel_centers of the resize and device, data_format and dilations of the convolution are lost, as with ' +
		'the C++ tool. One pass: of convolutions that share weights or paddings, one is fused a run.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture:
		'before   r = ResizeBilinear(x, size), p = MirrorPad(r, d), y = Conv2D(p, w)\n' +
		'after    y = FusedResizeAndPadConv2D(x, size, d, w)',
	params: {},
	examples: ['fuse_resize_pad_and_conv'],
	seeAlso: ['fuse_resize_and_conv', 'fuse_pad_and_conv'],
	idempotent: false,

	apply({ graph, report }) {
		const looksFor = 'MirrorPad with a ResizeBilinear before it';
		return fusePass(graph, RESIZED_AND_PADDED, report, 'fuse_resize_pad_and_conv', looksFor, (match) => {
			const [conv, pad, resize] = [match.node('conv'), match.node('pad'), match.node('resize')];
			const fused = Node.of({
				name: conv.name,
				op: 'FusedResizeAndPadConv2D',
				inputs: [...resizeInputs(resize), pad.inputs[1]!, conv.inputs[1]!],
				attrs: {
					resize_align_corners: requiredAttr(resize, 'align_corners'),
					mode: requiredAttr(pad, 'mode'),
					...convAttrs(conv),
				},
			});
			return [match.node('weights'), match.node('paddings'), fused];
		});
	},
});
