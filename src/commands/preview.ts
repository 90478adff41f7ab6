import { compareGraphs } from '../graph/changes.ts';
import { WhittleError } from '../graph/error.ts';
import { type Answer, text } from '../session/answer.ts';
import { computeTransforms, previewAnswer } from './apply.ts';
import { line } from './arguments.ts';
import { changeLines } from './change-lines.ts';
import { defineCommand } from './define.ts';
import { readTransforms } from './read-transforms.ts';

export default defineCommand({
	name: 'preview',
	group: 'change',
	summary: 'show what transforms would do, without doing it',
	details: 'In the shell Enter applies what was previewed, without running it again, and Esc drops it.',
	args: { transforms: line('transforms, as they would be typed', { subject: 'transforms' }) },
	examples: ['preview quantize_weights', 'preview remove_nodes(op=Identity) fold_constants'],
	scripted: 'asked',
	redirect: 'none',

	async run(session, { transforms }, context): Promise<Answer> {
		const invocations = readTransforms(transforms);
		if (invocations.length === 0) throw new WhittleError('usage', 'No transform was given.');
		const pending = await computeTransforms(session, invocations, context);
		const answer = previewAnswer(session, pending);
		const after = pending.work.at(-1)!.result.graph;
		const all =
			pending.work.length === 1 ? pending.work[0]!.result.changes : compareGraphs(session.graph, after);
		const changes = changeLines(session.graph, after, all);
		const blocks =
			changes.length > 0 ? [...answer.blocks, { type: 'diff' as const, lines: changes }] : [...answer.blocks];
		if (context.interactive) session.pending = pending;
		else blocks.push(text(`not applied: \`${pending.input}\` applies it`));
		return { ...answer, blocks };
	},
});
