/**
 * What running the graph costs: floating-point operations of every node, by the rules that `src/ops/` declares.
 * A multiply-add counts as two. Control flow bodies count once; functions are not looked into.
 */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import type { Shape } from '../ops/define.ts';
import { opByName } from '../ops/index.ts';
import { outputShapes } from './output-shapes.ts';

/** A node whose cost could not be told. */
export interface UnknownCost {
	readonly name: string;
	readonly op: string;
	/** A clause: `its output shape is not known`. */
	readonly reason: string;
}

export interface Cost {
	/** By position; NaN where it is not known. */
	readonly flops: Float64Array;
	/** The sum of what is known. */
	readonly total: number;
	readonly unknown: readonly UnknownCost[];
}

const known = new WeakMap<Graph, Cost>();

export function costOf(graph: Graph): Cost {
	let cost = known.get(graph);
	if (!cost) {
		cost = computeCost(graph);
		known.set(graph, cost);
	}
	return cost;
}

function computeCost(graph: Graph): Cost {
	const shapes = outputShapes(graph);
	const flops = new Float64Array(graph.nodes.length);
	const unknown: UnknownCost[] = [];
	let total = 0;
	for (let i = 0; i < graph.nodes.length; i++) {
		const node = graph.nodes[i]!;
		const rule = opByName(node.op)?.flops;
		if (!rule) continue;
		const inputs = inputShapes(graph, i, shapes);
		const outputs = shapes[i]!;
		const count = rule({ node, inputs, outputs });
		if (count === undefined) {
			flops[i] = Number.NaN;
			unknown.push({ name: node.name, op: node.op, reason: whyUnknown(node, inputs, outputs) });
		} else {
			flops[i] = count;
			total += count;
		}
	}
	return { flops, total, unknown };
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

function whyUnknown(node: Node, inputs: readonly Shape[], outputs: readonly Shape[]): string {
	const unknownSize = (shape: Shape | undefined): boolean => !shape || shape.some((size) => size < 0);
	const input = inputs.findIndex(unknownSize);
	if (input >= 0) return `the shape of its input ${node.inputs[input]} is not fully known`;
	if (outputs.length === 0 || unknownSize(outputs[0])) return 'the shape of its output is not fully known';
	return 'its attributes do not tell enough';
}
