/**
 * The last part of `fold_constants`: constants in place of what was worked out, and the graph as a list of nodes
 * again (spec: folding 3.8, 3.9).
 */
import { Attr } from '../graph/attr.ts';
import { sameList } from '../graph/changes.ts';
import { dtypeSize } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import { Tensor, type TensorValue } from '../graph/tensor.ts';
import { memoryOf } from '../graph/tensor-data.ts';
import { compareBytes } from '../graph/text.ts';
import { type Topology, withReaders } from '../graph/topology.ts';
import { FieldReader } from '../graph/wire.ts';
import { elementCount } from '../ops/values.ts';
import { failure } from './fold-constants-checks.ts';
import type { CutGraph } from './fold-constants-cut.ts';
import type { Foldable } from './fold-constants-foldable.ts';
import type { FoldedConstant, FoldedGraph } from './folded-graph.ts';
import { keepNodes, keepWired } from './keep-nodes.ts';

/** A tensor to work out, under the label that decides its place among the others. */
export interface Fetch {
	readonly label: string;
	readonly labelPort: number;
	readonly node: number;
	readonly port: number;
}

/** What has to be worked out, in the order in which constants are made, and the next number for their names. */
export function fetchList(cut: CutGraph, foldable: Foldable): { fetches: Fetch[]; nextLabel: number } {
	const fetches: Fetch[] = [];
	let label = 0;
	const { imported, port, reader, readerStart, target } = cut;
	const listed: number[] = [];
	for (const { node, answers } of foldable.nodes) {
		listed.length = 0;
		for (let r = readerStart[node]!; r < readerStart[node + 1]!; r++) {
			const edge = reader[r]!;
			const to = target[edge]!;
			if (cut.needed[to] && !foldable.flags[to] && !listed.includes(port[edge]!)) listed.push(port[edge]!);
		}
		for (const marker of cut.markersOf(node)) if (!listed.includes(marker.port)) listed.push(marker.port);
		const { name } = imported.nodes[node]!;
		for (const from of listed) {
			if (answers) fetches.push({ label: answerLabel(name, label + from), labelPort: 0, node, port: from });
			else fetches.push({ label: name, labelPort: from, node, port: from });
		}
		if (answers) label += answers.length;
	}
	fetches.sort((a, b) => compareBytes(a.label, b.label) || a.labelPort - b.labelPort);
	return { fetches, nextLabel: label };
}

/** What the tool calls the constant that holds the answer to a question about a shape. */
function answerLabel(name: string, label: number): string {
	return `${name}/_${label}__cf__${label}`;
}

/** Names and values of the constants to be made. */
export function makeConstants(
	cut: CutGraph,
	fetches: readonly Fetch[],
	nextLabel: number,
	maxBytes: number,
	resultOf: (fetch: Fetch) => TensorValue,
	tooLarge: (node: number, bytes: number) => void,
): FoldedConstant[] {
	const made: FoldedConstant[] = [];
	for (const fetch of fetches) {
		const node = cut.imported.nodes[fetch.node]!;
		if (node.op === 'Const') continue;
		const value = resultOf(fetch);
		const bytes = bytesOf(value);
		if (bytes > maxBytes) {
			tooLarge(fetch.node, bytes);
			continue;
		}
		const name = `${node.name}/_${made.length}__cf__${nextLabel + made.length}`;
		made.push({ name, node: fetch.node, port: fetch.port, value });
	}
	return made;
}

/** As the tool counts: what the values take, 24 bytes a string beside its own. */
function bytesOf(value: TensorValue): number {
	const size = dtypeSize(value.dtype);
	return size > 0 ? size * elementCount(value.shape) : memoryOf(value);
}

/** The `value` of Const nodes whose very tensor was the result, as behind an Identity: they are not written anew. */
function sharedValues(
	cut: CutGraph,
	foldable: Foldable,
	constants: readonly FoldedConstant[],
): ReadonlyMap<TensorValue, Attr> {
	const shared = new Map<TensorValue, Attr>();
	if (!constants.some(({ value }) => value instanceof Tensor)) return shared;
	for (const { node } of foldable.nodes) {
		const { op, attrs } = cut.imported.nodes[node]!;
		const attr = op === 'Const' ? attrs.get('value') : undefined;
		if (attr?.tensor && isWrittenPlainly(attr.tensor)) shared.set(attr.tensor, attr);
	}
	return shared;
}

/** Whether a TensorProto is what the tool's writer makes of it: dtype, shape and content, nothing else. */
function isWrittenPlainly(tensor: Tensor): boolean {
	if (tensor.elements <= 1 || !tensor.hasContent) return false;
	const reader = new FieldReader(tensor.bytes);
	while (reader.next()) if (reader.field !== 1 && reader.field !== 2 && reader.field !== 4) return false;
	return true;
}

/** The graph after folding: what the outputs use, and all inputs, which are Placeholders from now on. */
export function* rebuild(
	graph: Graph,
	folded: FoldedGraph,
	foldable: Foldable,
	outputs: readonly string[],
): Work<Graph> {
	const { cut, constants, inputNames } = folded;
	const { imported } = cut;
	const used = folded.used(outputs);
	yield { done: 0.3, total: 1 };
	const list = new NodeList(folded);
	for (let i = 0; i < imported.order.length; i++) {
		if (isTurn(i)) yield { done: 0.3 + (0.7 * i) / imported.order.length, total: 1 };
		const at = imported.order[i]!;
		if (!cut.needed[at]) continue;
		const isInput = inputNames.has(cut.names[at]!);
		if (!used[at] && !isInput) continue;
		const node = rewired(folded, at);
		list.add(at, isInput ? asPlaceholder(node) : node);
	}
	const shared = sharedValues(cut, foldable, constants);
	for (let c = 0; c < constants.length; c++) {
		const { name, value } = constants[c]!;
		const number = imported.nodes.length + c;
		if (!used[number] && !inputNames.has(name)) continue;
		const inputs = folded.waitsOf(constants[c]!).map((from) => waitText(cut, from));
		const attrs = { dtype: Attr.type(value.dtype), value: shared.get(value) ?? Attr.tensorTyped(value) };
		const node = Node.of({ name, op: 'Const', inputs, attrs });
		list.add(number, inputNames.has(name) ? asPlaceholder(node) : node);
	}
	for (const at of folded.putBack) list.add(at, asPlaceholder(graph.nodes[at]!));
	return folded.hasTwins ? keepNodes(graph, list.nodes) : keepWired(graph, list.nodes, list.edges());
}

/** Nodes in their order, with what they read. */
class NodeList {
	readonly nodes: Node[] = [];
	readonly #folded: FoldedGraph;
	readonly #place: Int32Array;
	readonly #reads: number[] = [];

	constructor(folded: FoldedGraph) {
		this.#folded = folded;
		this.#place = new Int32Array(folded.cut.imported.nodes.length + folded.constants.length).fill(-1);
	}

	add(number: number, node: Node): void {
		this.#place[number] = this.nodes.push(node) - 1;
		if (node.inputs.length === 0) return;
		for (const from of this.#folded.readsOf(number)) this.#reads.push(from < 0 ? -1 - from : from);
	}

	edges(): Topology {
		const start = new Int32Array(this.nodes.length + 1);
		for (let i = 0; i < this.nodes.length; i++) start[i + 1] = start[i]! + this.nodes[i]!.inputs.length;
		const source = new Int32Array(this.#reads.length);
		for (let e = 0; e < source.length; e++) source[e] = this.#place[this.#reads[e]!]!;
		return withReaders(start, source);
	}
}

const inputs: string[] = [];

/** A node of the file with the inputs that it has now. */
function rewired(folded: FoldedGraph, at: number): Node {
	const { cut, constants } = folded;
	const { imported, names } = cut;
	const { start } = imported.edges;
	inputs.length = 0;
	for (let e = start[at]!; e < start[at + 1]!; e++) {
		const source = cut.source[e]!;
		const port = cut.port[e]!;
		const constant = folded.constantAt(source, port);
		if (constant >= 0) inputs.push(constants[constant]!.name);
		else if (source >= imported.nodes.length) inputs.push(tensorText(cut, source));
		else inputs.push(port === 0 ? names[source]! : `${names[source]}:${port}`);
	}
	const controls = cut.controls[at]!;
	if (controls.length > 0) for (const from of folded.sorted(controls)) inputs.push(waitText(cut, from));
	const node = imported.nodes[at]!;
	// Most nodes read what they read before.
	return sameList(node.inputs, inputs) ? node : node.with({ inputs: inputs.slice() });
}

function tensorText({ imported, standIns }: CutGraph, standIn: number): string {
	const { name, port } = standIns[standIn - imported.nodes.length]!;
	return `${name}:${port}`;
}

function waitText({ imported, standIns, names }: CutGraph, from: number): string {
	const standIn = standIns[from - imported.nodes.length];
	return `^${standIn ? standIn.name : names[from]}`;
}

function asPlaceholder(node: Node): Node {
	if (node.op === 'Placeholder') return node;
	if (node.op === 'PlaceholderWithDefault') return node.with({ op: 'Placeholder', inputs: [] });
	throw failure(
		`Input '${node.name}' was expected to be a Placeholder or PlaceholderWithDefault op, but was ${node.op}`,
	);
}
