/** Whether a graph still computes what another one does: same inputs, each output held against its original. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { compareValues, type ValueDifference, within } from './compare-values.ts';
import { Executor, type Feeds } from './executor.ts';
import { Trace } from './trace.ts';

/** A graph with the tensors to ask for; both graphs' lists go in the same order. */
export interface Side {
	readonly graph: Graph;
	readonly feeds: Feeds;
	readonly outputs: readonly string[];
}

export interface OutputVerdict extends ValueDifference {
	readonly name: string;
	readonly shape: readonly number[];
	readonly ok: boolean;
}

export interface NotRun {
	readonly node: string;
	readonly op: string;
	readonly reason: string;
	/** It is the changed graph that cannot run what the original could. */
	readonly broken: boolean;
}

export interface Verdict {
	readonly equal: boolean;
	readonly outputs: readonly OutputVerdict[];
	readonly firstDifference: {
		readonly node: string;
		readonly op: string;
		readonly maxAbs: number;
		readonly newNaN: number;
		readonly sameShape: boolean;
	} | null;
	readonly notRun: readonly NotRun[];
}

/** What the original gives, kept for several comparisons. */
export class Reference {
	readonly values: ReadonlyMap<string, TensorValue>;
	readonly notRun: readonly NotRun[];
	readonly trace: Trace;
	readonly side: Side;

	private constructor(
		side: Side,
		values: ReadonlyMap<string, TensorValue>,
		notRun: readonly NotRun[],
		trace: Trace,
	) {
		this.side = side;
		this.values = values;
		this.notRun = notRun;
		this.trace = trace;
	}

	static *of(side: Side): Work<Reference> {
		const trace = new Trace();
		const { values, notRun } = yield* runOutputs(side, (node, outputs) => trace.record(node, outputs));
		return new Reference(side, values, notRun, trace);
	}
}

/** Runs all outputs at once or, where one cannot be run, each for itself. */
function* runOutputs(
	side: Side,
	observer: Executor['observer'],
): Work<{ values: Map<string, TensorValue>; notRun: NotRun[] }> {
	const executor = new Executor(side.graph, { observer });
	const values = new Map<string, TensorValue>();
	const notRun: NotRun[] = [];
	try {
		try {
			const all = yield* executor.steps(side.feeds, side.outputs);
			for (const [i, output] of side.outputs.entries()) values.set(output, all[i]!);
		} catch (error) {
			if (!(error instanceof WhittleError)) throw error;
			for (const output of side.outputs) {
				try {
					values.set(output, (yield* executor.steps(side.feeds, [output]))[0]!);
				} catch (why) {
					if (!(why instanceof WhittleError)) throw why;
					notRun.push(refusal(side.graph, output, why));
				}
			}
		}
	} finally {
		executor.dispose();
	}
	return { values, notRun };
}

function refusal(graph: Graph, output: string, error: WhittleError): NotRun {
	const [, node = output.replace(/:\d+$/, ''), op] =
		/^cannot run `([^`]*)` \(([^)]*)\)/.exec(error.message) ?? [];
	const reason = error.message.replace(/^cannot run `[^`]*` \([^)]*\): /, '');
	return { node, op: op ?? graph.node(node)?.op ?? '', reason, broken: false };
}

/**
 * Holds a changed graph against the original.
 * @param tolerance on the relative L2 norm of each output's difference; 0 wants equal bits.
 */
export function* verifyAgainst(reference: Reference, changed: Side, tolerance: number): Work<Verdict> {
	const { values, notRun } = yield* runOutputs(changed, undefined);
	const outputs: OutputVerdict[] = [];
	const failed: NotRun[] = [...reference.notRun];
	for (const [i, name] of reference.side.outputs.entries()) {
		const before = reference.values.get(name);
		if (!before) continue;
		const after = values.get(changed.outputs[i] ?? name);
		if (!after) continue;
		const difference = compareValues(before, after);
		outputs.push({ name, shape: after.shape, ...difference, ok: within(difference, tolerance) });
	}
	for (const [i, output] of changed.outputs.entries()) {
		const original = reference.side.outputs[i] ?? output;
		if (values.has(output) || !reference.values.has(original)) continue;
		const why = notRun.find(({ node }) => node === output.replace(/:\d+$/, '')) ?? notRun[0];
		failed.push({ ...(why ?? { node: output, op: '', reason: 'it gives no value' }), broken: true });
	}
	const equal = outputs.every(({ ok }) => ok) && !failed.some(({ broken }) => broken);
	const firstDifference = equal ? null : yield* locate(reference, changed, tolerance);
	return { equal, outputs, firstDifference, notRun: failed };
}

/** The first node that ran and gave something else than its namesake in the original. */
function* locate(reference: Reference, changed: Side, tolerance: number): Work<Verdict['firstDifference']> {
	let found: Verdict['firstDifference'] = null;
	reference.trace.rewind();
	yield* runOutputs(changed, (node, outputs) => {
		if (found) return;
		const difference = reference.trace.difference(node, outputs, tolerance);
		if (!difference) return;
		const { maxAbs, newNaN, sameShape } = difference;
		found = { node: node.name, op: node.op, maxAbs, newNaN, sameShape };
	});
	return found;
}
