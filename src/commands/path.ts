import { findPaths } from '../inspect/paths.ts';
import { type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { count, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';

export default defineCommand({
	name: 'path',
	group: 'look',
	summary: 'the ways from one node to another along the data',
	details: 'When there is no way from A to B, the way from B to A is looked for.',
	args: {
		from: word('where to begin', { subject: 'node' }),
		to: word('where to end', { subject: 'node' }),
		all: count('list this many ways, not only the shortest', { min: 1 }),
	},
	examples: ['path pnet/input pnet/prob1', 'path pnet/input pnet/prob1 --all 5'],
	scripted: 'asked',

	run(session, args) {
		const { graph } = session;
		const start = namedNode(session, args.from);
		const end = namedNode(session, args.to);
		const limit = args.all ?? 1;
		const forward = findPaths(graph, start, end, limit);
		const found = forward.shortest ? forward : findPaths(graph, end, start, limit);
		const names = (path: readonly number[]): string[] => path.map((at) => graph.nodes[at]!.name);
		const shortest = found.shortest ? names(found.shortest) : null;
		const data = {
			shortest,
			paths: args.all === undefined ? (shortest ? [shortest] : []) : found.all.map(names),
			more: args.all !== undefined && found.more,
			reversed: forward.shortest === undefined && shortest !== null,
		};
		if (!shortest)
			return {
				kind: 'text',
				data,
				blocks: [text(`No way leads from ${args.from} to ${args.to}, nor back.`)],
			};
		const lines: Line[] = [];
		if (data.reversed)
			lines.push([span(`no way from ${args.from} to ${args.to}; the other way round:`, 'warn')]);
		data.paths.forEach((path, i) => {
			if (data.paths.length > 1)
				lines.push([span(`way ${i + 1}, ${plural(path.length - 1, 'edge')}`, 'dim')]);
			for (const name of path)
				lines.push([span('  '), span(name, 'name'), span(`  ${graph.node(name)!.op}`, 'op')]);
		});
		if (data.more) lines.push([span('and more', 'dim')]);
		return { kind: 'text', data, blocks: [text(...lines)], next: [`show ${shortest[1] ?? shortest[0]}`] };
	},
});
