import { text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedScope } from './named-scope.ts';

export default defineCommand({
	name: 'cd',
	group: 'look',
	summary: 'go into a scope: find, ls, tree and node names then begin there',
	args: { scope: optionalWord('a scope; `..` one up, `/` or nothing the top', { subject: 'scope' }) },
	examples: ['cd pnet/conv1', 'cd ..', 'cd /'],
	scripted: 'asked',
	resumed: true,

	run(session, args) {
		const scope = namedScope(session, args.scope ?? '/');
		session.scope = scope.path;
		return {
			kind: 'text',
			data: { scope: scope.path, nodes: scope.total.nodes },
			blocks: [text(`${scope.path === '' ? 'the top' : scope.path}: ${plural(scope.total.nodes, 'node')}`)],
			next: ['ls', 'tree'],
		};
	},
});
