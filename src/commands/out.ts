import { count, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';
import { walkAnswer } from './walk.ts';

export default defineCommand({
	name: 'out',
	group: 'look',
	summary: 'the nodes that read a node, data and control; with a depth, their readers too',
	args: {
		node: word('a node', { subject: 'node' }),
		depth: count('edges to go down; 1 unless given', { min: 1 }),
	},
	examples: ['out pnet/conv1/Conv2D', 'out pnet/input --depth 3'],
	scripted: 'asked',

	run: (session, { node, depth = 1 }, context) =>
		walkAnswer(session.graph, namedNode(session, node), 'down', depth, 'readers', context),
});
