import { text } from '../session/answer.ts';
import { defineCommand } from './define.ts';

export default defineCommand({
	name: 'quit',
	aliases: ['exit', 'q'],
	group: 'session',
	summary: 'leave whittle',
	details: 'Steps that were not saved are in the journal: `whittle --resume` brings them back.',
	args: {},
	examples: ['quit'],
	scripted: 'never',
	withoutModel: true,

	run(session) {
		session.ended = true;
		const unsaved = session.isOpen && !session.saved;
		return {
			kind: 'text',
			data: { saved: session.saved },
			blocks: unsaved ? [text('left unsaved; `whittle --resume` brings the session back')] : [],
		};
	},
});
