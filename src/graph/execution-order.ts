/** The C++ tool's order of execution (spec: core-and-rewiring 6.3): ties go as a walk back from the last source. */
import { WhittleError } from './error.ts';
import type { Graph } from './graph.ts';
import { isControl } from './names.ts';

export interface ExecutionOrder {
	/** Positions of the nodes that come out, in order. */
	readonly order: Int32Array;
	/** Nodes that never become ready, because they wait for each other. */
	readonly missing: number;
}

/** Whether an op runs when the first of its inputs arrives. */
export function isMerge(op: string): boolean {
	return op === 'Merge' || op === 'RefMerge' || op === '_XlaMerge';
}

/** @throws WhittleError `transform` with the tool's message at an input that names no node. */
export function executionOrder(graph: Graph): ExecutionOrder {
	const { nodes, topology } = graph;
	const { inputStart, inputSource, readerStart, reader } = topology;
	const pending = new Int32Array(nodes.length);
	const ready: number[] = [];
	for (let i = 0; i < nodes.length; i++) {
		const node = nodes[i]!;
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) {
			if (inputSource[e]! >= 0) continue;
			const input = node.inputs[e - inputStart[i]!]!;
			throw new WhittleError('transform', `Node '${node.name}': Unknown input node '${input}'`);
		}
		if (node.inputs.length === 0) ready.push(i);
		const { inputs } = node;
		pending[i] = isMerge(node.op) ? 1 + inputs.filter(isControl).length : inputs.length;
	}
	const order = new Int32Array(nodes.length);
	let count = 0;
	for (let i = ready.pop(); i !== undefined; i = ready.pop()) {
		order[count++] = i;
		for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++) {
			pending[reader[e]!]! -= 1;
			if (pending[reader[e]!] === 0) ready.push(reader[e]!);
		}
	}
	return { order: order.subarray(0, count), missing: nodes.length - count };
}
