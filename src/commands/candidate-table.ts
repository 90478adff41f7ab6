/** Candidate inputs and outputs as an answer, and the choice of others. */
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { noSuchNode } from '../graph/suggest.ts';
import { type CandidateSide, type Candidates, findingCandidates } from '../inspect/candidates.ts';
import { formatShape, inferringFor } from '../inspect/output-shapes.ts';
import { type Answer, type Cell, type Column, type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
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

/**
 * What `inputs` and `outputs` do: without names the candidates, with names the choice of them.
 * @throws WhittleError `unknown` for a node that is not there.
 */
export async function endpointsAnswer(
	session: Session,
	side: 'inputs' | 'outputs',
	names: readonly string[],
	context: RunContext,
): Promise<Answer> {
	const { graph } = session;
	const find = (): Promise<Candidates> => runPausing(findingCandidates(graph), side, context);
	if (names.length === 0) return candidateAnswer(graph, side, (await find())[side], session[side], context);
	const auto = names.length === 1 && names[0] === 'auto' && !graph.has('auto');
	const chosen = auto ? [...(await find())[side].chosen] : readEndpoints(graph, names);
	if (side === 'inputs') session.setInputs(chosen);
	else session.setOutputs(chosen);
	return { kind: 'text', data: { chosen }, blocks: [text(`${side}: ${chosen.join(' ') || 'none'}`)] };
}

/** The ranked list, what is in force, and what was put aside. */
async function candidateAnswer(
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
function readEndpoints(graph: Graph, words: readonly string[]): string[] {
	const names = words.flatMap((word) => word.split(',')).map((name) => name.trim());
	const given = names.filter((name) => name !== '');
	for (const name of given) {
		if (graph.has(name) || graph.has(sourceOf(name))) continue;
		throw noSuchNode(name, graph.position.keys());
	}
	return given;
}
