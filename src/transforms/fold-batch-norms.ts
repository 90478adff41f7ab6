/**
 *   before   c = Conv2D(x, w), y = Mul(c, s)
 *   after    w' = w · s, y = Conv2D(x, w')
 */
import { DT_FLOAT } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import { constNode, floatsOf } from './const-node.ts';
import { defineTransform } from './define.ts';
import { reportMisses } from './near-miss.ts';
import { parsePattern } from './pattern.ts';
import { type RolledBack, replaceMatches } from './replace-matches.ts';
import { outputChannels, scaleByChannel } from './scale-weights.ts';

const SCALED_PRODUCT = parsePattern(`
Mul                                      mul
  Conv2D|MatMul|DepthwiseConv2dNative    conv
    *                                    input
    Const                                weights
  Const                                  scale`);

export default defineTransform({
	name: 'fold_batch_norms',
	summary: 'multiply a scale of the output channels into the weights before it',
	details:
		'A Mul by a Const vector behind a Conv2D, MatMul or DepthwiseConv2dNative goes into the weights, as the ' +
		'batch norms of training become after fold_constants. The product takes the name of the Mul. One pass, in ' +
		'which no node belongs to two matches: of convolutions that read one tensor, one is folded a run. ' +
		'transpose_b of a MatMul is not heeded, as in the C++ tool.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture: 'before   c = Conv2D(x, w), y = Mul(c, s)\nafter    w = w · s, y = Conv2D(x, w)',
	params: {},
	examples: ['fold_batch_norms', 'fold_constants(ignore_errors=true) fold_batch_norms'],
	after: ['fold_constants', 'remove_nodes'],
	seeAlso: ['fold_old_batch_norms', 'fold_fused_batch_norms'],
	idempotent: false,

	*apply({ graph, report }) {
		const held: RolledBack[] = [];
		const replaced = yield* replaceMatches(graph, SCALED_PRODUCT, (match, needed) => {
			const [mul, conv, input, weights, scale] = ['mul', 'conv', 'input', 'weights', 'scale'].map((role) =>
				match.node(role),
			) as [Node, Node, Node, Node, Node];
			const shared = [conv, weights, scale].find((node) => needed.has(node.name));
			if (shared) {
				held.push({ head: mul.name, node: shared.name, reader: needed.get(shared.name)! });
				return [mul, conv, input, weights, scale];
			}
			if (conv.op === 'MatMul' && (conv.attr('transpose_b')?.bool ?? false)) {
				report.warn(
					`\`${conv.name}\` has transpose_b, which the C++ tool does not heed: its rows are scaled, not its columns`,
				);
			}
			return [scaled(conv, weights, scale), input, conv.with({ name: mul.name })];
		});
		yield* reportMisses(
			{ graph, patterns: [SCALED_PRODUCT], last: [replaced], held, again: 'fold_batch_norms' },
			report,
		);
		if (replaced.matches.length === held.length)
			report.note(
				'no Mul by a Const could be folded into a Conv2D, MatMul or DepthwiseConv2dNative before it',
			);
		return replaced.graph;
	},
});

function scaled(conv: Node, weights: Node, scale: Node): Node {
	const factors = floatsOf(scale);
	const old = floatsOf(weights);
	const channels = outputChannels(conv, weights, old.shape);
	if (factors.shape.length !== 1 || factors.shape[0] !== channels) {
		throw new WhittleError(
			'transform',
			`Mul constant input to batch norm has bad shape: [${factors.shape.join(',')}]`,
			{ hint: `\`${scale.name}\` should be a vector of ${channels} values, one for each output channel.` },
		);
	}
	const data = scaleByChannel(old.data, factors.data);
	return constNode(weights.name, { dtype: DT_FLOAT, shape: old.shape, data });
}
