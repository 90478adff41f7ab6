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

function* addingRead(graph: Graph): Work<WeightsRead> {
	const { nodes, topology } = graph;
	const own = yield* stage(weighingNodes(graph), 0, 0.5);
	const weightAt = weightsBehind(graph);
	const params = new Float64Array(nodes.length);
	const bytes = new Float64Array(nodes.length);
	/** The last reader that a weight was counted for. */
	const counted = new Int32Array(nodes.length).fill(-1);
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: nodes.length + i, total: 2 * nodes.length };
		const { op, inputs } = nodes[i]!;
		if (weightAt[i] === i) {
			params[i] = own.params[i]! + own.variableParams[i]!;
			bytes[i] = own.bytes[i]!;
		} else if (!passing.has(op)) {
			const start = topology.inputStart[i]!;
			for (let slot = 0; slot < inputs.length; slot++) {
				const source = topology.inputSource[start + slot]!;
				const weight = source < 0 || isControl(inputs[slot]!) ? -1 : weightAt[source]!;
				if (weight < 0 || counted[weight] === i) continue;
				counted[weight] = i;
				params[i]! += own.params[weight]! + own.variableParams[weight]!;
				bytes[i]! += own.bytes[weight]!;
			}
		}
	}
	return { params, bytes };
}

/** By position, the constant or variable whose value a node hands on: itself, the one behind it, or −1. */
function weightsBehind(graph: Graph): Int32Array {
	const { nodes, topology } = graph;
	const open = -2;
	const behind = new Int32Array(nodes.length).fill(open);
	for (let i = 0; i < nodes.length; i++) {
		const way: number[] = [];
		let at = i;
		while (at >= 0 && behind[at] === open) {
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
	}
	return behind;
}
