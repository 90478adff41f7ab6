/** A convolution with a norm's scale in its weights and the norm's offset as a BiasAdd behind it. */
import type { Attr } from '../graph/attr.ts';
import { DT_FLOAT } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { Node } from '../graph/node.ts';
import { constNode, floatsOf, requiredAttr } from './const-node.ts';
import type { NormFactors } from './norm-factors.ts';
import { outputChannels, scaleByChannel } from './scale-weights.ts';

/**
 * Five nodes: weights, input, convolution, `CONV_bn_offset` and the BiasAdd.
 * @param name what the BiasAdd is called.
 * @throws WhittleError `transform` where the weights have not as many channels as the norm.
 */
export function convolutionWithBias(
	conv: Node,
	input: Node,
	weights: Node,
	{ scale, offset }: NormFactors,
	name: string,
): Node[] {
	const old = floatsOf(weights);
	const channels = outputChannels(conv, weights, old.shape);
	if (channels !== scale.length) {
		throw new WhittleError(
			'transform',
			`\`${conv.name}\` has ${channels} output channels where the batch norm behind it scales ${scale.length}`,
		);
	}
	const biasName = `${conv.name}_bn_offset`;
	const attrs: Record<string, Attr> = { T: requiredAttr(conv, 'T') };
	const format = conv.attr('data_format');
	if (format) attrs.data_format = format;
	return [
		constNode(weights.name, { dtype: DT_FLOAT, shape: old.shape, data: scaleByChannel(old.data, scale) }),
		input,
		conv,
		constNode(biasName, { dtype: DT_FLOAT, shape: [offset.length], data: offset }),
		Node.of({ name, op: 'BiasAdd', inputs: [conv.name, biasName], attrs }),
	];
}
