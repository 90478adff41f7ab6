import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { noSuchNode } from '../graph/suggest.ts';
import { benchmarkFlops, type Cost, costing, costWith } from '../inspect/flops.ts';
import { humanCount } from '../inspect/humanize.ts';
import { formatShape } from '../inspect/output-shapes.ts';
import type { Shape } from '../ops/define.ts';
import { type Cell, type Column, type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { count, option, words } from './arguments.ts';
import { defineCommand } from './define.ts';
import { type Grouping, grouped, groupings } from './grouped.ts';
import { runPausing } from './run-pausing.ts';

const nodeColumns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'op', tone: 'op' },
	{ name: 'shape' },
	{ name: 'flops', align: 'right', format: 'count' },
	{ name: 'share', align: 'right', format: 'percent' },
];
const groupColumns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'nodes', align: 'right' },
	{ name: 'flops', align: 'right', format: 'count' },
	{ name: 'share', align: 'right', format: 'percent' },
];

export default defineCommand({
	name: 'flops',
	group: 'look',
	summary: 'what a run costs: floating-point operations by node, scope or op type',
	details:
		'A multiply-add counts as two. An unknown batch counts as one example; other unknown sizes make a cost ' +
		'unknown, and `flops input=[1,224,224,3]` says them. The rules are in docs/flops.md.',
	args: {
		shapes: words('shapes to reckon with: INPUT=[1,224,224,3]', { subject: 'node' }),
		by: option('what to add up', { values: groupings }),
		depth: count('with --by scope: how many parts of a name; 1 unless given', { min: 1 }),
	},
	examples: ['flops', 'flops --by scope --depth 2', 'flops | head 20'],
	scripted: 'asked',

	async run(session, { shapes, by = 'node', depth = 1 }, context) {
		const { graph } = session;
		const given = readShapes(graph, shapes);
		const cost = given.size > 0 ? costWith(graph, given) : await runPausing(costing(graph), 'flops', context);
		const kind = by as Grouping;
		const share = (value: number): number => (cost.total === 0 ? 0 : value / cost.total);
		const columns = kind === 'node' ? nodeColumns : groupColumns;
		const rows =
			kind === 'node'
				? nodeRows(graph, cost).map((row) => ({ ...row, share: share(row.flops) }))
				: grouped(graph, kind, depth, (at) => cost.flops[at]!).map(({ name, nodes, value }) => ({
						name,
						nodes,
						flops: value,
						share: share(value),
					}));
		const cells = rows.map((row): Cell[] =>
			'op' in row
				? [row.name, row.op, formatShape(row.shape), row.flops, row.share]
				: [row.name, row.nodes, row.flops, row.share],
		);
		const benchmark = benchmarkFlops(graph, cost);
		const data = {
			total: cost.total,
			benchmark,
			columns: columns.map((column) => column.name),
			rows,
			unknown: cost.unknown,
			batchOfOne: cost.batchOfOne,
		};
		return {
			kind: 'table',
			data,
			blocks: [
				...(rows.length > 0 ? [{ type: 'table' as const, columns, rows: cells }] : []),
				text(...notes(cost, benchmark)),
			],
			next: rows[0] && 'op' in rows[0] ? [`show ${rows[0].name}`] : ['flops'],
		};
	},
});

interface CostRow {
	readonly name: string;
	readonly op: string;
	readonly flops: number;
	readonly shape: Shape;
}

function nodeRows(graph: Graph, cost: Cost): CostRow[] {
	const rows: CostRow[] = [];
	for (let i = 0; i < graph.nodes.length; i++) {
		const flops = cost.flops[i]!;
		if (!(flops > 0)) continue;
		const { name, op } = graph.nodes[i]!;
		rows.push({ name, op, flops, shape: cost.shapes.shapes[i]![0] ?? null });
	}
	return rows.sort((a, b) => b.flops - a.flops);
}

function notes(cost: Cost, benchmark: number): Line[] {
	const lines: Line[] = [
		`${humanCount(cost.total)} FLOPs in all, a multiply-add counted as two; ` +
			`${humanCount(benchmark)} of them as benchmark_model --show_flops counts`,
	];
	if (cost.batchOfOne.length > 0)
		lines.push([
			span(`for one example: the unknown batch of ${cost.batchOfOne.join(', ')} is taken as 1`, 'dim'),
		]);
	const first = cost.unknown[0];
	if (first) {
		const what = `the cost of ${plural(cost.unknown.length, 'node')} is not known`;
		lines.push([span(`${what}; the first is ${first.name} (${first.op}): ${first.reason}`, 'warn')]);
	}
	return lines;
}

/** `input=[1,224,224,3]`, `input=1,224,224,3`. @throws WhittleError `usage` or `unknown`. */
function readShapes(graph: Graph, given: readonly string[]): Map<string, Shape> {
	const shapes = new Map<string, Shape>();
	for (const word of given) {
		const [, input, list] = /^(.+?)=\[?([\d,?\s-]*)\]?$/.exec(word) ?? [];
		const sizes = list?.split(',').flatMap((size) => size.trim() || []);
		if (input === undefined || !sizes?.every((size) => /^(?:-?\d+|\?)$/.test(size)))
			throw new WhittleError('usage', `\`${word}\` is no shape of an input.`, {
				hint: 'for example input=[1,224,224,3]',
			});
		const name = sourceOf(input);
		if (!graph.has(name)) throw noSuchNode(name, graph.position.keys());
		shapes.set(
			name,
			sizes.map((size) => (size === '?' ? -1 : Number(size))),
		);
	}
	return shapes;
}
