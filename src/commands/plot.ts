import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { drawDot, drawingOf, drawnPositions, drawSvg } from '../inspect/plot.ts';
import { distances } from '../inspect/reach.ts';
import { text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { count, flag, option, optionalWord } from './arguments.ts';
import { type CommandContext, defineCommand } from './define.ts';
import { runQuery } from './find.ts';
import { namedNode } from './named-node.ts';
import { resultPath, writeResult } from './result-file.ts';

/** More than this is no drawing that a person can read, and takes long to lay out. */
const MOST_NODES = 400;

export default defineCommand({
	name: 'plot',
	group: 'look',
	summary: 'a drawing of a part of the graph, as SVG or DOT',
	details:
		'The neighbourhood of a node, the nodes of a query, or the scope that `cd` went to. Constants are left out ' +
		'unless `--constants`. The ending of the file decides: .svg or .dot.',
	args: {
		node: optionalWord('the node in the middle; without one, where the session stands', { subject: 'node' }),
		depth: count('with a node: edges to go in both directions; 3 unless given', { min: 1 }),
		where: option('a query: draw the nodes that fit', { subject: 'query' }),
		constants: flag('constants and the like too'),
	},
	examples: ['plot pnet/prob1 > part.svg', 'plot --where scope:pnet/conv1 > scope.dot'],
	scripted: 'asked',
	redirect: 'own',

	async run(session, args, context) {
		const { graph } = session;
		const positions = drawnPositions(graph, await chosen(session, args, context), args.constants);
		if (positions.size > MOST_NODES) {
			throw new WhittleError(
				'usage',
				`That would draw ${positions.size} nodes; ${MOST_NODES} are the most.`,
				{
					hint: 'plot NODE --depth 3, or plot --where QUERY',
				},
			);
		}
		const drawing = drawingOf(graph, positions);
		const redirect = context.redirect ?? 'graph.svg';
		const file = resultPath(redirect);
		if (!/\.(?:svg|dot|gv)$/.test(file))
			throw new WhittleError('usage', `\`${file}\` ends in neither .svg nor .dot.`, {
				hint: 'plot NODE > part.svg',
			});
		const content = file.endsWith('.svg') ? await drawSvg(drawing) : drawDot(drawing);
		await writeResult(session, redirect, [Buffer.from(content)], context);
		const what = `${plural(drawing.nodes.length, 'node')}, ${plural(drawing.edges.length, 'edge')}`;
		return {
			kind: 'text',
			data: { file, nodes: drawing.nodes.map((node) => node.name), edges: drawing.edges.length },
			blocks: [text(`${file}: ${what}`)],
		};
	},
});

interface Choice {
	readonly node: string | undefined;
	readonly depth: number | undefined;
	readonly where: string | undefined;
}

async function chosen(
	session: Session,
	{ node, depth = 3, where }: Choice,
	context: CommandContext,
): Promise<number[]> {
	const { graph, scope } = session;
	const fitting = where === undefined ? undefined : new Set(await runQuery(session, where, context));
	if (node !== undefined) {
		const near = neighbourhood(graph, namedNode(session, node), depth);
		return fitting ? near.filter((at) => fitting.has(at)) : near;
	}
	if (fitting) return [...fitting];
	const all = graph.nodes.map((_, i) => i);
	return scope === '' ? all : all.filter((at) => graph.nodes[at]!.name.startsWith(`${scope}/`));
}

function neighbourhood(graph: Graph, position: number, depth: number): number[] {
	const up = distances(graph, [position], 'up', { depth });
	const down = distances(graph, [position], 'down', { depth });
	return graph.nodes.flatMap((_, i) => (up[i]! >= 0 || down[i]! >= 0 ? [i] : []));
}
