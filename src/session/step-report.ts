/** What a step did, as data and as a few lines for the eye. */
import type { Graph } from '../graph/graph.ts';
import type { StepResult } from '../transforms/run.ts';
import type { Answer } from './answer.ts';
import { text } from './answer.ts';
import { plural } from './figures.ts';
import { sizeOf } from './status.ts';
import type { StepData, StepFacts } from './step-data.ts';
import { missingBefore, stepLines } from './step-lines.ts';

/** The answer for one step. */
export function stepAnswer(facts: StepFacts): Answer<StepData> {
	const data = stepData(facts);
	const quiet = isQuiet(data);
	const lines = stepLines(facts, data, quiet);
	return { kind: 'step', data, blocks: [text(...lines)], next: suggestions(facts, data, quiet) };
}

/** The answer for a line of several transforms: one is answered as itself. */
export function stepsAnswer(answers: readonly Answer<StepData>[]): Answer {
	if (answers.length === 1) return answers[0]!;
	const all = new Set(answers.flatMap((answer) => answer.next ?? []));
	all.delete('undo');
	const next = [...[...all].slice(0, 2), 'undo'];
	return {
		kind: 'step',
		data: { steps: answers.map((answer) => answer.data) },
		blocks: [
			text(...answers.flatMap((answer) => answer.blocks.flatMap((b) => (b.type === 'text' ? b.lines : [])))),
		],
		next,
	};
}

function stepData(facts: StepFacts): StepData {
	const { transform, invocation, before, result } = facts;
	const { added, removed, changed } = result.changes;
	const warnings = [...result.warnings];
	// TensorFlow's messages may go on in a second line that begins with a tab.
	const stopped = result.ignored?.message.replace(/\s*\n\s*/g, ' ');
	if (stopped !== undefined) warnings.push(`stopped and ignored (ignore_errors): ${stopped}`);
	const data = {
		transform: transform.name,
		arguments: Object.fromEntries(invocation.params),
		step: facts.step,
		before: sizeOf(before),
		after: sizeOf(result.graph),
		added,
		removed,
		changed,
		reordered: added.length + removed.length === 0 && isReordered(before, result.graph),
		skipped: result.skipped.map(({ node, reason, hint }) => ({ node, reason, ...(hint ? { hint } : {}) })),
		loss: transform.loss,
		note: result.notes.join('; '),
		warnings,
		...(facts.preview ? { preview: true as const } : {}),
	};
	if (data.note !== '' || !isQuiet(data)) return data;
	return { ...data, note: quietNote(result) };
}

function quietNote({ skipped, ignored }: StepResult): string {
	if (ignored) return 'it stopped with an error; the graph is as it was';
	if (skipped.length > 0) return `nothing changed: ${plural(skipped.length, 'place')} left alone`;
	return 'nothing changed: the graph has no place that it looks for';
}

function isQuiet(data: Pick<StepData, 'added' | 'removed' | 'changed' | 'reordered'>): boolean {
	return data.added.length + data.removed.length + data.changed.length === 0 && !data.reordered;
}

function isReordered(before: Graph, after: Graph): boolean {
	return before.nodes.some((node, i) => node.name !== after.nodes[i]?.name);
}

function suggestions(facts: StepFacts, data: StepData, quiet: boolean): string[] {
	if (facts.preview) return [];
	const next = [...new Set(data.skipped.flatMap((skip) => skip.hint ?? []))];
	if (quiet) next.push(...missingBefore(facts));
	else next.push(...(data.loss === 'exact' ? ['diff'] : ['verify', 'diff']));
	next.push('undo');
	return next.slice(0, 3);
}
