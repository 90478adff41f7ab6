/** A batch norm with fixed statistics as a scale and an offset by channel (spec: folding 5.2). */
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import { floatsOf, requiredAttr } from './const-node.ts';

export interface NormFactors {
	readonly scale: Float32Array;
	readonly offset: Float32Array;
}

/**
 * In single precision at every step, as the C++ tool computes.
 * @param statistics inputs 1 to 4 of the norm, whose order depends on its op.
 * @throws WhittleError `transform` where their shapes differ.
 */
export function normFactors(norm: Node, statistics: readonly Node[]): NormFactors {
	const global = norm.op === 'BatchNormWithGlobalNormalization';
	const [mean, variance, beta, gamma] = (global ? [0, 1, 2, 3] : [2, 3, 1, 0]).map((i) =>
		floatsOf(statistics[i]!),
	);
	const epsilon = requiredAttr(norm, global ? 'variance_epsilon' : 'epsilon').float ?? 0;
	const scalesByGamma = !global || requiredAttr(norm, 'scale_after_normalization').bool === true;
	const channels = mean!.shape[0];
	if (channels === undefined)
		throw new WhittleError('transform', `Mean input to batch norm \`${norm.name}\` is a scalar`);
	const checked = { 'Variance input': variance!, 'Beta input': beta!, 'gamma input': gamma! };
	for (const [what, { shape }] of Object.entries(checked)) {
		if (shape.length === 1 && shape[0] === channels) continue;
		throw new WhittleError('transform', `${what} to batch norm has bad shape: [${shape.join(',')}]`, {
			hint: `The mean of \`${norm.name}\` has ${channels} values.`,
		});
	}
	const scale = new Float32Array(channels);
	const offset = new Float32Array(channels);
	for (let i = 0; i < channels; i++) {
		const root = Math.fround(Math.sqrt(Math.fround(variance!.data[i]! + epsilon)));
		scale[i] = 1 / root;
		if (scalesByGamma) scale[i] = scale[i]! * gamma!.data[i]!;
		offset[i] = Math.fround(-mean!.data[i]! * scale[i]!) + beta!.data[i]!;
	}
	return { scale, offset };
}
