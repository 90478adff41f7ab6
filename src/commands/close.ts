import { WhittleError } from '../graph/error.ts';
import { text } from '../session/answer.ts';
import { flag } from './arguments.ts';
import { defineCommand } from './define.ts';

export default defineCommand({
	name: 'close',
	group: 'graph',
	summary: 'close the model and its history',
	details: 'Asks for --force while the current graph is not saved.',
	args: { force: flag('also when the graph is not saved') },
	examples: ['close', 'close --force'],
	scripted: 'never',
	resumed: true,

	run(session, { force }) {
		const { path } = session.model;
		if (!session.saved && !force) {
			throw new WhittleError('usage', 'The graph is not saved.', {
				hint: '`save FILE` writes it, `close --force` closes all the same.',
			});
		}
		session.close();
		return { kind: 'text', data: { file: path }, blocks: [text(`closed ${path}`)] };
	},
});
