/** What a call of a function costs: what its body does for the shapes that go in. */
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Shape } from '../ops/define.ts';
import { calledBody } from './called-body.ts';
import { humanCount } from './humanize.ts';

/** The sum of what is known of a body, and how many of its nodes are of unknown cost. */
interface BodyCost {
	readonly total: number;
	readonly unknown: readonly { readonly name: string; readonly op: string; readonly reason: string }[];
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
		const [first] = cost.unknown;
		const nodes = length === 1 ? '1 node' : `${length} nodes`;
		return (
			`it calls the function ${called.name}, in which the cost of ${nodes} is not known, first of ` +
			`${first!.name} (${first!.op}): ${first!.reason}`
		);
	}

	/**
	 * What is known of a loop or branch that is one op: how much a turn costs, or each branch; a number where all
	 * branches cost the same. Undefined for other nodes.
	 */
	bodiesOf(
		graph: Graph,
		position: number,
		shapes: readonly (readonly Shape[])[],
	): number | string | undefined {
		const node = graph.nodes[position]!;
		const told: string[] = [];
		const costs = new Set<number>();
		for (const { name, firstInput } of bodiesCalled(node)) {
			const called = graph.functions.get(name);
			const cost = called && this.#bodyCost(graph, position, called, shapes, firstInput);
			if (!cost) return undefined;
			const more = cost.unknown.length > 0 ? ' and what is not known of it' : '';
			costs.add(cost.unknown.length > 0 ? Number.NaN : cost.total);
			told.push(`${name} costs ${humanCount(cost.total)} FLOPs${more}`);
		}
		if (told.length === 0) return undefined;
		const loops = /While$/.test(node.op);
		const [cost] = costs;
		if (!loops && costs.size === 1 && !Number.isNaN(cost)) return cost;
		return loops
			? `each turn of ${told[0]}, but how many turns it takes is not known`
			: `which branch it takes is not known: ${told.join(', ')}`;
	}

	#bodyCost(
		graph: Graph,
		position: number,
		called: GraphFunction,
		shapes: readonly (readonly Shape[])[],
		firstInput = 0,
	): BodyCost | undefined {
		if (this.#depth === DEEPEST_CALL) return undefined;
		const body = calledBody(graph, position, called, { firstInput, shapeOf: (at) => shapes[at]! });
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

/** The functions of which a loop runs one again and again, and a branch one of several. */
function bodiesCalled({ op, attrs }: Node): { name: string; firstInput: number }[] {
	const named = (names: readonly (string | undefined)[], firstInput: number) =>
		names.flatMap((name) => (name === undefined ? [] : [{ name, firstInput }]));
	const nameOf = (attribute: string): string | undefined => attrs.get(attribute)?.functionName;
	if (/^(?:Stateless)?While$/.test(op)) return named([nameOf('body')], 0);
	if (/^(?:Stateless)?If$/.test(op)) return named([nameOf('then_branch'), nameOf('else_branch')], 1);
	if (!/^(?:Stateless)?Case$/.test(op)) return [];
	return named(attrs.get('branches')?.value.list?.func.map((func) => func.name) ?? [], 1);
}
