import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { didYouMean } from '../graph/suggest.ts';
import { fieldsOf, findingNodes } from '../inspect/query.ts';
import { queryFields } from '../inspect/query-fields.ts';
import { text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { line } from './arguments.ts';
import { type CommandContext, defineCommand } from './define.ts';
import { makingTable } from './node-table.ts';
import { runPausing } from './run-pausing.ts';

export default defineCommand({
	name: 'find',
	group: 'look',
	summary: 'nodes that fit a query',
	details: [
		'A query is words and fields, all of which must fit; OR, NOT or - and brackets join them otherwise. ' +
			'A word without a field must be part of the name.',
		'',
		...queryFields.map((field) => `${field.name.padEnd(8)}${field.example.padEnd(24)}${field.summary}`),
		'',
		'The answer is a table: `| sort -params`, `| head 20`, `> FILE.csv`. A query for flops has a column of them.',
	].join('\n'),
	args: { query: line('what to look for; all nodes without one', { subject: 'query', optional: true }) },
	examples: [
		'find op:Conv2D params:>10k',
		'find op:(Conv2D OR MatMul) -name:onet/*',
		'find op:Const | sort -bytes | head 20',
	],
	scripted: 'asked',

	async run(session, { query }, context) {
		const positions = await runQuery(session, query, context);
		const table = makingTable(session.graph, positions, { flops: fieldsOf(query).has('flops') });
		const { data, block } = await runPausing(table, 'find', context);
		if (positions.length === 0) {
			return {
				kind: 'table',
				data: { ...data, query },
				blocks: [text(`No node fits.${whyNone(query, session.graph)}`)],
				next: ['ops', 'tree'],
			};
		}
		const first = data.rows[0]!.name;
		return {
			kind: 'table',
			data: { ...data, query },
			blocks: [block, text(`${plural(positions.length, 'node')} of ${session.graph.nodes.length}`)],
			next: [`show ${first}`],
		};
	},
});

/**
 * Positions of the nodes that fit, inside the scope that the session stands in.
 * @throws WhittleError with the place in the line as typed.
 */
export async function runQuery(session: Session, query: string, context: CommandContext): Promise<number[]> {
	const { graph, scope } = session;
	try {
		const found = await runPausing(findingNodes(graph, query), 'find', context);
		return scope === '' ? found : found.filter((at) => graph.nodes[at]!.name.startsWith(`${scope}/`));
	} catch (error) {
		if (!(error instanceof WhittleError) || !error.span) throw error;
		const offset = Math.max(0, context.line.indexOf(query));
		throw error.retold({ span: { start: offset + error.span.start, length: error.span.length } });
	}
}

/** What usually lies behind an answer without a node. */
function whyNone(query: string, graph: Graph): string {
	const name = /(?:^|\s)name:([^\s*?/"()]+)(?:\s|$)/.exec(query)?.[1];
	if (name) return ` name: is the whole name; \`${name}\` or name:*${name}* finds names that contain it.`;
	const op = /(?:^|\s)op:([^\s*?/"()]+)(?:\s|$)/.exec(query)?.[1];
	const present = [...graph.byOp.keys()];
	if (!op || present.some((other) => other.toLowerCase() === op.toLowerCase())) return '';
	const meant = didYouMean(op, present);
	return ` The graph has no op ${op}.${meant ? ` ${meant}` : ''}`;
}
