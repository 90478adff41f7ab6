/** Weights times a scale of their output channels. */
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';

/** How many output channels a product's weights have. @throws WhittleError `transform` at too low a rank. */
export function outputChannels(product: Node, weights: Node, shape: readonly number[]): number {
	const rank = product.op === 'MatMul' ? 2 : 4;
	if (shape.length < rank) {
		throw new WhittleError(
			'transform',
			`The weights \`${weights.name}\` of \`${product.name}\` have the shape [${shape.join(',')}]; ` +
				`a ${product.op} has at least ${rank} dimensions`,
		);
	}
	if (product.op === 'MatMul') return shape[1]!;
	return product.op === 'Conv2D' ? shape[3]! : shape[2]! * shape[3]!;
}

/** Element i, in row-major order, times `scale[i mod channels]`, rounded to single precision. */
export function scaleByChannel(weights: Float32Array, scale: Float32Array): Float32Array<ArrayBuffer> {
	const scaled = new Float32Array(weights.length);
	const channels = scale.length;
	for (let row = 0; row < weights.length; row += channels) {
		const end = Math.min(channels, weights.length - row);
		for (let i = 0; i < end; i++) scaled[row + i] = weights[row + i]! * scale[i]!;
	}
	return scaled;
}
