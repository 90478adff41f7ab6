/** What a node weighs: the elements of its constant or variable, and its bytes in the file. */
import { dtypeSize } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';

/** Columns by position. */
export interface Weights {
	/** Elements of a constant, as `summarize_graph` counts them: 0 where the value cannot be decoded. */
	readonly params: Float64Array;
	/** Elements of a variable by its declared shape; 0 where that is not fully known. */
	readonly variableParams: Float64Array;
	/** Bytes of the serialized node. */
	readonly bytes: Float64Array;
}

const variableOp = /^(?:Variable|VariableV2|VarHandleOp)$/;
const known = new WeakMap<Graph, Weights>();

export function weightsOf(graph: Graph): Weights {
	return known.get(graph) ?? finish(weighingNodes(graph));
}

/** {@link weightsOf} in turns. */
export function* weighingNodes(graph: Graph): Work<Weights> {
	let weights = known.get(graph);
	if (!weights) {
		const { length } = graph.nodes;
		weights = {
			params: new Float64Array(length),
			variableParams: new Float64Array(length),
			bytes: new Float64Array(length),
		};
		for (let i = 0; i < length; i++) {
			if (isTurn(i)) yield { done: i, total: length };
			const node = graph.nodes[i]!;
			weights.bytes[i] = node.byteLength;
			if (node.op === 'Const') weights.params[i] = node.elements;
			else if (variableOp.test(node.op)) weights.variableParams[i] = variableElements(node);
		}
		known.set(graph, weights);
	}
	return weights;
}

function variableElements(node: Node): number {
	const shape = node.attr('shape')?.shape;
	if (!shape || shape.some((size) => size < 0)) return 0;
	const dtype = node.attr('dtype')?.type ?? 0;
	return dtypeSize(dtype) === 0 ? 0 : shape.reduce((product, size) => product * size, 1);
}

export function isVariable(node: Node): boolean {
	return variableOp.test(node.op);
}
