import { words } from './arguments.ts';
import { endpointsAnswer } from './candidate-table.ts';
import { defineCommand } from './define.ts';

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

	run: (session, { names }, context) => endpointsAnswer(session, 'outputs', names, context),
});
