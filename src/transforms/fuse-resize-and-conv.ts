/**
 *   before   r = ResizeBilinear(x, size), y = Conv2D(r, w)
 *   after    y_dummy_paddings = Const() {value: int32[4,2] zeros}
 *            y = FusedResizeAndPadConv2D(x, size, y_dummy_paddings, w)
 */
import { Attr } from '../graph/attr.ts';
import { DT_INT32 } from '../graph/dtype.ts';
import { Node } from '../graph/node.ts';
import { constNode, requiredAttr } from './const-node.ts';
import { defineTransform } from './define.ts';
import { convAttrs, fusePass, resizeInputs } from './fuse-conv.ts';
import { parsePattern } from './pattern.ts';

const RESIZED = parsePattern(`
Conv2D              conv
  ResizeBilinear    resize
  *                 weights`);

export default defineTransform({
	name: 'fuse_resize_and_conv',
	summary: 'merge a ResizeBilinear into the Conv2D behind it',
	details:
		'The fused op pads as well; here with paddings of zero. half_pixel_centers of the resize and device, data_format ' +
		'and dilations of the convolution are lost, as with the C++ tool. Run fuse_resize_pad_and_conv first.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture:
		'before   r = ResizeBilinear(x, size), y = Conv2D(r, w)\n' +
		'after    y = FusedResizeAndPadConv2D(x, size, y_dummy_paddings, w)',
	params: {},
	examples: ['fuse_resize_and_conv'],
	after: ['fuse_resize_pad_and_conv'],
	seeAlso: ['fuse_resize_pad_and_conv', 'fuse_pad_and_conv'],
	idempotent: false,

	apply({ graph, report }) {
		return fusePass(graph, RESIZED, report, 'fuse_resize_and_conv', 'ResizeBilinear', (match) => {
			const [conv, resize] = [match.node('conv'), match.node('resize')];
			const paddings = `${conv.name}_dummy_paddings`;
			const fused = Node.of({
				name: conv.name,
				op: 'FusedResizeAndPadConv2D',
				inputs: [...resizeInputs(resize), paddings, conv.inputs[1]!],
				attrs: {
					resize_align_corners: requiredAttr(resize, 'align_corners'),
					mode: Attr.string('REFLECT'),
					...convAttrs(conv),
				},
			});
			const none = constNode(paddings, { dtype: DT_INT32, shape: [4, 2], data: new Int32Array(8) });
			return [match.node('weights'), none, fused];
		});
	},
});
