import { costing } from '../inspect/flops.ts';
import { NodeIndex } from '../inspect/node-index.ts';
import { weighingNodes } from '../inspect/weights.ts';
import { isRegistered } from '../ops/registry.ts';
import type { Cell, Column } from '../session/answer.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';

const columns: readonly Column[] = [
	{ name: 'op', tone: 'op' },
	{ name: 'nodes', align: 'right' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'bytes', align: 'right', format: 'bytes' },
	{ name: 'flops', align: 'right', format: 'count' },
	{ name: 'registered' },
];

export default defineCommand({
	name: 'ops',
	group: 'look',
	summary: 'the op types of the graph: how many nodes, what they weigh and cost',
	details: 'The nodes of library functions are not counted. FLOPs are the sum of what is known.',
	args: {},
	examples: ['ops', 'ops | sort -flops'],
	scripted: 'asked',

	async run(session, _args, context) {
		const { graph } = session;
		const { ops, ids } = NodeIndex.of(graph).opIds;
		const weights = await runPausing(weighingNodes(graph), 'ops', context);
		const { params, variableParams, bytes } = weights;
		const { flops } = await runPausing(costing(graph), 'ops', context);
		const rows = ops.map((op) => ({
			op,
			nodes: 0,
			params: 0,
			bytes: 0,
			flops: 0,
			registered: isRegistered(op) || graph.functions.get(op) !== undefined,
		}));
		for (let i = 0; i < ids.length; i++) {
			const row = rows[ids[i]!]!;
			row.nodes++;
			row.params += params[i]! + variableParams[i]!;
			row.bytes += bytes[i]!;
			row.flops += flops[i]! || 0;
		}
		rows.sort((a, b) => b.nodes - a.nodes || (a.op < b.op ? -1 : 1));
		const cells = rows.map((row): Cell[] => [
			row.op,
			row.nodes,
			row.params === 0 ? null : row.params,
			row.bytes,
			row.flops === 0 ? null : row.flops,
			row.registered ? null : 'no',
		]);
		return {
			kind: 'table',
			data: { columns: columns.map((column) => column.name), rows, total: rows.length },
			blocks: [{ type: 'table', columns, rows: cells }],
			...(rows[0] ? { next: [`find op:${rows[0].op}`] } : {}),
		};
	},
});
