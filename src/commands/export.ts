import { WhittleError } from '../graph/error.ts';
import { span, text } from '../session/answer.ts';
import { foreignSteps, stepText } from '../session/export/define.ts';
import { exportFormOf, exportForms } from '../session/export/index.ts';
import { flag, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';

export default defineCommand({
	name: 'export',
	group: 'session',
	summary: 'write what led to the current graph as a script that replays',
	details: `The file's name says which: ${exportForms.map((form) => `${form.ending} ${form.summary}`).join('; ')}.\nUndone steps and questions are left out.`,
	args: {
		file: word('where to', { subject: 'file' }),
		all: flag('questions too'),
		partial: flag('leave out steps that the C++ tool does not have, instead of stopping'),
		force: flag('overwrite a file that exists'),
	},
	examples: ['export small.whittle', 'export small.sh --partial', 'export notes.md --force'],
	scripted: 'never',

	async run(session, { file, all, partial, force }, context) {
		const form = exportFormOf(file);
		if (!form) {
			throw new WhittleError('usage', `There is no form of export called \`${file}\`.`, {
				hint: `The name must end with ${exportForms.map((known) => known.ending).join(', ')}.`,
			});
		}
		const content = form.write(session, { questions: all, partial, plain: context.plain });
		const { executable } = form;
		const writing = session.host.writingFile(file, [Buffer.from(content)], { force, executable });
		await runPausing(writing, `export ${file}`, context);
		const steps = session.history.pathTo().length - 1;
		const left = partial && (form.ending === '.sh' || form.ending === '.py') ? foreignSteps(session) : [];
		const lines = left.map((step) => [span(`! left out: #${step.id} ${stepText(step)}`, 'warn')]);
		return {
			kind: 'text',
			data: {
				file,
				form: form.ending.slice(1),
				steps: steps - left.length,
				leftOut: left.map((step) => step.id),
			},
			blocks: [text(`${file} written: ${form.summary}`, ...lines)],
		};
	},
});
