/** Nodes as a table: what `find`, `in`, `out` and `cone` answer with. */
import type { Graph } from '../graph/graph.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { costing } from '../inspect/flops.ts';
import { NodeIndex } from '../inspect/node-index.ts';
import { formatShape, shownShapes } from '../inspect/output-shapes.ts';
import { weighingReadAt } from '../inspect/weights-read.ts';
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

/** Made in turns. */
export function* makingTable(
	graph: Graph,
	positions: readonly number[],
	{ distance, flops = false }: MoreColumns = {},
): Work<NodeTable> {
	const weights = yield* stage(weighingReadAt(graph, positions), 0, 0.3);
	const index = NodeIndex.of(graph);
	const costs = flops ? (yield* stage(costing(graph), 0.5, 0.6)).flops : undefined;
	const shapes = positions.map(shownShapes(graph, positions));
	const rows: NodeRow[] = [];
	for (const [i, position] of positions.entries()) {
		if (isTurn(i)) yield { done: 0.6 + (0.4 * i) / positions.length, total: 1 };
		const { name, op } = graph.nodes[position]!;
		const count = costs?.[position];
		const row: Writable<NodeRow> = {
			name,
			op,
			dtype: index.dtypesAt(position)[0] ?? null,
			shape: shapes[i]![0] ?? null,
			params: weights.params[position]!,
			bytes: weights.bytes[position]!,
		};
		if (distance) row.distance = distance(i);
		if (count !== undefined) row.flops = Number.isNaN(count) ? null : count;
		rows.push(row);
	}
	const columns = [...(distance ? [distanceColumn] : []), ...nodeColumns, ...(flops ? [flopsColumn] : [])];
	const texts = new Map<NodeRow['shape'], string>();
	const cells = rows.map((row, i): Cell[] => {
		const line: Cell[] = row.distance === undefined ? [] : [row.distance];
		const shape = shapes[i]!.length === 0 ? null : shapeText(row.shape, texts);
		line.push(row.name, row.op, row.dtype, shape, row.params || null, row.bytes || null);
		if (row.flops !== undefined) line.push(row.flops);
		return line;
	});
	return {
		data: { columns: columns.map((column) => column.name), rows, total: rows.length },
		block: { type: 'table', columns, rows: cells },
	};
}

/** Many outputs have the very same shape. */
function shapeText(shape: NodeRow['shape'], texts: Map<NodeRow['shape'], string>): string {
	let text = texts.get(shape);
	if (text === undefined) {
		text = formatShape(shape);
		texts.set(shape, text);
	}
	return text;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
