/** A graph in figures. */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { weightsOf } from './weights.ts';

export interface Counts {
	readonly nodes: number;
	/** Elements of all constants. */
	readonly params: number;
	/** Elements of all variables, by their declared shapes. */
	readonly variableParams: number;
	readonly controlEdges: number;
	/** Functions in the library; their nodes are not counted. */
	readonly functions: number;
	/** Most frequent first, then by name. */
	readonly ops: Readonly<Record<string, number>>;
}

export function countsOf(graph: Graph): Counts {
	const { params, variableParams } = weightsOf(graph);
	let controlEdges = 0;
	for (const node of graph.nodes) for (const input of node.inputs) if (isControl(input)) controlEdges++;
	return {
		nodes: graph.nodes.length,
		params: sum(params),
		variableParams: sum(variableParams),
		controlEdges,
		functions: graph.functions.functions.length,
		ops: Object.fromEntries(
			[...graph.byOp]
				.map(([op, nodes]): [string, number] => [op, nodes.length])
				.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
		),
	};
}

function sum(column: Float64Array): number {
	let total = 0;
	for (const value of column) total += value;
	return total;
}
