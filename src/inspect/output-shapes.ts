/** Shapes of every node's outputs, made once for a graph value. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Shape } from '../ops/define.ts';

const known = new WeakMap<Graph, readonly (readonly Shape[])[]>();

/** By position; an empty list where nothing is known of a node. */
export function outputShapes(graph: Graph): readonly (readonly Shape[])[] {
	let shapes = known.get(graph);
	if (!shapes) {
		shapes = graph.nodes.map(declaredShapes);
		known.set(graph, shapes);
	}
	return shapes;
}

/** What a node says of itself. */
export function declaredShapes(node: Node): readonly Shape[] {
	if (node.op === 'Const') return node.tensor ? [node.tensor.shape] : [];
	const single = node.attr('shape')?.shape;
	if (single !== undefined) return [single];
	for (const name of ['_output_shapes', 'output_shapes', 'shapes']) {
		const list = node.attr(name)?.value.list?.shape;
		if (list && list.length > 0)
			return list.map((shape) => (shape.unknown_rank ? null : shape.dim.map((dim) => Number(dim.size))));
	}
	return [];
}

/** `[?,24,24,3]`; `<unknown>` for an unknown rank. */
export function formatShape(shape: Shape | undefined): string {
	if (shape === null || shape === undefined) return '<unknown>';
	return `[${shape.map((size) => (size < 0 ? '?' : size)).join(',')}]`;
}
