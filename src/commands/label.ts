import { WhittleError } from '../graph/error.ts';
import { optionalWord, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { placeAnswer } from './place.ts';

export default defineCommand({
	name: 'label',
	group: 'history',
	summary: 'give a step a name, so that `goto NAME` finds it',
	args: {
		name: word('the name; not a number'),
		step: optionalWord('the step; the current one when left out', { subject: 'step' }),
	},
	examples: ['label before-quantizing', 'label original 0'],
	scripted: 'never',
	resumed: true,

	run(session, { name, step }) {
		if (/^#?\d+$/.test(name) || /\s/.test(name) || name === '')
			throw new WhittleError('usage', `\`${name}\` cannot be a label: it must be one word and no number.`);
		const { history } = session;
		const target = step === undefined ? history.current : history.find(step);
		history.label(target.id, name);
		return placeAnswer(session, `#${target.id} is called ${name}`, { label: name, labelled: target.id });
	},
});
