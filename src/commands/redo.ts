import { optionalCount } from './arguments.ts';
import { defineCommand } from './define.ts';
import { placeAnswer } from './place.ts';

export default defineCommand({
	name: 'redo',
	group: 'history',
	summary: 'go forward again along the branch last visited',
	args: { steps: optionalCount('how many steps', { min: 1 }) },
	examples: ['redo', 'redo 2'],
	scripted: 'never',
	resumed: true,

	run(session, { steps = 1 }) {
		const { history } = session;
		const before = history.pathTo().length;
		const done = history.redo(steps);
		const redone = history.pathTo().slice(before);
		const what =
			done === 0
				? 'nothing to redo: this is the last step of its branch'
				: `redid ${redone.map((step) => `#${step.id} ${step.input}`).join(', ')}`;
		return placeAnswer(session, what, { redone: redone.map((step) => step.id) });
	},
});
