import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';

/**
 * The result of nearly every transform: these nodes and nothing else. As in the C++ tool, `versions` and
 * `debug_info` are lost; the driver puts the function library back.
 */
export function keepNodes(graph: Graph, nodes: readonly Node[]): Graph {
	return graph.with(nodes, NODES_ALONE);
}

/** {@link keepNodes} where every node stands in its place and reads what it read, under new names. */
export function keepRenamed(graph: Graph, nodes: readonly Node[]): Graph {
	return graph.withNames(nodes, NODES_ALONE);
}

/** {@link keepNodes} whose positions by name are known. */
export function keepPlaced(
	graph: Graph,
	nodes: readonly Node[],
	position: ReadonlyMap<string, number>,
): Graph {
	return graph.withPositions(nodes, position, NODES_ALONE);
}

/** {@link keepNodes} of all nodes in another order, given as their positions. */
export function keepOrdered(graph: Graph, order: ArrayLike<number>): Graph {
	return graph.withOrder(order, NODES_ALONE);
}

const NODES_ALONE = { library: undefined, versions: undefined, rest: undefined };
