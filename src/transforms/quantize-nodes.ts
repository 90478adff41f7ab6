/**
 *   before   y = Relu(x)
 *   after    y/eightbit = QuantizedRelu(y_eightbit/x/quantize:0, …:1, …:2), y = Dequantize(y/eightbit:0, …:1, …:2)
 *
 * Stages, each in its own file: placeholders, hoisted and converted fake quants, ops, merged requantizations,
 * merged duplicates, removed round trips.
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { stage, type Work } from '../graph/progress.ts';
import { convertFakeQuants } from './convert-fake-quants.ts';
import { defineTransform } from './define.ts';
import { hoistFakeQuants } from './hoist-fake-quants.ts';
import mergeDuplicateNodes from './merge-duplicate-nodes.ts';
import { mergeRequantizes } from './merge-requantizes.ts';
import { float, strings } from './parameters.ts';
import { QUANTIZABLE } from './quantizable-ops.ts';
import { quantizeOps, type ValueRange } from './quantize-ops.ts';
import { quantizePlaceholders } from './quantize-placeholders.ts';
import { removeRedundantQuantizations } from './remove-redundant-quantizations.ts';
import { runTransformSteps } from './run.ts';

export default defineTransform({
	name: 'quantize_nodes',
	summary: 'rewrite float ops into eight-bit ones',
	details:
		`${[...QUANTIZABLE.keys()].join(', ')} on floats get eight-bit twins; ranges are found in each run, or ` +
		'given as fallback_min and fallback_max. Round trips between neighbours are taken out; what is left of them ' +
		'goes with strip_unused_nodes. NCHW and dilations are lost, and the result is ordered by hash.',
	origin: 'tensorflow',
	loss: 'lossy',
	picture:
		'before   y = Relu(x)\n' +
		'after    y/eightbit = QuantizedRelu(y_eightbit/x/quantize:0, …:1, …:2)\n' +
		'         y = Dequantize(y/eightbit:0, …:1, …:2)',
	params: {
		input_min: float('least value of the inputs, which then come in eight bits'),
		input_max: float('greatest value of the inputs'),
		fallback_min: float('least value of every 32-bit result, in place of what a run finds'),
		fallback_max: float('greatest value of every 32-bit result'),
		ignore_op: strings('a float op to leave alone', { subject: 'op' }),
	},
	examples: [
		'quantize_weights quantize_nodes strip_unused_nodes',
		'quantize_nodes(fallback_min=-10, fallback_max=10)',
	],
	after: ['add_default_attributes', 'fold_batch_norms', 'quantize_weights'],
	seeAlso: ['quantize_weights', 'freeze_requantization_ranges', 'strip_unused_nodes'],
	idempotent: false,

	*apply({ graph, inputs, outputs, params, given, report }) {
		const ignored = new Set(params.ignore_op);
		const inputRange = rangeOf('input', given, () => ({ min: params.input_min, max: params.input_max }));
		let current = inputRange ? yield* valid(quantizePlaceholders(graph, inputRange), 0, 0.05) : graph;
		current = yield* valid(hoistFakeQuants(current), 0.05, 0.1);
		current = yield* valid(convertFakeQuants(current), 0.1, 0.15);
		const fallback = rangeOf('fallback', given, () => ({
			min: params.fallback_min,
			max: params.fallback_max,
		}));
		let count = 0;
		const ops = function* (from: Graph): Work<Graph> {
			const quantized = yield* quantizeOps(from, { ignored, fallback, skip: report.skip, warn: report.warn });
			count = quantized.count;
			return quantized.graph;
		};
		current = yield* valid(ops(current), 0.15, 0.45);
		current = yield* valid(mergeRequantizes(current), 0.45, 0.55);
		const merging = runTransformSteps(current, mergeDuplicateNodes, new Map(), { inputs, outputs });
		current = (yield* stage(merging, 0.55, 0.85)).graph;
		report.note(
			count === 0
				? 'no float op has an eight-bit twin; only the order changed'
				: `${count} op${count === 1 ? '' : 's'} in eight bits; strip_unused_nodes takes out what is left over`,
		);
		return yield* stage(removeRedundantQuantizations(current, outputs), 0.85, 1);
	},
});

/** Both bounds or none. @throws WhittleError `transform` with the tool's message. */
function rangeOf(
	what: string,
	given: ReadonlyMap<string, unknown>,
	read: () => { min: number | undefined; max: number | undefined },
): ValueRange | undefined {
	const bounds = [given.has(`${what}_min`), given.has(`${what}_max`)];
	if (!bounds.includes(true)) return undefined;
	if (bounds.includes(false)) {
		const message = `You must pass both ${what}_min and ${what}_max into quantize_nodes`;
		throw new WhittleError('transform', message);
	}
	const { min, max } = read();
	return { min: min!, max: max! };
}

/**
 * A stage of the whole, from one share of the time to another: between stages the tool looks whether every
 * input names a node.
 */
function* valid(work: Work<Graph>, from: number, to: number): Work<Graph> {
	const graph = yield* stage(work, from, to);
	yield* stage(graph.indexed(), to, to);
	const [first] = graph.invalidInputs;
	if (!first) return graph;
	throw new WhittleError('transform', 'Invalid graph with inputs referring to nonexistent nodes', {
		hint: `\`${first.node.name}\` (${first.node.op}) reads \`${first.source}\`.`,
	});
}
