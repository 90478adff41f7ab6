/** What steps do to the values of the outputs: beside a preview, and after every step with `set verify auto`. */
import { WhittleError } from '../graph/error.ts';
import { type Answer, type Line, span, text } from '../session/answer.ts';
import type { Pending, Session } from '../session/session.ts';
import { countFlops } from '../session/status.ts';
import { transformByName } from '../transforms/index.ts';
import type { CommandContext } from './define.ts';
import verify from './verify.ts';
import { compareStep, runBaseline } from './verify-steps.ts';

/** A preview runs the graph only where that takes a moment. */
const MOST_FLOPS = 1e9;
const MOST_NODES = 5_000;

export interface OutputEffect {
	/** The largest difference of an element, and the largest relative L2 norm of an output. */
	readonly maxAbs: number;
	readonly relL2: number;
	/** Outputs that could be compared. */
	readonly outputs: number;
}

/** @returns undefined where nothing can be lost, or where it cannot be told in a moment. */
export async function effectOfPreview(
	session: Session,
	pending: Pending,
	context: CommandContext,
): Promise<OutputEffect | undefined> {
	const losses = pending.work.map(({ invocation }) => transformByName(invocation.name)!.loss);
	if (!losses.includes('lossy') && !losses.includes('numeric')) return undefined;
	const { graph } = session;
	if (graph.nodes.length > MOST_NODES || (countFlops(graph) ?? 0) > MOST_FLOPS) return undefined;
	const { current, steps } = session.history;
	const last = pending.work.at(-1)!.result;
	const endpoints = { ...current.endpoints, ...last.ends };
	try {
		const baseline = await runBaseline(session, current, current, 1, context);
		const { outputs } = await compareStep(
			baseline,
			{ ...current, id: steps.length, graph: last.graph, endpoints },
			Number.POSITIVE_INFINITY,
			context,
		);
		if (outputs.length === 0) return undefined;
		return {
			maxAbs: Math.max(...outputs.map((output) => output.maxAbs)),
			relL2: Math.max(...outputs.map((output) => output.relL2)),
			outputs: outputs.length,
		};
	} catch (error) {
		// A graph that cannot be run can be previewed all the same.
		if (error instanceof WhittleError && error.code !== 'interrupted') return undefined;
		throw error;
	}
}

export function effectLine({ maxAbs, relL2 }: OutputEffect): Line {
	if (maxAbs === 0) return [span('   outputs stay equal on random inputs', 'dim')];
	const l2 = `relative L2 norm ${relL2.toExponential(1)} at most`;
	return [span('   max |Δ| of outputs '), span(maxAbs.toExponential(1), 'number'), span(` (${l2})`, 'dim')];
}

/** A step's answer with the verdict on the current graph against the one opened. */
export async function withVerdict(
	session: Session,
	answer: Answer,
	context: CommandContext,
): Promise<Answer> {
	try {
		const verdict = await verify.run(session, verifyDefaults, context);
		const [summary] = verdict.blocks;
		return {
			...answer,
			data: { ...(answer.data as object), verify: verdict.data },
			blocks: summary ? [...answer.blocks, summary] : answer.blocks,
			...(verdict.failed ? { failed: true, ...(verdict.next ? { next: verdict.next } : {}) } : {}),
		};
	} catch (error) {
		// The step is made: also a Ctrl-C ends only the verifying.
		if (!(error instanceof WhittleError)) throw error;
		return {
			...answer,
			blocks: [...answer.blocks, text([span(`   not verified: ${error.message}`, 'warn')])],
		};
	}
}

const verifyDefaults = {
	against: undefined,
	seed: undefined,
	tolerance: undefined,
	auto: false,
	engine: undefined,
};
