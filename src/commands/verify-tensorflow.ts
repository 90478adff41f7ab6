/** Both graphs run by the user's own TensorFlow. */
import { compareValues, within } from '../evaluate/compare-values.ts';
import { runTensorflow } from '../evaluate/tensorflow.ts';
import type { Verdict } from '../evaluate/verify.ts';
import type { Step } from '../session/history.ts';
import type { Session } from '../session/session.ts';
import type { RunContext } from './define.ts';
import { frozenInputs } from './frozen-inputs.ts';
import { feedsFor, outputsFor, outputsToRun, withInputs } from './run-values.ts';

/** @throws WhittleError `evaluate` where there is no TensorFlow, or it cannot run one of them. */
export async function verifyWithTensorflow(
	session: Session,
	step: Step,
	seed: number,
	tolerance: number,
	context: RunContext,
): Promise<{ readonly verdict: Verdict; readonly made: readonly string[] }> {
	const { current } = session.history;
	const names = outputsToRun(step, 'compare');
	const { signal } = context;
	const { inputs, result: before } = await withInputs(
		session,
		{ ...step, frozen: frozenInputs(session, step, current) },
		seed,
		async ({ feeds }) => runTensorflow(step.graph, feeds, names, { signal }),
	);
	const renamed = outputsFor(step, current);
	const feeds = feedsFor(current.graph, step, current, inputs.feeds);
	const after = await runTensorflow(current.graph, feeds, renamed, { signal });
	const outputs = names.map((name, i) => {
		const difference = compareValues(before.values[i]!, after.values[i]!);
		return { name, shape: after.values[i]!.shape, ...difference, ok: within(difference, tolerance) };
	});
	return {
		verdict: { equal: outputs.every(({ ok }) => ok), outputs, firstDifference: null, notRun: [] },
		made: inputs.made.map(({ node }) => node.name),
	};
}
