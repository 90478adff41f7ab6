/**
 *   before   c = Conv2D(x, w), y = FusedBatchNorm(c, gamma, beta, mean, variance)
 *   after    w' = w · scale, c = Conv2D(x, w'), y = BiasAdd(c, offset)
 *
 *   scale = gamma / √(variance + ε)      offset = beta − mean · scale
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import { convolutionWithBias } from './bias-from-norm.ts';
import { intsOf } from './const-node.ts';
import { defineTransform } from './define.ts';
import type { Match } from './match.ts';
import { reportMisses } from './near-miss.ts';
import { type NormFactors, normFactors } from './norm-factors.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { type Replaced, type RolledBack, replaceMatches } from './replace-matches.ts';

const STATISTICS = `
  Const    statistics1
  Const    statistics2
  Const    statistics3
  Const    statistics4`;

const AFTER_CONVOLUTION = parsePattern(`
BatchNormWithGlobalNormalization|FusedBatchNorm   norm
  Conv2D|DepthwiseConv2dNative                    conv
    *                                             input
    Const                                         weights${STATISTICS}`);

const AFTER_BATCH_TO_SPACE = parsePattern(`
BatchNormWithGlobalNormalization|FusedBatchNorm   norm
  BatchToSpaceND                                  space
    Conv2D|DepthwiseConv2dNative                  conv
      *                                           input
      Const                                       weights
    Const                                         block
    Const                                         crops${STATISTICS}`);

const AFTER_CONCAT = parsePattern(`
BatchNormWithGlobalNormalization|FusedBatchNorm   norm
  ConcatV2|Concat                                 concat
    Conv2D|DepthwiseConv2dNative                  conv
      *                                           input
      Const                                       weights
    Conv2D|DepthwiseConv2dNative                  conv1
      *                                           input1
      Const                                       weights1
    Const                                         axis${STATISTICS}`);

const PHASES: readonly (readonly [Pattern, (match: Match) => Node[]])[] = [
	[AFTER_CONVOLUTION, foldOne],
	[AFTER_BATCH_TO_SPACE, foldBelowBatchToSpace],
	[AFTER_CONCAT, foldBelowConcat],
];

export default defineTransform({
	name: 'fold_old_batch_norms',
	summary: 'fold FusedBatchNorm and its forerunner into the convolution before it',
	details:
		'BatchNormWithGlobalNormalization and FusedBatchNorm (not V2 or V3) behind a Conv2D or DepthwiseConv2dNative, ' +
		'also with a BatchToSpaceND or a ConcatV2 of two convolutions between. is_training is not looked at. ' +
		'Other readers of the convolution or of its weights see the scaled ones, as with the C++ tool.',
	origin: 'tensorflow',
	loss: 'numeric',
	picture:
		'before   c = Conv2D(x, w), y = FusedBatchNorm(c, gamma, beta, mean, variance)\n' +
		'after    w = w · scale, c = Conv2D(x, w), y = BiasAdd(c, offset)',
	params: {},
	examples: ['fold_old_batch_norms'],
	after: ['remove_nodes', 'fold_constants'],
	seeAlso: ['fold_fused_batch_norms', 'fold_batch_norms'],

	*apply({ graph, report }) {
		let folded = 0;
		let current = graph;
		const rolledBack: RolledBack[] = [];
		const last: Replaced[] = [];
		for (const [pattern, generate] of PHASES) {
			const outcome = yield* foldAll(current, pattern, generate);
			current = outcome.graph;
			folded += outcome.folded;
			for (const rolled of outcome.rolledBack) rolledBack.push(rolled);
			last.push(outcome.last);
		}
		const patterns = PHASES.map(([pattern]) => pattern);
		yield* reportMisses(
			{ graph: current, patterns, last, held: rolledBack, again: 'fold_old_batch_norms' },
			report,
		);
		for (const op of ['FusedBatchNormV2', 'FusedBatchNormV3'])
			for (const node of current.byOp.get(op) ?? [])
				report.skip(node.name, `${op} is not what fold_old_batch_norms looks for`, 'fold_fused_batch_norms');
		if (folded === 0)
			report.note(
				'no BatchNormWithGlobalNormalization or FusedBatchNorm with constant statistics follows a convolution with constant weights',
			);
		return current;
	},
});

/**
 * Pass after pass until nothing matches. What was rolled back once is passed over from then on: the C++ tool
 * matches it again for ever.
 */
function* foldAll(
	start: Graph,
	pattern: Pattern,
	generate: (match: Match) => Node[],
): Work<{ graph: Graph; folded: number; rolledBack: readonly RolledBack[]; last: Replaced }> {
	const rolledBack: RolledBack[] = [];
	const except = new Set<string>();
	let folded = 0;
	for (let graph = start; ; ) {
		const pass = yield* replaceMatches(graph, pattern, generate, { except });
		graph = pass.graph;
		if (pass.matches.length === 0) return { graph, folded, rolledBack, last: pass };
		folded += pass.matches.length - pass.rolledBack.length;
		for (const item of pass.rolledBack) {
			rolledBack.push(item);
			except.add(item.head);
		}
	}
}

function factorsOf(match: Match): NormFactors {
	const statistics = [1, 2, 3, 4].map((i) => match.node(`statistics${i}`));
	return normFactors(match.node('norm'), statistics);
}

function foldOne(match: Match): Node[] {
	const [conv, input, weights] = ['conv', 'input', 'weights'].map((role) => match.node(role));
	return convolutionWithBias(conv!, input!, weights!, factorsOf(match), match.head.name);
}

function foldBelowBatchToSpace(match: Match): Node[] {
	const [conv, input, weights, space] = ['conv', 'input', 'weights', 'space'].map((role) => match.node(role));
	const biased = `${conv!.name}/biasadd`;
	return [
		...convolutionWithBias(conv!, input!, weights!, factorsOf(match), biased),
		match.node('block'),
		match.node('crops'),
		space!.with({ name: match.head.name, inputs: space!.inputs.with(0, biased) }),
	];
}

function foldBelowConcat(match: Match): Node[] {
	const factors = factorsOf(match);
	const concat = match.node('concat');
	const axis = match.node('axis');
	const [value] = intsOf(axis);
	const parts = value === 3 ? splitFactors(factors, match.node('weights')) : [factors, factors];
	const names = [0, 1].map((i) => `${concat.name}_bn_in${i}`);
	return [
		...convolutionWithBias(
			match.node('conv'),
			match.node('input'),
			match.node('weights'),
			parts[0]!,
			names[0]!,
		),
		...convolutionWithBias(
			match.node('conv1'),
			match.node('input1'),
			match.node('weights1'),
			parts[1]!,
			names[1]!,
		),
		axis,
		concat.with({ name: match.head.name, inputs: concat.inputs.with(0, names[0]!).with(1, names[1]!) }),
	];
}

/** Joined along the channels, the first convolution has the first of them. */
function splitFactors({ scale, offset }: NormFactors, weights: Node): NormFactors[] {
	const first = weights.tensor?.shape[3] ?? 0;
	return [
		{ scale: scale.subarray(0, first), offset: offset.subarray(0, first) },
		{ scale: scale.subarray(first), offset: offset.subarray(first) },
	];
}
