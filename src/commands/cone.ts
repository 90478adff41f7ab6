import { flag, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';
import { walkAnswer } from './walk.ts';

export default defineCommand({
	name: 'cone',
	group: 'look',
	summary: 'everything that a node needs, or with --down everything that it reaches',
	details: 'Data and control edges are followed. The distance is the number of edges of the shortest way.',
	args: {
		node: word('a node, mostly an output or an input', { subject: 'node' }),
		down: flag('what the node reaches, in place of what it needs'),
	},
	examples: ['cone pnet/prob1', 'cone rnet/input --down', 'cone pnet/prob1 | grep Conv2D'],
	scripted: 'asked',

	run(session, { node, down }, context) {
		const position = namedNode(session, node);
		const direction = down ? 'down' : 'up';
		return walkAnswer(session.graph, position, direction, undefined, down ? 'readers' : 'inputs', context);
	},
});
