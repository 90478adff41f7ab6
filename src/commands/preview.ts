import { comparingGraphs } from '../graph/changes.ts';
import { WhittleError } from '../graph/error.ts';
import { type Answer, type Block, text } from '../session/answer.ts';
import { computeTransforms, previewAnswer } from './apply.ts';
import { line } from './arguments.ts';
import { changeLines } from './change-lines.ts';
import { defineCommand } from './define.ts';
import { effectLine, effectOfPreview } from './output-effect.ts';
import { readTransforms } from './read-transforms.ts';
import { runPausing } from './run-pausing.ts';

export default defineCommand({
	name: 'preview',
	group: 'change',
	summary: 'show what transforms would do, without doing it',
	details:
		'In the shell Enter applies what was previewed, without running it again, and Esc drops it. Where values ' +
		'may change and the graph is quickly run, the largest difference of its outputs is shown.',
	args: { transforms: line('transforms, as they would be typed', { subject: 'transforms' }) },
	examples: ['preview quantize_weights', 'preview remove_nodes(op=Identity) fold_constants'],
	scripted: 'asked',
	redirect: 'none',

	async run(session, { transforms }, context): Promise<Answer> {
		const invocations = readTransforms(transforms, Math.max(0, context.line.indexOf(transforms)));
		if (invocations.length === 0) {
			throw new WhittleError('usage', 'No transform was given.', { hint: 'preview quantize_weights' });
		}
		const pending = await computeTransforms(session, invocations, context);
		const effect = await effectOfPreview(session, pending, context);
		const answer = previewAnswer(session, pending);
		const after = pending.work.at(-1)!.result.graph;
		const all =
			pending.work.length === 1
				? pending.work[0]!.result.changes
				: await runPausing(comparingGraphs(session.graph, after), 'preview', context);
		const changes = changeLines(session.graph, after, all, context.width);
		const blocks: Block[] = [...answer.blocks];
		if (effect) blocks.push(text(effectLine(effect)));
		if (changes.length > 0) blocks.push({ type: 'diff', lines: changes });
		if (context.interactive) session.pending = pending;
		else blocks.push(text(`not applied: \`${pending.input}\` applies it`));
		return { ...answer, data: { ...(answer.data as object), ...(effect ? { effect } : {}) }, blocks };
	},
});
