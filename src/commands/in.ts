import { count, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';
import { walkAnswer } from './walk.ts';

export default defineCommand({
	name: 'in',
	group: 'look',
	summary: 'what a node reads, data and control; with a depth, what these read too',
	args: {
		node: word('a node', { subject: 'node' }),
		depth: count('edges to go up; 1 unless given', { min: 1 }),
	},
	examples: ['in pnet/conv1/Conv2D', 'in pnet/prob1 --depth 3'],
	scripted: 'asked',

	run: (session, { node, depth = 1 }, context) =>
		walkAnswer(session.graph, namedNode(session, node), 'up', depth, 'inputs', context),
});
