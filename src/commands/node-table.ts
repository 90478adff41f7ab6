/** Nodes as a table: what `find`, `in`, `out` and `cone` answer with. */
import type { Graph } from '../graph/graph.ts';
import { costOf } from '../inspect/flops.ts';
import { NodeIndex } from '../inspect/node-index.ts';
import { formatShape, shownShapes } from '../inspect/output-shapes.ts';
import { weightsRead } from '../inspect/weights-read.ts';
import type { Shape } from '../ops/define.ts';
import type { Block, Cell, Column } from '../session/answer.ts';

/** A node in the data of an answer. */
export interface NodeRow {
	readonly name: string;
	readonly op: string;
	/** Of the first output; null where nothing tells. */
	readonly dtype: string | null;
	/** Of the first output: −1 an unknown size, null an unknown rank. */
	readonly shape: readonly number[] | null;
	/** Elements of a constant or variable, or of those that the node reads; so are its bytes in the file. */
	readonly params: number;
	readonly bytes: number;
	/** Edges from where the question began, for walks. */
	readonly distance?: number;
	/** Where the question was about them; null where they are not known. */
	readonly flops?: number | null;
}

export const nodeColumns: readonly Column[] = [
	{ name: 'name', shrink: true, tone: 'name' },
	{ name: 'op', tone: 'op' },
	{ name: 'dtype' },
	{ name: 'shape' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'bytes', align: 'right', format: 'bytes' },
];

const distanceColumn: Column = { name: 'distance', align: 'right' };
const flopsColumn: Column = { name: 'flops', align: 'right', format: 'count' };

export interface NodeTable {
	readonly data: {
		readonly columns: readonly string[];
		readonly rows: readonly NodeRow[];
		readonly total: number;
	};
	readonly block: Block;
}

export interface MoreColumns {
	/** Edges from where the question began, by the index of a position: the first column. */
	readonly distance?: (index: number) => number;
	/** Floating-point operations, for a question that asked for them: the last column. */
	readonly flops?: boolean;
}

export function nodeTable(
	graph: Graph,
	positions: readonly number[],
	{ distance, flops = false }: MoreColumns = {},
): NodeTable {
	const shapes = positions.map(shownShapes(graph, positions));
	const rows = positions.map((position, i): NodeRow => {
		const row = nodeRow(graph, position, shapes[i]!, distance?.(i));
		if (!flops) return row;
		const count = costOf(graph).flops[position]!;
		return { ...row, flops: Number.isNaN(count) ? null : count };
	});
	const columns = [...(distance ? [distanceColumn] : []), ...nodeColumns, ...(flops ? [flopsColumn] : [])];
	const cells = rows.map((row, i): Cell[] => [
		...(row.distance === undefined ? [] : [row.distance]),
		row.name,
		row.op,
		row.dtype,
		shapes[i]!.length === 0 ? null : formatShape(row.shape),
		row.params === 0 ? null : row.params,
		row.bytes === 0 ? null : row.bytes,
		...(row.flops === undefined ? [] : [row.flops]),
	]);
	return {
		data: { columns: columns.map((column) => column.name), rows, total: rows.length },
		block: { type: 'table', columns, rows: cells },
	};
}

function nodeRow(
	graph: Graph,
	position: number,
	shapes: readonly Shape[],
	distance: number | undefined,
): NodeRow {
	const node = graph.nodes[position]!;
	const { params, bytes } = weightsRead(graph);
	return {
		name: node.name,
		op: node.op,
		dtype: NodeIndex.of(graph).dtypes[position]![0] ?? null,
		shape: shapes[0] ?? null,
		params: params[position]!,
		bytes: bytes[position]!,
		...(distance === undefined ? {} : { distance }),
	};
}
