import { humanCount } from '../inspect/humanize.ts';
import { formatShape } from '../inspect/output-shapes.ts';
import { weighingNodes } from '../inspect/weights.ts';
import { type Cell, type Column, text } from '../session/answer.ts';
import { count, option } from './arguments.ts';
import { defineCommand } from './define.ts';
import { type Grouping, grouped, groupings } from './grouped.ts';
import { runPausing } from './run-pausing.ts';

const nodeColumns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'op', tone: 'op' },
	{ name: 'shape' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'share', align: 'right', format: 'percent' },
];
const groupColumns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'nodes', align: 'right' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'share', align: 'right', format: 'percent' },
];

export default defineCommand({
	name: 'params',
	group: 'look',
	summary: 'where the parameters are: by constant and variable, by scope or by op type',
	details: 'Elements of constants and of variables, largest first. `tree` shows the scopes as a tree.',
	args: {
		by: option('what to add up', { values: groupings }),
		depth: count('with --by scope: how many parts of a name; 1 unless given', { min: 1 }),
	},
	examples: ['params', 'params --by scope', 'params --by scope --depth 2 | head 10'],
	scripted: 'asked',

	async run(session, { by = 'node', depth = 1 }, context) {
		const { graph } = session;
		const { params, variableParams } = await runPausing(weighingNodes(graph), 'params', context);
		const of = (at: number): number => params[at]! + variableParams[at]!;
		let total = 0;
		for (let i = 0; i < params.length; i++) total += of(i);
		const share = (value: number): number => (total === 0 ? 0 : value / total);
		const kind = by as Grouping;
		const columns = kind === 'node' ? nodeColumns : groupColumns;
		const rows =
			kind === 'node'
				? graph.nodes
						.flatMap((node, i) => (of(i) > 0 ? [{ node, params: of(i) }] : []))
						.sort((a, b) => b.params - a.params)
						.map(({ node, params: n }) => ({
							name: node.name,
							op: node.op,
							shape: node.tensor?.shape ?? node.attr('shape')?.shape ?? null,
							params: n,
							share: share(n),
						}))
				: grouped(graph, kind, depth, of).map((group) => ({
						name: group.name,
						nodes: group.nodes,
						params: group.value,
						share: share(group.value),
					}));
		const cells = rows.map((row): Cell[] =>
			'op' in row
				? [row.name, row.op, formatShape(row.shape), row.params, row.share]
				: [row.name, row.nodes, row.params, row.share],
		);
		const data = { total, columns: columns.map((column) => column.name), rows };
		if (rows.length === 0) return { kind: 'table', data, blocks: [text('There are no parameters.')] };
		return {
			kind: 'table',
			data,
			blocks: [{ type: 'table', columns, rows: cells }, text(`${humanCount(total)} parameters in all`)],
			next: kind === 'node' ? [`const ${rows[0]!.name}`] : ['tree'],
		};
	},
});
