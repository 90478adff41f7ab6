/** Shapes and dtypes of a whole graph's outputs: what TensorFlow's own shape inference would say. */
import { VersionDefCodec } from '../../proto/codec.ts';
import type { Graph } from '../graph/graph.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';
import type { Shape } from '../ops/define.ts';
import { isFullyKnown, isMisfit } from '../ops/shape-algebra.ts';
import { outputDtypes } from '../ops/signature.ts';
import { type DataEdges, dataEdges } from './data-edges.ts';
import { importOrder } from './import-order.ts';
import { type Handles, ShapeRefiner } from './shape-refiner.ts';

/** A node whose inputs do not fit together. */
export interface ShapeProblem {
	readonly node: string;
	readonly message: string;
}

export interface ShapeTable {
	/** Output shapes by position in `graph.nodes`; null for an unknown rank, −1 for an unknown size. */
	readonly shapes: readonly (readonly Shape[])[];
	/** Nodes whose shape function refused their inputs, in order; their outputs are unknown. */
	readonly problems: readonly ShapeProblem[];
	/** An output's shape; undefined for a node or port that does not exist. */
	of(node: string, port?: number): Shape | undefined;
	/** An output's dtype, above 100 for a reference; undefined when it cannot be told. */
	dtypeOf(node: string, port?: number): number | undefined;
	/**
	 * The node where the unknown part of an output's shape began, found by walking up along unknown inputs; the node
	 * itself where its own inputs are all known, undefined when the shape is fully known.
	 */
	originOfUnknown(node: string, port?: number): string | undefined;
}

export interface InferShapesOptions {
	/** Shapes to take for some nodes' first output in place of what they say: sizes −1, rank null for unknown. */
	readonly inputs?: ReadonlyMap<string, Shape>;
	/** By position, 1 for the nodes to infer; with a node stands what it needs. All unless given. */
	readonly within?: Uint8Array;
	/** A table of the whole graph for other `inputs`: what does not depend on an input is taken over from it. */
	readonly like?: ShapeTable | undefined;
	/** The producer version; the one in the graph's `versions` unless given. Decides what an old graph means. */
	readonly producer?: number;
}

/** How a table was made, for one that is made like it. */
interface Making {
	readonly edges: DataEdges;
	readonly order: Int32Array;
	readonly handles: Handles;
	readonly inputs: ReadonlyMap<string, Shape>;
}

const makings = new WeakMap<ShapeTable, Making>();
const NO_INPUTS: ReadonlyMap<string, Shape> = new Map();

/**
 * Infers the shape of every output. Linear in nodes; never throws: what does not fit is unknown and stands among
 * the problems, nodes in cycles are unknown.
 */
export function inferShapes(graph: Graph, options: InferShapesOptions = {}): ShapeTable {
	return finish(inferringShapes(graph, options));
}

/** {@link inferShapes} in turns. */
export function* inferringShapes(graph: Graph, options: InferShapesOptions = {}): Work<ShapeTable> {
	yield* graph.indexed();
	const { nodes, position } = graph;
	const { inputs = NO_INPUTS, within, like } = options;
	const made = like && makings.get(like);
	const edges = made?.edges ?? dataEdges(nodes, position, graph.topology);
	const order = made?.order ?? importOrder(nodes, graph.topology);
	const refiner = new ShapeRefiner(nodes, edges, {
		producer: options.producer ?? producerOf(graph),
		functions: graph.parts.library ? graph.functions : undefined,
	});
	const problems: ShapeProblem[] = [];
	const given = new Map<number, Shape>();
	for (const [name, shape] of inputs) given.set(position.get(name) ?? -1, shape);
	const dependent = made && below(graph, [...inputs.keys(), ...made.inputs.keys()]);
	const refused = new Map(made ? like!.problems.map((problem) => [problem.node, problem]) : []);
	for (let done = 0; done < order.length; done++) {
		if (isTurn(done)) yield { done, total: order.length };
		const at = order[done]!;
		if (within?.[at] === 0) continue;
		if (dependent?.[at] === 0) {
			refiner.takeOver(at, like!.shapes[at]!, made!.handles);
			const problem = refused.size > 0 ? refused.get(nodes[at]!.name) : undefined;
			if (problem) problems.push(problem);
			continue;
		}
		try {
			refiner.add(at);
		} catch (error) {
			if (!isMisfit(error)) throw error;
			problems.push({ node: nodes[at]!.name, message: error.message });
		}
		const first = given.get(at);
		if (first !== undefined) refiner.shapes[at] = [first, ...(refiner.shapes[at] ?? []).slice(1)];
	}
	const table = tableOf(graph, refiner, edges, problems);
	if (!within) makings.set(table, { edges, order, inputs, handles: refiner.handles });
	return table;
}

/** By position, 1 for the named nodes and all that depends on them. */
function below(graph: Graph, names: readonly string[]): Uint8Array {
	const marks = new Uint8Array(graph.nodes.length);
	const queue = names.flatMap((name) => graph.position.get(name) ?? []);
	for (const at of queue) marks[at] = 1;
	const { readerStart, reader } = graph.topology;
	for (let head = 0; head < queue.length; head++) {
		const at = queue[head]!;
		for (let e = readerStart[at]!; e < readerStart[at + 1]!; e++) {
			if (marks[reader[e]!]) continue;
			marks[reader[e]!] = 1;
			queue.push(reader[e]!);
		}
	}
	return marks;
}

function tableOf(
	graph: Graph,
	refiner: ShapeRefiner,
	edges: DataEdges,
	problems: readonly ShapeProblem[],
): ShapeTable {
	const { position } = graph;
	const shapes = refiner.shapes.map((list) => list ?? []);
	return {
		shapes,
		problems,
		of: (node, port = 0) => shapes[position.get(node) ?? -1]?.[port],
		dtypeOf(node, port = 0) {
			const found = graph.node(node);
			return found && outputDtypes(found, graph.functions)?.[port];
		},
		originOfUnknown: (node, port = 0) => originOfUnknown(graph, shapes, edges, node, port),
	};
}

function originOfUnknown(
	graph: Graph,
	shapes: readonly (readonly Shape[])[],
	edges: DataEdges,
	node: string,
	port: number,
): string | undefined {
	let at = graph.position.get(node) ?? -1;
	const shape = shapes[at]?.[port];
	if (at < 0 || shape === undefined || isFullyKnown(shape)) return undefined;
	const seen = new Set<number>();
	for (;;) {
		seen.add(at);
		let next = -1;
		for (let e = edges.start[at]!; e < edges.start[at + 1]! && next < 0; e++) {
			const source = edges.source[e]!;
			const input = shapes[source]?.[edges.port[e]!];
			if (input !== undefined && !isFullyKnown(input) && !seen.has(source)) next = source;
		}
		if (next < 0) return graph.nodes[at]!.name;
		at = next;
	}
}

/** The producer version of a graph; 0 when it has none. */
export function producerOf(graph: Graph): number {
	const { versions } = graph.parts;
	if (!versions) return 0;
	try {
		return VersionDefCodec.decode(versions).producer;
	} catch {
		return 0;
	}
}
