import { summaryText } from '../inspect/summary.ts';
import { text } from '../session/answer.ts';
import { flag } from './arguments.ts';
import { defineCommand } from './define.ts';

export default defineCommand({
	name: 'summary',
	group: 'look',
	summary: "the report of TensorFlow's summarize_graph, to the letter",
	details:
		'`inputs` and `outputs` rank what it lists, `counts` has the same figures for the eye, `check` says what is wrong.',
	args: { structure: flag('every node with its inputs, as --print_structure shows them') },
	examples: ['summary', 'summary --structure'],
	scripted: 'asked',

	run(session, { structure }) {
		const {
			text: report,
			warnings,
			error,
		} = summaryText(session.graph, session.model.fileName ?? session.model.path, structure);
		const stopped = error === undefined ? [] : [error];
		return {
			kind: 'text',
			data: { text: report, warnings, ...(error === undefined ? {} : { error }) },
			blocks: [text(report.replace(/\n$/, ''), ...warnings, ...stopped)],
			next: ['inputs', 'outputs', 'check'],
		};
	},
});
