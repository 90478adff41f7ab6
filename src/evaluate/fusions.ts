/**
 * Chains that run as one: what follows a convolution or product is done before its results are stored.
 *
 *     Conv2D → BiasAdd → Relu      Conv2D → BiasAdd → FusedBatchNorm → Relu6      Conv2D → Mul → Add → Relu
 *     Add → Relu                   FusedBatchNorm → Relu
 *
 * Identity nodes between them do not matter.
 * The steps are rounded as they are one by one, so that the result has the same bits.
 */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Epilogue } from '../ops/engine/workspace.ts';
import type { NodeRunner } from './node-runner.ts';
import type { Plan, PlannedNode } from './plan.ts';

export interface Fusion {
	readonly epilogue: Epilogue;
	/** The node whose output the result is. */
	readonly last: number;
}

const PRODUCTS: ReadonlySet<string> = new Set(['Conv2D', 'DepthwiseConv2dNative', 'MatMul']);
const SUMS: ReadonlySet<string> = new Set(['Add', 'AddV2']);
const COMMUTES: ReadonlySet<string> = new Set([...SUMS, 'Mul']);
const NORMS: ReadonlySet<string> = new Set(['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']);

/** The value of a constant output, where it is known. */
export type ConstantOf = (node: number, port: number) => TensorValue | undefined;

/** First node of a chain → the chain; found in turns. */
export function* findingFusions(plan: Plan, constantOf: ConstantOf): Work<ReadonlyMap<number, Fusion>> {
	const fetched = new Set(plan.fetches.map(({ node }) => node));
	const fusions = new Map<number, Fusion>();
	for (const [index, planned] of plan.nodes.entries()) {
		if (isTurn(index)) yield { done: index, total: plan.nodes.length };
		const { op } = planned.node;
		const isProduct = PRODUCTS.has(op);
		if (
			(!isProduct && !SUMS.has(op) && !NORMS.has(op)) ||
			!planned.runs ||
			!isFloatChannelsLast(planned.node)
		)
			continue;
		const channels = isProduct ? channelsOf(planned, constantOf) : undefined;
		const rank = op === 'MatMul' ? 2 : 4;
		let last = index;
		let epilogue: Epilogue = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
		for (let done = !isProduct; !done; ) {
			const { from, next } = nextStep(plan, last, fetched);
			const values =
				next === undefined ? undefined : channelStep(plan, plan.nodes[next]!, from, rank, constantOf);
			// Values of another number of channels would be repeated, or repeat what comes before them.
			const fit = values && (values.bias ?? values.factor)!.length === channels;
			const joined = fit ? joinSteps(epilogue, values) : undefined;
			done = !joined;
			if (joined) [epilogue, last] = [joined, next!];
		}
		const { next } = nextStep(plan, last, fetched);
		const range = next === undefined ? undefined : RANGES.get(plan.nodes[next]!.node.op);
		if (range) {
			epilogue = { ...epilogue, ...range };
			last = next!;
		}
		if (last !== index) fusions.set(index, { epilogue, last });
	}
	return fusions;
}

/** How many channels a product makes, where its weights are known. */
function channelsOf({ node, inputs }: PlannedNode, constantOf: ConstantOf): number | undefined {
	const shape = inputs[1] && constantOf(inputs[1].node, inputs[1].port)?.shape;
	if (!shape) return undefined;
	if (node.op === 'DepthwiseConv2dNative') return shape.at(-1)! * shape.at(-2)!;
	return shape.at(node.attr('transpose_b')?.bool ? -2 : -1);
}

const RANGES: ReadonlyMap<string, { readonly low: number; readonly high: number }> = new Map([
	['Relu', { low: 0, high: Number.POSITIVE_INFINITY }],
	['Relu6', { low: 0, high: 6 }],
]);

function isFloatChannelsLast(node: Node): boolean {
	if ((node.attr('T')?.type ?? DT_FLOAT) !== DT_FLOAT) return false;
	return !(node.attr('data_format')?.string ?? '').startsWith('NC');
}

/** A step after those that there are; undefined where the order of them all is another than an epilogue's. */
function joinSteps(epilogue: Epilogue, step: Partial<Epilogue>): Epilogue | undefined {
	if (!step.factor) return epilogue.bias ? undefined : { ...epilogue, ...step };
	if (epilogue.factor) return undefined;
	// What was added before the factor.
	return { ...epilogue, addend: epilogue.bias, bias: undefined, ...step };
}

/** The node that reads this one alone, and which one it reads: Identity nodes between them are passed over. */
function nextStep(
	plan: Plan,
	index: number,
	fetched: ReadonlySet<number>,
): { readonly from: number; readonly next: number | undefined } {
	let from = index;
	let next = onlyReader(plan, from, fetched);
	while (next !== undefined && plan.nodes[next]!.node.op === 'Identity') {
		from = next;
		next = onlyReader(plan, from, fetched);
	}
	return { from, next };
}

/** The one node that reads output 0, when nothing else depends on the node. */
function onlyReader(plan: Plan, index: number, fetched: ReadonlySet<number>): number | undefined {
	const { edges, fed } = plan.nodes[index]!;
	if (fetched.has(index) || fed.size > 0 || edges.length !== 1 || edges[0]!.port !== 0) return undefined;
	const reader = plan.nodes[edges[0]!.to]!;
	if (!reader.runs || reader.fed.size > 0 || reader.controls.length > 0) return undefined;
	return edges[0]!.slot === 0 || COMMUTES.has(reader.node.op) ? edges[0]!.to : undefined;
}

/** A step with constants of the channels: a bias, a factor, or a batch norm that is not in training. */
function channelStep(
	plan: Plan,
	planned: PlannedNode,
	from: number,
	rank: number,
	constantOf: ConstantOf,
): Partial<Epilogue> | undefined {
	const { node, inputs } = planned;
	if (!isFloatChannelsLast(node)) return undefined;
	const values = inputs
		.filter((source) => source.node !== from)
		.map((source) => channelFloats(plan, source.node, rank, constantOf(source.node, source.port)));
	const [scale, offset, mean, variance] = values;
	if (node.op === 'BiasAdd' || SUMS.has(node.op)) return scale && { bias: scale };
	if (node.op === 'Mul') return scale && { center: new Float32Array(scale.length), factor: scale };
	if (!NORMS.has(node.op) || node.attr('is_training')?.bool !== false) return undefined;
	if (!scale || !offset || !mean || !variance || mean.length !== scale.length) return undefined;
	const epsilon = node.attr('epsilon')?.float ?? 1e-4;
	const factor = variance.map((v, i) => Math.fround(1 / Math.sqrt(v + epsilon)) * scale[i]!);
	return { center: mean, factor, bias: offset };
}

/** A float for each channel, all other axes of one place; a single one may be a scalar of something else. */
function channelFloats(
	plan: Plan,
	node: number,
	rank: number,
	value: TensorValue | undefined,
): Float32Array | undefined {
	if (value?.dtype !== DT_FLOAT || value.shape.length > rank || plan.nodes[node]!.fed.size > 0)
		return undefined;
	const { length } = value.data;
	return length > 1 && value.shape.at(-1) === length
		? Float32Array.from(value.data as Float32Array)
		: undefined;
}

export const NO_FUSIONS: ReadonlyMap<number, Fusion> = new Map();
const knownFusions = new WeakMap<
	Plan,
	{ readonly runs: number; readonly fusions: ReadonlyMap<number, Fusion> }
>();

/** Found in the first run by the constants of the file, and once more when computed constants are known too. */
export function* fusionsOf(plan: Plan, runner: NodeRunner): Work<ReadonlyMap<number, Fusion>> {
	const known = knownFusions.get(plan);
	if (known && known.runs > 1) return known.fusions;
	const fusions = yield* findingFusions(plan, (index, port) => {
		const { node } = plan.nodes[index]!;
		if (node.op === 'Const' && port === 0) return node.tensor?.decodable ? node.tensor : undefined;
		return runner.constantOf(node)?.[port];
	});
	knownFusions.set(plan, { runs: (known?.runs ?? 0) + 1, fusions });
	return fusions;
}
