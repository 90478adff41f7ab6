/**
 * Works out the nodes that folding asks for, one after the other. As TensorFlow's constant folding does, it computes
 * with denormals read and written as zero.
 */
import { DT_DOUBLE, DT_FLOAT, dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Node } from '../graph/node.ts';
import { ELEMENTS_A_TURN, isTurn, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { runKernel } from '../inspect/known-values.ts';
import { opByName } from '../ops/index.ts';
import { shapeText } from '../ops/shape-algebra.ts';
import { elementCount } from '../ops/values.ts';

/** The nodes to work out, as numbers. */
export interface EvaluationPlan {
	/** Each after those it reads. */
	readonly order: readonly number[];
	/** By number; what is not in `order` may be missing. */
	readonly nodes: readonly Node[];
	/** Data inputs of node i are the edges `[start[i], start[i + 1])`, each reading `port` of `source`. */
	readonly start: Int32Array;
	readonly source: Int32Array;
	readonly port: Int32Array;
	readonly outputDtypes: readonly (readonly number[])[];
	/** Values that are known already. */
	readonly answers: ReadonlyMap<number, readonly TensorValue[]>;
}

/** A node that whittle cannot run though TensorFlow could. */
export interface Refusal {
	readonly id: number;
	readonly reason: string;
}

export type Evaluation =
	| { readonly values: readonly (readonly TensorValue[] | undefined)[]; readonly refused?: undefined }
	| { readonly refused: Refusal };

/**
 * Runs all nodes of the plan, and says now and then how many are done: after each that had much to do.
 * @returns the values by node number, or the first node that whittle cannot run.
 * @throws WhittleError `transform` with TensorFlow's message where values do not fit.
 */
export function* evaluatePlan(plan: EvaluationPlan): Work<Evaluation> {
	const { nodes, start, source, port, answers } = plan;
	const values = new Array<readonly TensorValue[] | undefined>(nodes.length).fill(undefined);
	const total = plan.order.length;
	let worked = 0;
	for (let done = 0; done < total; done++) {
		const id = plan.order[done]!;
		const answer = answers.get(id);
		if (answer) {
			values[id] = answer;
			continue;
		}
		const node = nodes[id]!;
		const inputs = new Array<TensorValue>(start[id + 1]! - start[id]!);
		for (let e = start[id]!, i = 0; e < start[id + 1]!; e++, i++) inputs[i] = values[source[e]!]![port[e]!]!;
		try {
			values[id] = run(node, inputs, plan.outputDtypes[id]!);
		} catch (error) {
			if (!(error instanceof WhittleError)) throw error;
			if (error.code === 'evaluate') return { refused: { id, reason: error.message } };
			throw new WhittleError('transform', `${error.message}\n\t [[{{node ${node.name}}}]]`, { cause: error });
		}
		worked += 1 + elementsIn(inputs) + elementsIn(values[id]!);
		if (worked < ELEMENTS_A_TURN && !isTurn(done)) continue;
		worked = 0;
		yield { done: done + 1, total };
	}
	return { values };
}

function elementsIn(values: readonly TensorValue[]): number {
	let total = 0;
	for (const { shape } of values) total += elementCount(shape);
	return total;
}

function run(
	node: Node,
	inputs: readonly TensorValue[],
	outputDtypes: readonly number[],
): readonly TensorValue[] {
	if (node.op === 'Placeholder' || node.op === 'PlaceholderV2') {
		const dtype = dtypeName(node.attr('dtype')?.type ?? 0);
		const shape = node.attr('shape')?.shape ?? null;
		throw new WhittleError(
			'graph',
			`You must feed a value for placeholder tensor '${node.name}' with dtype ${dtype} and shape ${shapeText(shape)}`,
		);
	}
	const declaration = opByName(node.op);
	if (node.op === 'NoOp') return [];
	const flush = declaration?.flushesDenormals ?? false;
	const results = runKernel(node, flush ? inputs.map(flushed) : inputs, outputDtypes);
	if (!results) throw new WhittleError('evaluate', `whittle has no kernel for ${node.op}`);
	return flush ? results.map(flushed) : results;
}

/** The smallest numbers that are not denormal. */
const LEAST_FLOAT = 2 ** -126;
const LEAST_DOUBLE = 2 ** -1022;

/** The value with denormals as zeros of their sign; itself when there are none. */
function flushed(value: TensorValue): TensorValue {
	if (value.dtype !== DT_FLOAT && value.dtype !== DT_DOUBLE) return value;
	const least = value.dtype === DT_FLOAT ? LEAST_FLOAT : LEAST_DOUBLE;
	const data = value.data as Float32Array | Float64Array;
	let copy: Float32Array | Float64Array | undefined;
	for (let i = 0; i < data.length; i++) {
		const x = data[i]!;
		if (x < least && x > -least && x !== 0) {
			copy ??= data.slice();
			copy[i] = x < 0 ? -0 : 0;
		}
	}
	return copy ? { ...value, data: copy } : value;
}
