import { WhittleError } from '../graph/error.ts';
import { word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { replayAnswer, replayWithout } from './rewrite.ts';

export default defineCommand({
	name: 'drop',
	group: 'history',
	summary: 'take a step out, and replay what came after it',
	details: 'The replay goes on a new branch; the old one stays. It stops where a later step no longer fits.',
	args: { step: word('the step to take out', { subject: 'step' }) },
	examples: ['drop 2'],
	scripted: 'never',
	resumed: true,

	async run(session, { step: name }, context) {
		const step = session.history.find(name);
		if (step.invocation === undefined)
			throw new WhittleError('usage', 'Step 0 is the model as opened; it cannot be dropped.');
		return replayAnswer(session, await replayWithout(session, step, [], context), `dropped #${step.id}`);
	},
});
