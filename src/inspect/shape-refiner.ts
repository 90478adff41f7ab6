/**
 * Shape inference, node by node: each node is added after those it reads, its op's shape function is asked, and
 * what it answers is kept. Values that a shape function asks for are worked out on the spot.
 */
import type { Attr } from '../graph/attr.ts';
import { DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import type { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { parseTensorId } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { finish } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { buildTopology } from '../graph/topology.ts';
import type { HandleData, Shape, ShapeContext } from '../ops/define.ts';
import { opByName } from '../ops/index.ts';
import { isMisfit, misfit, unknownShapes, withRank } from '../ops/shape-algebra.ts';
import { attrOrDefault, type OpSignature, outputCountOf, signatureOf } from '../ops/signature.ts';
import { integers } from '../ops/values.ts';
import { type DataEdges, dataEdges } from './data-edges.ts';
import { type FunctionBody, functionBody } from './function-body.ts';
import { importOrder } from './import-order.ts';
import { KnownValues } from './known-values.ts';
import { PartialShapes } from './partial-shapes.ts';
import { ShapePool } from './shape-pool.ts';

/** Ops that hand on what their first input, a resource, holds. */
const HANDS_ON: ReadonlySet<string> = new Set([
	'Identity',
	'IdentityN',
	'Switch',
	'Enter',
	'Exit',
	'NextIteration',
	'StopGradient',
]);

const CALLS: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** Calls nested deeper than this are unknown. */
const DEEPEST_CALL = 16;

const NONE: readonly Shape[] = [];

export interface RefinerOptions {
	/** The producer version of the graph; decides what an old graph means. */
	readonly producer: number;
	/** Where functions that nodes call are found. */
	readonly functions?: FunctionLibrary | undefined;
	/** How many calls lie around this graph. */
	readonly depth?: number;
	/** Output shapes of calls worked out before, by function and input shapes. */
	readonly calls?: Map<string, readonly Shape[]>;
}

/** What a shape function asked for, for the message of an error. */
export interface Asked {
	readonly values: ReadonlyMap<number, TensorValue>;
	readonly partial: ReadonlyMap<number, Shape>;
}

/** Inputs whose values, or whose entries as far as they are known, are meant. */
interface Given {
	readonly values: Set<number>;
	readonly partial: Set<number>;
}

/** What the outputs of nodes hold, by position. */
export type Handles = ReadonlyMap<number, readonly (HandleData | undefined)[]>;

export class ShapeRefiner {
	/** Output shapes by position; undefined for nodes not added yet. */
	readonly shapes: (readonly Shape[] | undefined)[];
	readonly values: KnownValues;
	readonly #nodes: readonly Node[];
	readonly #edges: DataEdges;
	readonly #functions: FunctionLibrary | undefined;
	readonly #options: RefinerOptions;
	readonly #calls: Map<string, readonly Shape[]>;
	readonly #partial: PartialShapes;
	readonly #pool = new ShapePool();
	readonly #handles = new Map<number, (HandleData | undefined)[]>();
	readonly #context: MutableContext;
	#position = 0;
	/** Values that are withheld: see {@link explain}. */
	#withheld: { readonly given: Given; readonly wanted: Given } | undefined;
	#signature: OpSignature | undefined;
	#askedValues = new Map<number, TensorValue>();
	#askedPartial = new Map<number, Shape>();

	constructor(nodes: readonly Node[], edges: DataEdges, options: RefinerOptions) {
		this.#options = options;
		this.#calls = options.calls ?? new Map();
		this.#nodes = nodes;
		this.#edges = edges;
		this.#functions = options.functions;
		this.shapes = new Array<readonly Shape[] | undefined>(nodes.length).fill(undefined);
		this.values = new KnownValues(nodes, edges, this.shapes);
		this.#partial = new PartialShapes(nodes, edges, this.shapes, this.values, (position, port) =>
			this.handleOf(position, port),
		);
		this.#context = {
			node: nodes[0]!,
			inputs: NONE,
			outputCount: 0,
			producer: options.producer,
			attr: (name) => this.#attr(name),
			value: (input) => this.#value(input),
			sizes: (input) => this.#sizes(input),
			handle: (input) => this.#inputHandle(input),
			setHandle: (output, data) => this.#setHandle(output, data),
		};
	}

	/** What a resource output holds; undefined when nothing is known. */
	handleOf(position: number, port: number): HandleData | undefined {
		return this.#handles.get(position)?.[port];
	}

	/**
	 * Why the node added last was refused. TensorFlow runs a shape function first without values, then again with
	 * those it asked for, until it asks for no more: the message names what was there when it stopped.
	 * @throws ShapeValueError where a value is no shape.
	 */
	explain(error: WhittleError, position: number): { readonly message: string; readonly asked: Asked } {
		const shape = opByName(this.#nodes[position]!.op)?.shape;
		const given: Given = { values: new Set(), partial: new Set() };
		this.#askedValues = new Map();
		this.#askedPartial = new Map();
		for (let known = -1; shape && known < given.values.size + given.partial.size; ) {
			known = given.values.size + given.partial.size;
			const wanted: Given = { values: new Set(), partial: new Set() };
			this.#withheld = { given, wanted };
			try {
				shape(this.#context);
			} catch (again) {
				if (isMisfit(again)) return { message: again.message, asked: this.#asked };
			} finally {
				this.#withheld = undefined;
			}
			for (const input of wanted.values) given.values.add(input);
			for (const input of wanted.partial) given.partial.add(input);
			for (const input of given.values) this.#context.value(input);
			for (const input of given.partial) this.#partialShape(input);
		}
		return { message: error.message, asked: this.#asked };
	}

	get #asked(): Asked {
		return { values: this.#askedValues, partial: this.#askedPartial };
	}

	/** Shapes of a node's data inputs as far as they are known by now. */
	inputShapes(position: number): readonly Shape[] {
		const { start, source, port } = this.#edges;
		const from = start[position]!;
		const count = start[position + 1]! - from;
		if (count === 0) return NONE;
		const inputs = new Array<Shape>(count);
		for (let i = 0; i < count; i++) inputs[i] = this.shapes[source[from + i]!]?.[port[from + i]!] ?? null;
		return inputs;
	}

	/** Finds the output shapes of a node. @throws WhittleError `graph` where its inputs do not fit. */
	add(position: number, outputCount?: number): void {
		const node = this.#nodes[position]!;
		const signature = signatureOf(node.op, this.#functions);
		this.#signature = signature;
		this.#position = position;
		if (this.#askedValues.size > 0) this.#askedValues = new Map();
		if (this.#askedPartial.size > 0) this.#askedPartial = new Map();
		const count = outputCount ?? (signature ? outputCountOf(node, signature) : 1);
		this.shapes[position] = unknownShapes(count);
		const body = this.#functions && this.#calledFunction(node);
		const shape = opByName(node.op)?.shape;
		if (!shape && !body) return;
		const context = this.#context;
		context.node = node;
		context.inputs = this.inputShapes(position);
		context.outputCount = count;
		const found = body ? this.#inferCall(body, position) : shape!(context);
		if (found.length === count) this.shapes[position] = this.#pool.shared(found);
		else this.shapes[position] = Array.from({ length: count }, (_, i) => found[i] ?? null);
		if (HANDS_ON.has(node.op)) this.#handOn(position, count);
	}

	/** Takes what another inference of the same graph found for a node. */
	takeOver(position: number, shapes: readonly Shape[], handles: Handles): void {
		this.shapes[position] = shapes;
		const held = handles.get(position);
		if (held) this.#handles.set(position, [...held]);
	}

	/** What resource outputs hold, by position. */
	get handles(): Handles {
		return this.#handles;
	}

	/** Gives a function's argument its shape and what it holds. */
	setArgument(position: number, shape: Shape, held: HandleData | undefined): void {
		this.shapes[position] = [shape];
		if (held) this.#handles.set(position, [held]);
	}

	#calledFunction(node: Node): GraphFunction | undefined {
		const name = CALLS.has(node.op) ? node.attr('f')?.functionName : opByName(node.op) ? undefined : node.op;
		return name === undefined ? undefined : this.#functions!.get(name);
	}

	/** Shapes that come out of a function's body for the shapes that go in. */
	#inferCall(definition: GraphFunction, position: number): readonly Shape[] {
		const depth = (this.#options.depth ?? 0) + 1;
		const body = functionBody(definition, this.#functions!);
		if (depth > DEEPEST_CALL || this.#context.inputs.length !== body.argumentCount) return NONE;
		const { inputs } = this.#context;
		const handles = inputs.map((_, i) => this.#inputHandle(i));
		const key = JSON.stringify([definition.name, inputs, handles]);
		let found = this.#calls.get(key);
		if (!found) {
			const options = { ...this.#options, depth, calls: this.#calls };
			found = inferBody(body, inputs, handles, options);
			this.#calls.set(key, found);
			this.#position = position;
		}
		return found;
	}

	#attr(name: string): Attr | undefined {
		const { node } = this.#context;
		return this.#signature ? attrOrDefault(node, this.#signature, name) : node.attr(name);
	}

	#edge(input: number): number {
		const edge = this.#edges.start[this.#position]! + input;
		return edge < this.#edges.start[this.#position + 1]! ? edge : -1;
	}

	#value(input: number): TensorValue | undefined {
		const edge = this.#edge(input);
		if (edge < 0 || this.#edges.source[edge]! < 0) return undefined;
		if (this.#withholds('values', input)) return undefined;
		const value = this.values.of(this.#edges.source[edge]!, this.#edges.port[edge]!);
		if (value) this.#askedValues.set(input, value);
		return value;
	}

	#sizes(input: number): readonly number[] | undefined {
		const edge = this.#edge(input);
		if (edge < 0 || this.#edges.source[edge]! < 0) return undefined;
		const vector = withRank(this.#context.inputs[input], 1);
		const shape = this.#withholds('partial', input) ? null : this.#partialShape(input);
		if (shape !== null) return shape;
		const value = this.#value(input);
		if (value && (value.dtype === DT_INT32 || value.dtype === DT_INT64))
			return integers(value).map(sizeEntry);
		return vector[0]! < 0 ? undefined : new Array<number>(vector[0]!).fill(-1);
	}

	#partialShape(input: number): Shape {
		const edge = this.#edge(input);
		const shape = this.#partial.of(this.#edges.source[edge]!, this.#edges.port[edge]!);
		this.#askedPartial.set(input, shape);
		return shape;
	}

	#withholds(kind: keyof Given, input: number): boolean {
		this.#withheld?.wanted[kind].add(input);
		return this.#withheld !== undefined && !this.#withheld.given[kind].has(input);
	}

	#inputHandle(input: number): HandleData | undefined {
		const edge = this.#edge(input);
		return edge < 0 ? undefined : this.handleOf(this.#edges.source[edge]!, this.#edges.port[edge]!);
	}

	#setHandle(output: number, data: HandleData): void {
		const list = this.#handles.get(this.#position) ?? [];
		list[output] = data;
		this.#handles.set(this.#position, list);
	}

	#handOn(position: number, count: number): void {
		const own = this.#nodes[position]!.op === 'IdentityN';
		for (let output = 0; output < count; output++) {
			const data = this.#inputHandle(own ? output : 0);
			if (data) this.#setHandle(output, data);
		}
	}
}

/** The output shapes of a function's body. @throws WhittleError `graph` where something in it does not fit. */
function inferBody(
	body: FunctionBody,
	inputs: readonly Shape[],
	handles: readonly (HandleData | undefined)[],
	options: RefinerOptions,
): readonly Shape[] {
	const { nodes } = body;
	const position = new Map(nodes.map((node, i) => [node.name, i]));
	const topology = finish(buildTopology(nodes, position));
	const edges = dataEdges(nodes, position, topology);
	const refiner = new ShapeRefiner(nodes, edges, options);
	for (const at of importOrder(nodes, topology)) {
		if (at < body.argumentCount) refiner.setArgument(at, inputs[at] ?? null, handles[at]);
		else refiner.add(at);
	}
	return body.outputs.map((output) => {
		const { name, port } = parseTensorId(output);
		return refiner.shapes[position.get(name) ?? -1]?.[port] ?? null;
	});
}

function sizeEntry(size: number): number {
	if (size < -1) throw misfit(`Invalid value in tensor used for shape: ${size}`);
	return size;
}

type MutableContext = { -readonly [K in keyof ShapeContext]: ShapeContext[K] };
