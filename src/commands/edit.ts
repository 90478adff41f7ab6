import { WhittleError } from '../graph/error.ts';
import { line, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { readTransforms } from './read-transforms.ts';
import { replayAnswer, replayWithout } from './rewrite.ts';

export default defineCommand({
	name: 'edit',
	group: 'history',
	summary: 'put other transforms in the place of a step, and replay what came after it',
	details:
		'The replay goes on a new branch; the old one stays. It stops where a later step no longer fits. ' +
		'`edit 2 (minimum_size=10)` keeps the transform and gives it other parameters.',
	args: {
		step: word('the step to replace', { subject: 'step' }),
		transforms: line('the transforms that take its place', { subject: 'transforms' }),
	},
	examples: ['edit 2 quantize_weights(minimum_size=10)', 'edit 1 remove_nodes(op=Identity) fold_constants'],
	scripted: 'never',
	resumed: true,

	async run(session, { step: name, transforms }, context) {
		const step = session.history.find(name);
		if (step.invocation === undefined)
			throw new WhittleError('usage', 'Step 0 is the model as opened.', {
				hint: '`open FILE` opens another.',
			});
		const full = transforms.startsWith('(') ? step.invocation.name + transforms : transforms;
		const replacement = readTransforms(full);
		if (replacement.length === 0)
			throw new WhittleError('usage', 'No transform was given.', {
				hint: `\`drop ${step.id}\` takes the step out.`,
			});
		return replayAnswer(
			session,
			await replayWithout(session, step, replacement, context),
			`edited #${step.id}`,
		);
	},
});
