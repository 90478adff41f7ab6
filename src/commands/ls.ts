import { formatShape, shownShapes } from '../inspect/output-shapes.ts';
import type { Figures } from '../inspect/scopes.ts';
import { weightsOf } from '../inspect/weights.ts';
import { type Cell, type Column, text } from '../session/answer.ts';
import { optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedScope } from './named-scope.ts';

const columns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'op', tone: 'op' },
	{ name: 'shape' },
	{ name: 'nodes', align: 'right' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'bytes', align: 'right', format: 'bytes' },
];

interface Row {
	readonly name: string;
	/** The full name of a node, the path of a scope. */
	readonly path: string;
	readonly op: string | null;
	readonly shape: string | null;
	readonly nodes: number;
	readonly params: number;
	readonly bytes: number;
}

export default defineCommand({
	name: 'ls',
	group: 'look',
	summary: 'what lies in a scope: scopes below it, then its nodes',
	args: { scope: optionalWord('a scope; where `cd` went unless given', { subject: 'scope' }) },
	examples: ['ls', 'ls pnet/conv1', 'ls ..'],
	scripted: 'asked',

	run(session, args) {
		const { graph } = session;
		const scope = namedScope(session, args.scope);
		const { params, variableParams, bytes } = weightsOf(graph);
		const rows: Row[] = [...scope.children.values()].map((child) =>
			scopeRow(child.name, child.path, child.total),
		);
		const shapesOf = shownShapes(graph, scope.nodes);
		for (const at of scope.nodes) {
			const node = graph.nodes[at]!;
			const shapes = shapesOf(at);
			rows.push({
				name: scope.path === '' ? node.name : node.name.slice(scope.path.length + 1),
				path: node.name,
				op: node.op,
				shape: shapes.length === 0 ? null : formatShape(shapes[0]),
				nodes: 1,
				params: params[at]! + variableParams[at]!,
				bytes: bytes[at]!,
			});
		}
		const cells = rows.map((row): Cell[] => [
			row.name,
			row.op,
			row.shape,
			row.nodes,
			row.params || null,
			row.bytes,
		]);
		const data = {
			scope: scope.path,
			columns: columns.map((column) => column.name),
			rows,
			total: rows.length,
		};
		if (rows.length === 0) return { kind: 'table', data, blocks: [text('Nothing is here.')] };
		return { kind: 'table', data, blocks: [{ type: 'table', columns, rows: cells }] };
	},
});

function scopeRow(name: string, path: string, total: Figures): Row {
	const { nodes, params, bytes } = total;
	return { name: `${name}/`, path, op: null, shape: null, nodes, params, bytes };
}
