/**
 * What a node works with: a constant or variable has its own weight; any other node has that of the constants and
 * variables that it reads, each once, so that a convolution can be asked for by its filter.
 *
 *   Const w ── Identity w/read ──┐
 *                                Conv2D    params: those of w and b; w/read itself has none
 *   Const b ─────────────────────┘
 */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { finish, isTurn, stage, type Work } from '../graph/progress.ts';
import { isVariable, weighingNodes } from './weights.ts';

/** Columns by position. */
export interface WeightsRead {
	readonly params: Float64Array;
	/** Bytes of a constant or variable in the file, or of those that the node reads. */
	readonly bytes: Float64Array;
}

/** They hand a weight on, and are looked through by their first input. */
const passing = new Set(['Identity', 'Cast', 'Dequantize', 'Enter', 'RefEnter', 'ReadVariableOp']);

const known = new WeakMap<Graph, WeightsRead>();

export function weightsRead(graph: Graph): WeightsRead {
	return known.get(graph) ?? finish(weighingRead(graph));
}

/** {@link weightsRead} in turns. */
export function* weighingRead(graph: Graph): Work<WeightsRead> {
	let weights = known.get(graph);
	if (!weights) {
		weights = yield* addingRead(graph);
		known.set(graph, weights);
	}
	return weights;
}

/** {@link weighingRead} of which only these positions are looked at. */
export function* weighingReadAt(graph: Graph, positions: readonly number[]): Work<WeightsRead> {
	return known.get(graph) ?? (yield* addingRead(graph, positions));
}

/** @param positions all unless given. */
function* addingRead(graph: Graph, positions?: readonly number[]): Work<WeightsRead> {
	const { nodes, topology } = graph;
	const own = yield* stage(weighingNodes(graph), 0, 0.5);
	const behind = new WeightsBehind(graph);
	const params = new Float64Array(nodes.length);
	const bytes = new Float64Array(nodes.length);
	/** The last turn of the loop in which a weight was counted. */
	const counted = new Int32Array(nodes.length).fill(-1);
	const count = positions?.length ?? nodes.length;
	for (let k = 0; k < count; k++) {
		if (isTurn(k)) yield { done: count + k, total: 2 * count };
		const i = positions ? positions[k]! : k;
		const { op, inputs } = nodes[i]!;
		if (behind.of(i) === i) {
			params[i] = own.params[i]! + own.variableParams[i]!;
			bytes[i] = own.bytes[i]!;
		} else if (!passing.has(op)) {
			const start = topology.inputStart[i]!;
			let [readParams, readBytes] = [0, 0];
			for (let slot = 0; slot < inputs.length; slot++) {
				const source = topology.inputSource[start + slot]!;
				const weight = source < 0 || isControl(inputs[slot]!) ? -1 : behind.of(source);
				if (weight < 0 || counted[weight] === k) continue;
				counted[weight] = k;
				readParams += own.params[weight]! + own.variableParams[weight]!;
				readBytes += own.bytes[weight]!;
			}
			params[i] = readParams;
			bytes[i] = readBytes;
		}
	}
	return { params, bytes };
}

/** By position, the constant or variable whose value a node hands on: itself, the one behind it, or −1. */
class WeightsBehind {
	readonly #graph: Graph;
	readonly #behind: Int32Array;
	readonly #way: number[] = [];

	constructor(graph: Graph) {
		this.#graph = graph;
		this.#behind = new Int32Array(graph.nodes.length).fill(OPEN);
	}

	of(position: number): number {
		const known = this.#behind[position]!;
		return known === OPEN ? this.#follow(position) : known;
	}

	#follow(position: number): number {
		const { nodes, topology } = this.#graph;
		const behind = this.#behind;
		const way = this.#way;
		way.length = 0;
		let at = position;
		while (at >= 0 && behind[at] === OPEN) {
			const { op, inputs } = nodes[at]!;
			way.push(at);
			// Until the end of the way is known: a cycle ends here.
			behind[at] = -1;
			if (op === 'Const' || isVariable(nodes[at]!)) behind[at] = at;
			else if (passing.has(op) && inputs.length > 0 && !isControl(inputs[0]!))
				at = topology.inputSource[topology.inputStart[at]!]!;
			else at = -1;
		}
		const end = at < 0 ? -1 : behind[at]!;
		for (const passed of way) behind[passed] = end;
		return end;
	}
}

/** Nobody has asked yet. */
const OPEN = -2;
