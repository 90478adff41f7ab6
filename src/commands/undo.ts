import { optionalCount } from './arguments.ts';
import { defineCommand } from './define.ts';
import { placeAnswer } from './place.ts';

export default defineCommand({
	name: 'undo',
	group: 'history',
	summary: 'go back one step, or several; nothing is lost',
	details:
		'`redo` goes forward again. A step made after an undo opens a branch: `history` shows all of them.',
	args: { steps: optionalCount('how many steps', { min: 1 }) },
	examples: ['undo', 'undo 3'],
	scripted: 'never',
	resumed: true,

	run(session, { steps = 1 }) {
		const { history } = session;
		const from = history.current;
		const done = history.undo(steps);
		const undone = history.pathTo(from.id).slice(history.pathTo().length);
		const what =
			done === 0
				? 'nothing to undo: this is the graph as opened'
				: `undid ${undone.map((step) => `#${step.id} ${step.input}`).join(', ')}`;
		return placeAnswer(session, what, { undone: undone.map((step) => step.id) });
	},
});
