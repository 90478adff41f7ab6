/** Shapes of every node's outputs, inferred once for a graph value. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, type Work } from '../graph/progress.ts';
import type { Shape } from '../ops/define.ts';
import { distances } from './reach.ts';
import { inferringShapes, type ShapeTable } from './shapes.ts';

const known = new WeakMap<Graph, ShapeTable>();
const knownOfBatch = new WeakMap<Graph, ShapeTable>();

/** What inference finds from the shapes that the graph declares. */
export function shapeTable(graph: Graph): ShapeTable {
	return known.get(graph) ?? finish(inferringTable(graph));
}

function* inferringTable(graph: Graph): Work<ShapeTable> {
	let table = known.get(graph);
	if (!table) {
		table = yield* inferringShapes(graph, { like: knownOfBatch.get(graph) });
		known.set(graph, table);
	}
	return table;
}

/** By position; null for an unknown rank, −1 for an unknown size, an empty list for a node without outputs. */
export function outputShapes(graph: Graph): readonly (readonly Shape[])[] {
	return shapeTable(graph).shapes;
}

/**
 * A table in which these nodes and what they need have their shapes: the whole one where it is there already or they
 * need most of the graph, else one of them alone.
 */
export function shapesFor(
	graph: Graph,
	positions: readonly number[],
	batch: 'declared' | 'one example' = 'declared',
): ShapeTable {
	return finish(inferringFor(graph, positions, batch));
}

/** {@link shapesFor} in turns. */
export function* inferringFor(
	graph: Graph,
	positions: readonly number[],
	batch: 'declared' | 'one example' = 'declared',
): Work<ShapeTable> {
	const inputs = batch === 'one example' ? batchOfOne(graph) : undefined;
	const whole = inputs?.size ? inferringOneExample : inferringTable;
	if ((inputs?.size ? knownOfBatch : known).has(graph)) return yield* whole(graph);
	const { within, count } = neededBy(graph, positions);
	if (2 * count > within.length) return yield* whole(graph);
	return yield* inferringShapes(graph, { within, ...(inputs ? { inputs } : {}) });
}

/** Marks of the nodes that some nodes need, themselves included. */
function neededBy(graph: Graph, positions: readonly number[]): { within: Uint8Array; count: number } {
	const within = new Uint8Array(graph.nodes.length);
	let count = 0;
	distances(graph, positions, 'up').forEach((distance, position) => {
		if (distance < 0) return;
		within[position] = 1;
		count++;
	});
	return { within, count };
}

/** Up to so many nodes inference is fast enough to be made for a table's column. */
const QUICKLY_INFERRED = 20_000;

/**
 * The shapes of nodes for showing: inferred, or where they need more of a large graph than is quickly inferred, what
 * each declares itself, until a question about shapes has made the whole inference.
 */
export function shownShapes(
	graph: Graph,
	positions: readonly number[],
): (position: number) => readonly Shape[] {
	const quick =
		graph.nodes.length <= QUICKLY_INFERRED ||
		known.has(graph) ||
		neededBy(graph, positions).count <= QUICKLY_INFERRED;
	if (!quick) return (position) => declaredShapes(graph.nodes[position]!);
	const { shapes } = shapesFor(graph, positions);
	return (position) => shapes[position]!;
}

/**
 * Shapes for a page of layers, which has costs beside them: in a large graph those of one example, which the costs
 * are of, unless the declared ones are there.
 */
export function shapesBesideCosts(graph: Graph): readonly (readonly Shape[])[] {
	const quick = graph.nodes.length <= QUICKLY_INFERRED || known.has(graph);
	return quick ? outputShapes(graph) : shapesOfOneExample(graph).shapes;
}

function declaredShapes(node: Node): readonly Shape[] {
	if (node.op === 'Const') return node.tensor ? [node.tensor.shape] : [];
	const shape = node.attr('shape')?.shape;
	return shape === undefined ? [] : [shape];
}

/** The same for one example: an unknown first size of a placeholder, its batch, is taken as 1. */
export function shapesOfOneExample(graph: Graph): ShapeTable {
	return knownOfBatch.get(graph) ?? finish(inferringOneExample(graph));
}

/** {@link shapesOfOneExample} in turns. */
export function* inferringOneExample(graph: Graph): Work<ShapeTable> {
	let table = knownOfBatch.get(graph);
	if (!table) {
		const inputs = batchOfOne(graph);
		table =
			inputs.size > 0
				? yield* inferringShapes(graph, { inputs, like: known.get(graph) })
				: yield* inferringTable(graph);
		knownOfBatch.set(graph, table);
	}
	return table;
}

/** Placeholders whose batch is taken as 1, with the shape that they then have. */
export function batchOfOne(graph: Graph): Map<string, Shape> {
	const inputs = new Map<string, Shape>();
	for (const op of ['Placeholder', 'PlaceholderV2', 'PlaceholderWithDefault']) {
		for (const node of graph.byOp.get(op) ?? []) {
			const shape = node.attr('shape')?.shape ?? null;
			if (shape && shape[0] !== undefined && shape[0] < 0) inputs.set(node.name, [1, ...shape.slice(1)]);
		}
	}
	return inputs;
}

/** `[?,24,24,3]`; `<unknown>` for an unknown rank. */
export function formatShape(shape: Shape | undefined): string {
	if (shape === null || shape === undefined) return '<unknown>';
	return `[${shape.map((size) => (size < 0 ? '?' : size)).join(',')}]`;
}
