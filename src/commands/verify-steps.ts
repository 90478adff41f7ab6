/** Steps held against an earlier one: what `verify` and `bisect` share. */
import { Reference, type Side, type Verdict, verifyAgainst } from '../evaluate/verify.ts';
import { WhittleError } from '../graph/error.ts';
import type { Step } from '../session/history.ts';
import type { Session } from '../session/session.ts';
import type { Loss } from '../transforms/define.ts';
import { transformByName } from '../transforms/index.ts';
import type { RunContext } from './define.ts';
import { frozenInputs } from './frozen-inputs.ts';
import { runPausing } from './run-pausing.ts';
import { feedsFor, type InputValues, outputsFor, outputsToRun, withInputs } from './run-values.ts';

/** The relative L2 norm that each kind of loss may cost. */
export const TOLERANCES: Readonly<Record<Loss, number>> = {
	exact: 0,
	interface: 0,
	numeric: 1e-4,
	lossy: 0.2,
};

/** The worst kind of loss among the steps after `from` up to `to`. */
export function lossBetween(session: Session, from: number, to: number): Loss {
	const order: readonly Loss[] = ['exact', 'interface', 'numeric', 'lossy'];
	let worst: Loss = 'exact';
	for (const step of session.history.pathTo(to)) {
		if (step.id <= from || !step.invocation) continue;
		const loss = transformByName(step.invocation.name)?.loss ?? 'lossy';
		if (order.indexOf(loss) > order.indexOf(worst)) worst = loss;
	}
	return worst;
}

/** The original, run once. */
export interface Baseline {
	readonly step: Step;
	readonly reference: Reference;
	readonly inputs: InputValues;
}

/** @param until the last step that will be held against it: inputs that are constants there get their values. */
export async function runBaseline(
	session: Session,
	step: Step,
	until: Step,
	seed: number,
	context: RunContext,
): Promise<Baseline> {
	const outputs = outputsToRun(step, 'compare');
	let empty: Reference | undefined;
	const { inputs, result } = await withInputs(
		session,
		{ ...step, frozen: frozenInputs(session, step, until) },
		seed,
		async ({ feeds }) => {
			const side: Side = { graph: step.graph, feeds, outputs };
			const reference = await runPausing(Reference.of(side), `running #${step.id}`, context);
			if (reference.values.size > 0) {
				// Detectors may find nothing in what they are shown: then another size is worth a try.
				if ([...reference.values.values()].some(({ data }) => data.length > 0)) return reference;
				empty ??= reference;
				return undefined;
			}
			const first = reference.notRun[0]!;
			throw new WhittleError('evaluate', `cannot run \`${first.node}\` (${first.op}): ${first.reason}`);
		},
		() => empty,
	);
	return { step, reference: result, inputs };
}

/** A step held against the original, whose outputs may have other names in it now. */
export async function compareStep(
	baseline: Baseline,
	step: Step,
	tolerance: number,
	context: RunContext,
): Promise<Verdict> {
	const { reference, inputs } = baseline;
	const outputs = outputsFor(baseline.step, step);
	const feeds = feedsFor(step.graph, baseline.step, step, inputs.feeds);
	const side: Side = { graph: step.graph, feeds, outputs };
	return runPausing(verifyAgainst(reference, side, tolerance), `running #${step.id}`, context);
}

/** What went wrong at a node, as a clause. */
export function differenceText(difference: NonNullable<Verdict['firstDifference']>): string {
	if (!difference.sameShape) return 'gives another shape';
	if (difference.newNaN > 0) return 'gives NaN where it did not';
	return `differs by ${difference.maxAbs.toExponential(2)}`;
}
