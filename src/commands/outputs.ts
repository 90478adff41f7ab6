import { findingCandidates } from '../inspect/candidates.ts';
import { text } from '../session/answer.ts';
import { words } from './arguments.ts';
import { candidateAnswer, readEndpoints } from './candidate-table.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';

export default defineCommand({
	name: 'outputs',
	group: 'graph',
	summary: 'the likely outputs of the model; with names: the ones to use',
	details:
		'Without names: candidates, best first, each with its reason; the ones in use are marked. With names, ' +
		'transforms use these from now on, as with the --outputs of transform_graph. `auto` goes back to the candidates.',
	args: { names: words('node names, with blanks or commas between them', { subject: 'node' }) },
	examples: ['outputs', 'outputs pnet/prob1 rnet/prob1', 'outputs auto'],
	scripted: 'always',
	resumed: true,

	async run(session, { names }, context) {
		const { graph } = session;
		if (names.length === 0) {
			const candidates = await runPausing(findingCandidates(graph), 'outputs', context);
			return candidateAnswer(graph, 'outputs', candidates.outputs, session.outputs, context);
		}
		const auto = names.length === 1 && names[0] === 'auto' && !graph.has('auto');
		const given = auto
			? [...(await runPausing(findingCandidates(graph), 'outputs', context)).outputs.chosen]
			: readEndpoints(graph, names);
		session.setOutputs(given);
		return {
			kind: 'text',
			data: { chosen: given },
			blocks: [text(`outputs: ${given.join(' ') || 'none'}`)],
		};
	},
});
