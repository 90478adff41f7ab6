/**
 *   before   s = SpaceToBatchND(x, [2,2], pads), c = Conv2D(s, w), y = BatchToSpaceND(c, [2,2], crops)
 *   after    w' = w with zeros between its rows and columns, y = Conv2D(x, w')
 */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { Node } from '../graph/node.ts';
import { constNode, floatsOf, intsOf, refuseHuge, requiredAttr } from './const-node.ts';
import { defineTransform } from './define.ts';
import { reportMisses } from './near-miss.ts';
import { parsePattern } from './pattern.ts';
import { replaceMatches } from './replace-matches.ts';

const ATROUS = parsePattern(`
BatchToSpaceND                        output
  Conv2D|DepthwiseConv2dNative        conv
    SpaceToBatchND                    spread
      *                               input
      *                               block
      *                               paddings
    *                                 weights
  *
  *`);

export default defineTransform({
	name: 'flatten_atrous_conv',
	summary: 'make one convolution with a widened filter out of a dilated one in batch space',
	details:
		'SpaceToBatchND, convolution, BatchToSpaceND become a plain convolution with padding SAME whose filter has ' +
		'zeros between its elements. Padding, crops and strides are not checked, as in the C++ tool. A filter that ' +
		'others read is widened for them too.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture:
		'before   s = SpaceToBatchND(x, [2,2], pads), c = Conv2D(s, w), y = BatchToSpaceND(c, [2,2], crops)\n' +
		'after    y = Conv2D(x, w with zeros between)',
	params: {},
	examples: ['flatten_atrous_conv'],
	after: ['fold_constants', 'remove_nodes'],
	idempotent: false,

	*apply({ graph, report }) {
		const replaced = yield* replaceMatches(graph, ATROUS, (match, needed) => {
			const [output, conv, input, block, weights] = ['output', 'conv', 'input', 'block', 'weights'].map(
				(role) => match.node(role),
			) as [Node, Node, Node, Node, Node];
			if (needed.has(weights.name))
				report.warn(`\`${needed.get(weights.name)}\` reads \`${weights.name}\` too and gets it widened`);
			const plain = Node.of({
				name: output.name,
				op: conv.op,
				inputs: [input.name, weights.name],
				device: conv.device,
				attrs: plainAttrs(conv),
			});
			return [input, widened(weights, block), plain];
		});
		yield* reportMisses(
			{ graph, patterns: [ATROUS], last: [replaced], again: 'flatten_atrous_conv' },
			report,
		);
		if (replaced.matches.length === replaced.rolledBack.length)
			report.note('no convolution of its own stands between a SpaceToBatchND and a BatchToSpaceND');
		return replaced.graph;
	},
});

function plainAttrs(conv: Node): Record<string, Attr> {
	const copied = ['T', 'strides', 'data_format', ...(conv.op === 'Conv2D' ? ['use_cudnn_on_gpu'] : [])];
	return {
		...Object.fromEntries(copied.map((name) => [name, requiredAttr(conv, name)])),
		padding: Attr.string('SAME'),
	};
}

/** The filter `[height, width, in, out]` with its rows and columns as far apart as the block is large. */
function widened(weights: Node, block: Node): Node {
	const [down, right] = intsOf(block);
	const { shape, data } = floatsOf(weights);
	if (down === undefined || right === undefined || down < 1 || right < 1)
		throw new WhittleError('transform', `\`${block.name}\` is no block of two sizes above 0`);
	if (shape.length !== 4) {
		throw new WhittleError(
			'transform',
			`The filter \`${weights.name}\` has the shape [${shape.join(',')}], not four dimensions`,
		);
	}
	const [height, width, inputs, outputs] = shape as [number, number, number, number];
	const wide = [(height - 1) * down + 1, (width - 1) * right + 1, inputs, outputs];
	const depth = inputs * outputs;
	const elements = wide[0]! * wide[1]! * depth;
	refuseHuge(weights.name, elements);
	const result = new Float32Array(Math.max(0, elements));
	for (let h = 0; h < height; h++) {
		for (let w = 0; w < width; w++) {
			const from = (h * width + w) * depth;
			result.set(data.subarray(from, from + depth), (h * down * wide[1]! + w * right) * depth);
		}
	}
	return constNode(weights.name, { dtype: DT_FLOAT, shape: wide, data: result });
}
