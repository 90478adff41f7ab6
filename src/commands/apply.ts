/** Runs transforms on the open graph: all of a line or none of it. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Answer } from '../session/answer.ts';
import type { Pending, Session } from '../session/session.ts';
import type { StepData } from '../session/step-data.ts';
import { stepAnswer, stepsAnswer } from '../session/step-report.ts';
import type { GraphEnds } from '../transforms/define.ts';
import { transformByName } from '../transforms/index.ts';
import { formatInvocation, type Invocation } from '../transforms/language.ts';
import type { StepResult } from '../transforms/run.ts';
import { withDebugCheck } from './debug-check.ts';
import type { RunContext } from './define.ts';
import { runPausing } from './run-pausing.ts';

/** Each transform becomes a step. @throws WhittleError; the graph is then as it was. */
export async function applyTransforms(
	session: Session,
	invocations: readonly Invocation[],
	context: RunContext,
): Promise<Answer> {
	return acceptWork(session, await computeTransforms(session, invocations, context));
}

/** Computes transforms one on the other, without a step. */
export async function computeTransforms(
	session: Session,
	invocations: readonly Invocation[],
	context: RunContext,
	from: GraphEnds & { readonly graph: Graph } = session,
): Promise<Pending> {
	const work: Pending['work'][number][] = [];
	let at = { graph: from.graph, inputs: from.inputs, outputs: from.outputs };
	for (const invocation of invocations) {
		const started = performance.now();
		const result = await computeOne(session, invocation, at, context).catch((error: unknown) => {
			const told = withExample(error, invocation);
			throw invocations.length > 1 ? namedError(told, invocation, work.length, invocations.length) : told;
		});
		work.push({ invocation, result, ms: performance.now() - started });
		at = { ...at, ...result.ends, graph: result.graph };
	}
	return { input: invocations.map(formatInvocation).join(' '), step: session.history.current.id, work };
}

async function computeOne(
	session: Session,
	invocation: Invocation,
	from: GraphEnds & { readonly graph: Graph },
	context: RunContext,
): Promise<StepResult> {
	const transform = transformByName(invocation.name);
	if (!transform) throw new WhittleError('unknown', `There is no transform called \`${invocation.name}\`.`);
	await context.pause();
	return runPausing(session.compute(transform, invocation, from), invocation.name, context);
}

/** The C++ tool's messages say what is wrong; the example says what would be right. */
function withExample(error: unknown, { name }: Invocation): unknown {
	if (!(error instanceof WhittleError) || error.code !== 'transform' || error.hint !== undefined)
		return error;
	const example = transformByName(name)?.examples[0];
	const hint = example?.includes('(')
		? `For example ${example}; \`${name}?\` explains it.`
		: `\`${name}?\` explains it.`;
	return error.retold({ hint });
}

function namedError(error: unknown, invocation: Invocation, done: number, all: number): unknown {
	if (!(error instanceof WhittleError) || error.code === 'interrupted') return error;
	return error.retold({
		message: `${invocation.name} (${done + 1} of ${all}): ${error.message}`,
		hint: [error.hint, 'Nothing of this line was applied.'].filter(Boolean).join(' '),
	});
}

/** Makes what was computed the next steps, without running anything again. */
export function acceptWork(session: Session, pending: Pending): Answer {
	const before = session.history.current.graph;
	const answers = reports(session, pending, before, false);
	for (const { invocation, result } of pending.work)
		session.accept(formatInvocation(invocation), invocation, result);
	return stepsAnswer(answers);
}

/** What accepting would answer. */
export function previewAnswer(session: Session, pending: Pending): Answer {
	const answer = stepsAnswer(reports(session, pending, session.graph, true));
	if (pending.work.length === 1) return answer;
	return { ...answer, data: { ...(answer.data as object), preview: true } };
}

function reports(session: Session, pending: Pending, from: Graph, preview: boolean): Answer<StepData>[] {
	const ranBefore = new Set(session.history.pathTo().flatMap((step) => step.invocation?.name ?? []));
	let before = from;
	return pending.work.map(({ invocation, result, ms }, i) => {
		const transform = transformByName(invocation.name)!;
		const step = session.history.steps.length + i;
		const earlier = before;
		const facts = { transform, invocation, before, result, step, ms, preview, ranBefore: new Set(ranBefore) };
		ranBefore.add(invocation.name);
		before = result.graph;
		const answer = stepAnswer(facts);
		if (session.settings.get('debug') !== 'on') return answer;
		return withDebugCheck(answer, step, earlier, result.graph);
	});
}
