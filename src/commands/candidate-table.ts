/** Candidate inputs and outputs as an answer, and the choice of others. */
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { noSuchNode } from '../graph/suggest.ts';
import type { CandidateSide } from '../inspect/candidates.ts';
import { formatShape, inferringFor } from '../inspect/output-shapes.ts';
import { type Answer, type Cell, type Column, type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { RunContext } from './define.ts';
import { runPausing } from './run-pausing.ts';

const columns: readonly Column[] = [
	{ name: '' },
	{ name: 'name', shrink: true, tone: 'name' },
	{ name: 'op', tone: 'op' },
	{ name: 'dtype' },
	{ name: 'shape' },
	{ name: 'group', tone: 'dim' },
	{ name: 'reason', tone: 'dim', shrink: true },
];

/** The ranked list, what is in force, and what was put aside. */
export async function candidateAnswer(
	graph: Graph,
	word: 'inputs' | 'outputs',
	side: CandidateSide,
	current: readonly string[],
	context: RunContext,
): Promise<Answer> {
	const named = side.candidates.flatMap(({ name }) => graph.position.get(name) ?? []);
	const shapes = await runPausing(inferringFor(graph, named), word, context);
	const candidates = side.candidates.map((candidate) => ({
		...candidate,
		shape: shapes.of(candidate.name) ?? candidate.shape,
	}));
	const inForce = new Set(current.map(sourceOf));
	const rows = candidates.map((c): Cell[] => [
		inForce.has(c.name) ? '●' : '',
		c.name,
		c.op,
		c.dtype,
		formatShape(c.shape),
		c.group,
		c.reason,
	]);
	const lines: Line[] = [];
	const others = side.total - candidates.length;
	if (others > 0) lines.push([span(`and ${plural(others, 'other')} less likely`, 'dim')]);
	for (const { reason, count, names } of side.aside)
		lines.push([span(`put aside: ${count} — ${reason} (${names[0]}${count > 1 ? ', …' : ''})`, 'dim')]);
	lines.push(
		current.length > 0 ? `in use: ${current.join(' ')}` : `none in use: \`${word} NAME …\` sets them`,
	);
	const none = `No ${word} found.`;
	return {
		kind: 'table',
		data: { candidates, chosen: current, aside: side.aside, total: side.total },
		blocks: [
			...(rows.length > 0 ? [{ type: 'table' as const, columns, rows }] : [text(none)]),
			text(...lines),
		],
		...(candidates[0] ? { next: [`show ${candidates[0].name}`] } : {}),
	};
}

/** Words, or lists with commas, as the tools take them. @throws WhittleError `unknown` for a node that is not there. */
export function readEndpoints(graph: Graph, words: readonly string[]): string[] {
	const names = words.flatMap((word) => word.split(',')).map((name) => name.trim());
	const given = names.filter((name) => name !== '');
	for (const name of given) {
		if (graph.has(name) || graph.has(sourceOf(name))) continue;
		throw noSuchNode(name, graph.position.keys());
	}
	return given;
}
