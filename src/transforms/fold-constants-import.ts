/**
 * The first part of `fold_constants`: the graph as TensorFlow imports it (spec: folding 3.3, 3.4). Nodes are checked,
 * get their default attributes, and their shapes are inferred, in the order in which the tool does it.
 */

import { AlikeNodes } from '../graph/alike-nodes.ts';
import type { Attr } from '../graph/attr.ts';
import { baseDtype, dtypeName, isReference } from '../graph/dtype.ts';
import type { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Attrs, Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { compareBytes } from '../graph/text.ts';
import type { Topology } from '../graph/topology.ts';
import { nodeText } from '../inspect/attr-text.ts';
import { type DataEdges, dataEdges } from '../inspect/data-edges.ts';
import { importOrder, isMerge } from '../inspect/import-order.ts';
import { type NodeDtypes, validateNode } from '../inspect/node-validation.ts';
import { type Asked, ShapeRefiner } from '../inspect/shape-refiner.ts';
import { producerOf } from '../inspect/shapes.ts';
import type { Shape } from '../ops/define.ts';
import { fullType, withFullType } from '../ops/full-type.ts';
import { isMisfit, mergeShapes, ShapeValueError, shapeText } from '../ops/shape-algebra.ts';
import { type OpSignature, signatureOf } from '../ops/signature.ts';
import { checkNodes, checkSources, failure } from './fold-constants-checks.ts';
import { valueText } from './fold-constants-text.ts';
import { unregisteredOp } from './unregistered-op.ts';

export interface ImportedGraph {
	/** By position in the file, defaults written out. */
	readonly nodes: readonly Node[];
	readonly position: ReadonlyMap<string, number>;
	/** Positions in the order of import. */
	readonly order: Int32Array;
	readonly edges: DataEdges;
	/** All edges as the file has them. */
	readonly topology: Topology;
	/** Positions of the control inputs of each node, without repeats, by the byte order of their names. */
	readonly controls: readonly (readonly number[])[];
	readonly shapes: readonly (readonly Shape[])[];
	/** Dtypes of outputs by position; above 100 for references. */
	readonly outputDtypes: readonly (readonly number[])[];
}

const NO_CONTROLS: readonly number[] = [];

/** @param clearShapes drops `_output_shapes` and the producer version before, as the tool does by default. */
export function* importGraph(graph: Graph, clearShapes: boolean): Work<ImportedGraph> {
	const source = clearShapes ? graph.nodes.map((node) => node.withoutAttr('_output_shapes')) : graph.nodes;
	yield { done: 0.1, total: 1 };
	const { position } = graph;
	checkNodes(source, position);
	yield { done: 0.15, total: 1 };
	const edges = dataEdges(source, position, graph.topology);
	checkSources(source, graph.topology);
	yield { done: 0.2, total: 1 };
	return yield* stage(new Importer(graph, source, edges, clearShapes).run(), 0.2, 1);
}

/** What checking a node found. */
interface Checked {
	readonly inputs: number;
	/** All attributes, where some were left to defaults. */
	readonly completed: Attrs | undefined;
	readonly dtypes: NodeDtypes;
	/** What TensorFlow writes into `experimental_type`; undefined for most ops. */
	readonly fullType: Uint8Array | undefined;
}

class Importer {
	readonly #source: readonly Node[];
	readonly #edges: DataEdges;
	readonly #graph: Graph;
	readonly #clearShapes: boolean;
	readonly #nodes: Node[];
	readonly #controls: (readonly number[])[];
	readonly #outputDtypes: (readonly number[])[] = [];
	readonly #inputDtypes: (readonly number[])[] = [];
	readonly #refiner: ShapeRefiner;
	readonly #producer: number;
	readonly #checked = new AlikeNodes<Checked>();
	/** By the `dtype` attribute, of which constants that are alike have the same. */
	readonly #constants = new Map<Attr, Checked>();
	/** Inputs that come round a loop, to be checked when all nodes are there. */
	readonly #backEdges: { readonly node: number; readonly input: number }[] = [];

	constructor(graph: Graph, source: readonly Node[], edges: DataEdges, clearShapes: boolean) {
		this.#graph = graph;
		this.#source = source;
		this.#edges = edges;
		this.#clearShapes = clearShapes;
		this.#nodes = [...source];
		this.#controls = source.map((node) => controlSources(node, graph.position));
		this.#producer = clearShapes ? 0 : producerOf(graph);
		this.#refiner = new ShapeRefiner(this.#nodes, edges, {
			producer: this.#producer,
			functions: graph.parts.library ? graph.functions : undefined,
		});
	}

	*run(): Work<ImportedGraph> {
		const order = importOrder(this.#source, this.#graph.topology);
		for (let i = 0; i < order.length; i++) {
			if (isTurn(i)) yield { done: i, total: order.length };
			this.#take(order[i]!);
		}
		if (order.length < this.#source.length)
			throw failure(`${this.#source.length - order.length} nodes in a cycle`);
		for (const { node, input } of this.#backEdges) this.#checkEdge(node, input);
		return {
			nodes: this.#nodes,
			position: this.#graph.position,
			order,
			edges: this.#edges,
			topology: this.#graph.topology,
			controls: this.#controls,
			shapes: this.#refiner.shapes as (readonly Shape[])[],
			outputDtypes: this.#outputDtypes,
		};
	}

	#take(at: number): void {
		let node = this.#source[at]!;
		this.#checkColocation(node);
		this.#checkPorts(at, node);
		const signature = signatureOf(node.op, this.#graph.functions);
		if (!signature) throw unregisteredOp(node.op);
		const checked = node.op === 'Const' ? this.#checkConst(node, signature) : this.#check(node, signature);
		if (checked.completed) node = node.with({ attrs: checked.completed });
		if (checked.fullType) node = withFullType(node, checked.fullType);
		this.#nodes[at] = node;
		this.#inputDtypes[at] = checked.dtypes.inputs;
		this.#outputDtypes[at] = checked.dtypes.outputs;
		this.#checkDeprecation(signature);
		const { start, source } = this.#edges;
		for (let input = 0; input < start[at + 1]! - start[at]!; input++) {
			if (this.#outputDtypes[source[start[at]! + input]!]) this.#checkEdge(at, input);
			else this.#backEdges.push({ node: at, input });
		}
		this.#inferShape(at, node);
		if (!this.#clearShapes) this.#mergeDeclaredShapes(at, node);
	}

	/** {@link #check} for constants: nothing but the dtype decides, while the value is a tensor of any kind. */
	#checkConst(node: Node, signature: OpSignature): Checked {
		const dtype = node.attr('dtype');
		const alike =
			dtype && node.attrs.size === 2 && node.attr('value')?.kind === 'tensor' && node.inputs.length === 0;
		if (!alike) return this.#check(node, signature);
		const known = this.#constants.get(dtype) ?? this.#check(node, signature);
		this.#constants.set(dtype, known);
		return known;
	}

	/** Attributes with defaults, checked; nodes alike in op, attributes and number of inputs are checked once. */
	#check(node: Node, signature: OpSignature): Checked {
		const known = this.#checked.get(node);
		if (known && known.inputs === node.inputs.length && !hasControls(node)) return known;
		const complete = withDefaults(node, signature);
		try {
			const checked = {
				inputs: node.inputs.length,
				completed: complete === node ? undefined : complete.attrs,
				dtypes: validateNode(complete, signature),
				fullType: fullType(node.op, (name) => complete.attr(name)),
			};
			// Constants have attributes of their own; and control inputs would be counted as data inputs.
			if (node.op !== 'Const' && !hasControls(node)) this.#checked.set(node, checked);
			return checked;
		} catch (error) {
			throw isMisfit(error) ? failure(error.message) : error;
		}
	}

	#checkColocation(node: Node): void {
		const groups = node.attr('_class')?.strings;
		for (const group of groups ?? []) {
			if (group.startsWith('loc:@') && !this.#graph.has(group.slice(5)))
				throw failure(`Node '${node.name}' expects to be colocated with unknown node '${group.slice(5)}'`);
		}
	}

	#checkPorts(at: number, node: Node): void {
		const { start, source, port } = this.#edges;
		for (let e = start[at]!; e < start[at + 1]!; e++) {
			const outputs = this.#outputDtypes[source[e]!];
			if (!outputs) {
				if (!isMerge(node))
					throw failure(`Node '${node.name}' had a back edge, but only Merge nodes can have back edges.`);
			} else if (port[e]! >= outputs.length) {
				throw failure(
					`Node '${node.name}': Connecting to invalid output ${port[e]} of source node ${this.#nodes[source[e]!]!.name} which has ${outputs.length} outputs.`,
				);
			}
		}
	}

	#checkDeprecation(signature: OpSignature): void {
		const { deprecated } = signature;
		if (!deprecated || this.#producer < deprecated.version) return;
		throw failure(
			`Op ${signature.name} is not available in GraphDef version ${this.#producer}. It has been removed in version ${deprecated.version}. ${deprecated.explanation}.`,
		);
	}

	#checkEdge(at: number, input: number): void {
		const edge = this.#edges.start[at]! + input;
		const from = this.#edges.source[edge]!;
		const port = this.#edges.port[edge]!;
		const given = this.#outputDtypes[from]?.[port];
		const wanted = this.#inputDtypes[at]![input]!;
		if (given === wanted || (given !== undefined && !isReference(wanted) && baseDtype(given) === wanted))
			return;
		throw failure(
			`Input ${input} of node ${this.#nodes[at]!.name} was passed ${dtypeName(given ?? 0)} from ${this.#nodes[from]!.name}:${port} incompatible with expected ${dtypeName(wanted)}.`,
		);
	}

	#inferShape(at: number, node: Node): void {
		try {
			this.#refiner.add(at, this.#outputDtypes[at]!.length);
		} catch (error) {
			if (!isMisfit(error)) throw error;
			throw failure(this.#refusal(error, at, node));
		}
	}

	#refusal(error: WhittleError, at: number, node: Node): string {
		if (error instanceof ShapeValueError) return error.message;
		try {
			const { message, asked } = this.#refiner.explain(error, at);
			const inputs = this.#refiner.inputShapes(at).map(shapeText).join(', ');
			return `${message} for '${nodeText(node)}' with input shapes: ${inputs}${askedText(asked)}.`;
		} catch (bare) {
			if (bare instanceof ShapeValueError) return bare.message;
			throw bare;
		}
	}

	/** `_output_shapes` refine what was inferred, then go. */
	#mergeDeclaredShapes(at: number, node: Node): void {
		const attr = node.attr('_output_shapes');
		if (attr?.kind !== 'list') return;
		const declared = attr.value.list!.shape;
		const inferred = this.#refiner.shapes[at]!;
		if (declared.length < inferred.length) {
			throw failure(
				`Node '${node.name}' has ${inferred.length} outputs but the _output_shapes attribute specifies shapes for ${declared.length} outputs`,
			);
		}
		this.#refiner.shapes[at] = inferred.map((shape, i) => {
			const given = declared[i]!.unknown_rank ? null : declared[i]!.dim.map((dim) => Number(dim.size));
			if (given?.some((size) => size < -1)) {
				throw failure(
					`Node '${node.name} has an invalid _output_shapes attribute (shape #${i} error:'Shape [${given}] has dimensions with values below -1 (where -1 means unknown)'`,
				);
			}
			try {
				return mergeShapes(shape, given);
			} catch (error) {
				throw failure(
					`Node '${node.name}' has an _output_shapes attribute inconsistent with the GraphDef for output #${i}: ${(error as Error).message}`,
				);
			}
		});
		this.#nodes[at] = node.withoutAttr('_output_shapes');
	}
}

/** Control inputs come last. */
function hasControls(node: Node): boolean {
	return node.inputs.at(-1)?.charCodeAt(0) === 94;
}

function controlSources(node: Node, position: ReadonlyMap<string, number>): readonly number[] {
	if (!hasControls(node)) return NO_CONTROLS;
	const names = new Set<string>();
	for (const input of node.inputs) if (input.charCodeAt(0) === 94) names.add(input.slice(1));
	return [...names].sort(compareBytes).map((name) => position.get(name)!);
}

function withDefaults(node: Node, signature: OpSignature): Node {
	let attrs: Map<string, NonNullable<ReturnType<Node['attr']>>> | undefined;
	const present = node.attrs;
	for (const { name, fallback } of signature.attributes) {
		if (!fallback || present.has(name)) continue;
		attrs ??= new Map(present);
		attrs.set(name, fallback);
	}
	return attrs ? node.with({ attrs }) : node;
}

/** What a shape function knew of values when it refused. */
function askedText(asked: Asked): string {
	const byInput = (a: readonly [number, unknown], b: readonly [number, unknown]): number => a[0] - b[0];
	const partial = [...asked.partial]
		.filter(([, shape]) => shape !== null)
		.sort(byInput)
		.map(([input, shape]) => `input[${input}] = ${shapeText(shape)}`);
	const values = [...asked.values]
		.filter(([input]) => (asked.partial.get(input) ?? null) === null)
		.sort(byInput)
		.map(([input, value]) => `input[${input}] = <${valueText(value)}>`);
	return (
		(values.length > 0 ? ` and with computed input tensors: ${values.join(', ')}` : '') +
		(partial.length > 0 ? ` and with input tensors computed as partial shapes: ${partial.join(', ')}` : '')
	);
}
