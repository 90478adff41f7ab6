/** Rewriting history: a step is replaced or taken out, and the later ones run again on a new branch. */
import { sameList } from '../graph/changes.ts';
import { WhittleError } from '../graph/error.ts';
import { type Answer, type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Step } from '../session/history.ts';
import type { Session } from '../session/session.ts';
import type { Invocation } from '../transforms/language.ts';
import { acceptWork, computeTransforms } from './apply.ts';
import type { RunContext } from './define.ts';
import { placeAnswer } from './place.ts';

export interface Replay {
	/** The steps made, in order. */
	readonly made: readonly Step[];
	/** Where the session was before. */
	readonly from: number;
	/** Later steps that changed the graph before and find nothing to do now. */
	readonly idle: readonly Step[];
}

/**
 * Makes a branch from the step before `step` with `replacement` in its place and the later steps of its branch
 * behind it. @throws WhittleError where one no longer fits; those before it are made and the session is there.
 */
export async function replayWithout(
	session: Session,
	step: Step,
	replacement: readonly Invocation[],
	context: RunContext,
): Promise<Replay> {
	const { history } = session;
	const from = history.current.id;
	const later = history.branchAfter(step.id);
	const made: Step[] = [];
	const idle: Step[] = [];
	// The replacement must run before anything moves: where it fails, nothing has happened.
	const parent = history.step(step.parent!);
	const start = { graph: parent.graph, inputs: step.inputs, outputs: step.outputs };
	const first = await computeTransforms(session, replacement, context, start);
	history.goto(parent.id);
	restoreEndpoints(session, step);
	acceptWork(session, first);
	made.push(...history.pathTo().slice(history.pathTo(parent.id).length));
	for (const old of later) {
		restoreEndpoints(session, old);
		const work = await computeTransforms(session, [old.invocation!], context).catch((error: unknown) => {
			throw stopped(error, old, made, from);
		});
		acceptWork(session, work);
		made.push(history.current);
		if (isIdle(history.current) && !isIdle(old)) idle.push(old);
	}
	return { made, from, idle };
}

/** Inputs and outputs that the person had set between the old step and the one before it. */
function restoreEndpoints(session: Session, old: Step): void {
	const before = session.history.step(old.parent!);
	const natural = { inputs: before.inputs, outputs: before.outputs, ...before.result?.ends };
	if (!sameList(natural.inputs, old.inputs)) session.setInputs(old.inputs);
	if (!sameList(natural.outputs, old.outputs)) session.setOutputs(old.outputs);
}

function isIdle(step: Step): boolean {
	const changes = step.result?.changes;
	return (
		changes !== undefined && changes.added.length + changes.removed.length + changes.changed.length === 0
	);
}

function stopped(error: unknown, old: Step, made: readonly Step[], from: number): unknown {
	if (!(error instanceof WhittleError)) return error;
	const last = made.at(-1);
	const reached = last ? `#${last.id} is the last step that fits` : 'no later step was replayed';
	return error.retold({
		message: `#${old.id} ${old.input} no longer fits: ${error.message}`,
		hint: `${reached}; \`goto ${from}\` goes back to where you were.${error.hint ? ` ${error.hint}` : ''}`,
	});
}

export function replayAnswer(session: Session, replay: Replay, what: string): Answer {
	const { made, from, idle } = replay;
	const place = placeAnswer(session, `${what}, ${plural(made.length, 'step')} made on a new branch`, {
		from,
		made: made.map((step) => step.id),
		idle: idle.map((step) => step.id),
	});
	const lines: Line[] = made.map((step) => [
		span(`#${step.id} `, 'strong'),
		span(step.input),
		span(`  ${plural(step.graph.nodes.length, 'node')}`, 'dim'),
	]);
	for (const step of idle) lines.push([span(`! #${step.id} ${step.input} now changes nothing`, 'warn')]);
	return { ...place, blocks: [text(...lines), ...place.blocks], next: [`goto ${from}`, 'history'] };
}
