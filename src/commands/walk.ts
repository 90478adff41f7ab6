/** `in`, `out`, `cone`: the nodes around a node as a table, nearest first. */
import type { Graph } from '../graph/graph.ts';
import { type Direction, distances } from '../inspect/reach.ts';
import { type Answer, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { RunContext } from './define.ts';
import { makingTable } from './node-table.ts';
import { runPausing } from './run-pausing.ts';

/** @param depth edges to go; no limit when undefined. */
export async function walkAnswer(
	graph: Graph,
	position: number,
	direction: Direction,
	depth: number | undefined,
	what: string,
	context: RunContext,
): Promise<Answer> {
	const far = distances(graph, [position], direction, { depth });
	const found: number[] = [];
	for (let i = 0; i < far.length; i++) if (far[i]! > 0) found.push(i);
	found.sort((a, b) => far[a]! - far[b]! || a - b);
	const table = makingTable(graph, found, { distance: (i) => far[found[i]!]! });
	const { data, block } = await runPausing(table, what, context);
	const node = graph.nodes[position]!.name;
	if (found.length === 0)
		return { kind: 'table', data: { ...data, node }, blocks: [text(`${node} has no ${what}.`)] };
	return {
		kind: 'table',
		data: { ...data, node },
		blocks: [block, text(`${plural(found.length, 'node')} of ${graph.nodes.length}`)],
		next: [`show ${data.rows[0]!.name}`],
	};
}
