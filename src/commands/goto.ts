import { word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { placeAnswer } from './place.ts';

export default defineCommand({
	name: 'goto',
	group: 'history',
	summary: 'go to any step, by its number or label',
	args: { step: word('a step: 3, #3 or a label', { subject: 'step' }) },
	examples: ['goto 0', 'goto #3', 'goto before-quantizing'],
	scripted: 'never',
	resumed: true,

	run(session, { step }) {
		const { history } = session;
		const from = history.current.id;
		const target = history.goto(history.find(step).id);
		const what = target.id === from ? 'already here' : `went from #${from} to #${target.id}`;
		return placeAnswer(session, what, { from });
	},
});
