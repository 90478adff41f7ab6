/** What a call of a function costs: what its body does for the shapes that go in. */
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Shape } from '../ops/define.ts';
import { calledBody } from './called-body.ts';

/** The sum of what is known of a body, and how many of its nodes are of unknown cost. */
interface BodyCost {
	readonly total: number;
	readonly unknown: readonly unknown[];
}

/** Calls nested deeper than this are unknown: a function that calls itself has no end. */
const DEEPEST_CALL = 16;

export class CallCosts {
	/** By function and the shapes that go in: a function is mostly called with the same. */
	readonly #known = new Map<string, BodyCost>();
	readonly #costOf: (body: Graph) => BodyCost;
	#depth = 0;

	/** @param costOf what a body costs; may ask here for the calls in it. */
	constructor(costOf: (body: Graph, calls: CallCosts) => BodyCost) {
		this.#costOf = (body) => costOf(body, this);
	}

	/** FLOPs of the call at a position; why they are not known; undefined where the node calls no function. */
	of(graph: Graph, position: number, shapes: readonly (readonly Shape[])[]): number | string | undefined {
		const called = calledBy(graph, graph.nodes[position]!);
		if (!called) return undefined;
		const cost = this.#bodyCost(graph, position, called, shapes);
		if (!cost) return `it calls the function ${called.name}, which calls too deep`;
		const { length } = cost.unknown;
		if (length === 0) return cost.total;
		const nodes = length === 1 ? '1 node' : `${length} nodes`;
		return `it calls the function ${called.name}, in which the cost of ${nodes} is not known`;
	}

	#bodyCost(
		graph: Graph,
		position: number,
		called: GraphFunction,
		shapes: readonly (readonly Shape[])[],
	): BodyCost | undefined {
		if (this.#depth === DEEPEST_CALL) return undefined;
		const body = calledBody(graph, position, called, { shapeOf: (at) => shapes[at]! });
		const given = body.nodes
			.filter((node) => node.op === 'Placeholder')
			.map((node) => node.attr('shape')?.shape);
		const key = JSON.stringify([called.name, given]);
		let cost = this.#known.get(key);
		if (!cost) {
			this.#depth++;
			cost = this.#costOf(body);
			this.#depth--;
			this.#known.set(key, cost);
		}
		return cost;
	}
}

function calledBy(graph: Graph, node: Node): GraphFunction | undefined {
	const call = node.op === 'PartitionedCall' || node.op === 'StatefulPartitionedCall';
	return graph.functions.get((call ? node.attr('f')?.functionName : node.op) ?? '');
}
