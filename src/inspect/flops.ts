/**
 * What running the graph costs: floating-point operations of every node, by the rules that `src/ops/` declares.
 * A multiply-add counts as two. An unknown batch counts as one example. A loop's body counts once; a call costs
 * what the function's body does.
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { finish, isTurn, stage, type Work } from '../graph/progress.ts';
import type { Flops, Shape } from '../ops/define.ts';
import { opByName } from '../ops/index.ts';
import { isRegistered } from '../ops/registry.ts';
import { signatureOf } from '../ops/signature.ts';
import { CallCosts } from './call-costs.ts';
import { batchOfOne, inferringOneExample, shapesFor } from './output-shapes.ts';
import { inferShapes, type ShapeTable } from './shapes.ts';

/** A node whose cost could not be told. */
export interface UnknownCost {
	readonly name: string;
	readonly op: string;
	/** A clause: `the shape of its input x is not fully known; it begins at y`. */
	readonly reason: string;
}

export interface Cost {
	/** By position; NaN where it is not known. */
	readonly flops: Float64Array;
	/** The sum of what is known. */
	readonly total: number;
	readonly unknown: readonly UnknownCost[];
	/** Inputs whose unknown batch counts as one. */
	readonly batchOfOne: readonly string[];
	/** The shapes that it was reckoned with. */
	readonly shapes: ShapeTable;
}

const known = new WeakMap<Graph, Cost>();

/** With the shapes that the graph declares. Kept with the graph value. */
export function costOf(graph: Graph): Cost {
	return known.get(graph) ?? finish(costing(graph));
}

/** {@link costOf} in turns. */
export function* costing(graph: Graph): Work<Cost> {
	let cost = known.get(graph);
	if (!cost) {
		const shapes = yield* stage(inferringOneExample(graph), 0, 0.7);
		cost = yield* stage(computeCost(graph, shapes, [...batchOfOne(graph).keys()]), 0.7, 1);
		known.set(graph, cost);
	}
	return cost;
}

/** Of one node, without the rest of the graph where nobody has asked for that yet. NaN where it is not known. */
export function flopsOf(graph: Graph, position: number): number {
	const cost = known.get(graph);
	if (cost) return cost.flops[position]!;
	const node = graph.nodes[position]!;
	const rule = opByName(node.op)?.flops;
	if (!rule) return whyNoRule(graph, node) === undefined ? 0 : costOf(graph).flops[position]!;
	const { shapes } = shapesFor(graph, [position], 'one example');
	const context = { node, inputs: inputShapes(graph, position, shapes), outputs: shapes[position]! };
	return applyRule(rule, context) ?? Number.NaN;
}

/** With other shapes for some inputs; those not named keep theirs. */
export function costWith(graph: Graph, shapes: ReadonlyMap<string, Shape>): Cost {
	const inputs = new Map([...batchOfOne(graph), ...shapes]);
	const assumed = [...batchOfOne(graph).keys()].filter((name) => !shapes.has(name));
	return finish(computeCost(graph, inferShapes(graph, { inputs, like: known.get(graph)?.shapes }), assumed));
}

function* computeCost(
	graph: Graph,
	table: ShapeTable,
	batchOfOne: readonly string[],
	calls = new CallCosts((body, own) => finish(computeCost(body, inferShapes(body), [], own))),
): Work<Cost> {
	const flops = new Float64Array(graph.nodes.length);
	const unknown: UnknownCost[] = [];
	const rules = new Map<string, Flops | undefined>();
	/** Of ops without a rule, those of which a node may have work that nobody counts. */
	const doubtful = new Set<string>();
	for (const op of graph.byOp.keys()) {
		const rule = opByName(op)?.flops;
		rules.set(op, rule);
		if (!rule && (!isRegistered(op) || takesFunction(op))) doubtful.add(op);
	}
	let total = 0;
	for (let i = 0; i < graph.nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: graph.nodes.length };
		const node = graph.nodes[i]!;
		const rule = rules.get(node.op);
		if (!rule) {
			const call = doubtful.has(node.op)
				? (calls.of(graph, i, table.shapes) ?? calls.bodiesOf(graph, i, table.shapes))
				: undefined;
			if (typeof call === 'number') {
				flops[i] = call;
				total += call;
				continue;
			}
			const reason = call ?? (doubtful.has(node.op) ? whyNoRule(graph, node) : undefined);
			if (reason === undefined) continue;
			flops[i] = Number.NaN;
			unknown.push({ name: node.name, op: node.op, reason });
			continue;
		}
		const inputs = inputShapes(graph, i, table.shapes);
		const count = applyRule(rule, { node, inputs, outputs: table.shapes[i]! });
		if (count === undefined) {
			flops[i] = Number.NaN;
			unknown.push({
				name: node.name,
				op: node.op,
				reason: whyUnknown(graph, i, inputs, table, unknown.length < TRACED),
			});
		} else {
			flops[i] = count;
			total += count;
		}
	}
	return { flops, total, unknown, batchOfOne, shapes: table };
}

function takesFunction(op: string): boolean {
	return signatureOf(op)?.attributes.some(({ type }) => type === 'func' || type === 'list(func)') ?? false;
}

/** Most ops without a rule only move values; of these nobody can say so. */
function whyNoRule(graph: Graph, node: Node): string | undefined {
	for (const name of ['f', 'body', 'then_branch', 'branches']) {
		const attr = node.attr(name);
		const called = attr?.functionName ?? (name === 'branches' ? attr?.value.list?.func[0]?.name : undefined);
		if (called !== undefined && !node.op.includes('Dataset'))
			return `it calls the function ${called}, whose body is not counted`;
	}
	if (graph.functions.get(node.op)) return 'it is a function, whose body is not counted';
	return isRegistered(node.op) ? undefined : 'the op is not registered';
}

/** A rule may meet attributes that no valid node has. */
function applyRule(rule: Flops, context: Parameters<Flops>[0]): number | undefined {
	try {
		const count = rule(context);
		return count !== undefined && Number.isFinite(count) && count >= 0 ? count : undefined;
	} catch (error) {
		if (error instanceof WhittleError || error instanceof TypeError) return undefined;
		throw error;
	}
}

/** Shapes of a node's data inputs, in order. */
export function inputShapes(graph: Graph, position: number, shapes: readonly (readonly Shape[])[]): Shape[] {
	const { inputStart, inputSource } = graph.topology;
	const { inputs } = graph.nodes[position]!;
	const found: Shape[] = [];
	for (let k = 0; k < inputs.length; k++) {
		const input = inputs[k]!;
		if (isControl(input)) continue;
		const source = inputSource[inputStart[position]! + k]!;
		const colon = input.indexOf(':');
		const port = colon < 0 ? 0 : Number(input.slice(colon + 1));
		found.push((source < 0 ? undefined : shapes[source]![port]) ?? null);
	}
	return found;
}

/** Each trace walks up the graph: the first nodes tell enough. */
const TRACED = 20;

function whyUnknown(
	graph: Graph,
	position: number,
	inputs: readonly Shape[],
	table: ShapeTable,
	traced: boolean,
): string {
	const node = graph.nodes[position]!;
	const unknown = (shape: Shape | undefined): boolean => !shape || shape.some((size) => size < 0);
	const origin = traced ? table.originOfUnknown(node.name, 0) : undefined;
	const begins = origin === undefined || origin === node.name ? '' : `; it begins at ${origin}`;
	const at = inputs.findIndex(unknown);
	if (at >= 0) {
		const input = node.inputs.filter((name) => !isControl(name))[at];
		return `the shape of its input ${input} is not fully known${begins}`;
	}
	if (unknown(table.shapes[position]![0])) return `the shape of its output is not fully known${begins}`;
	return 'its attributes do not tell enough';
}

/** The ops that benchmark_model --show_flops counts (spec: quantizing-and-benchmark 10.5). */
const benchmarkOps = new Set([
	'Conv2D',
	'QuantizedConv2D',
	'MatMul',
	'QuantizedMatMul',
	'DepthwiseConv2dNative',
]);

/** The total of the ops that `benchmark_model --show_flops` counts, by its formula. */
export function benchmarkFlops(graph: Graph, cost: Cost): number {
	let total = 0;
	for (let i = 0; i < graph.nodes.length; i++)
		if (benchmarkOps.has(graph.nodes[i]!.op)) total += cost.flops[i]! || 0;
	return total;
}
