import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Topology } from '../graph/topology.ts';

/**
 * The result of nearly every transform: these nodes and nothing else. As in the C++ tool, `versions` and
 * `debug_info` are lost; the driver puts the function library back.
 */
export function keepNodes(graph: Graph, nodes: readonly Node[]): Graph {
	return graph.with(nodes, NODES_ALONE);
}

/** {@link keepNodes} whose edges are known; names must not stand twice. */
export function keepWired(graph: Graph, nodes: readonly Node[], topology: Topology): Graph {
	return graph.withEdges(nodes, topology, NODES_ALONE);
}

/** {@link keepNodes} of all nodes in another order, given as their positions. */
export function keepOrdered(graph: Graph, order: ArrayLike<number>): Graph {
	return graph.withOrder(order, NODES_ALONE);
}

const NODES_ALONE = { library: undefined, versions: undefined, rest: undefined };
