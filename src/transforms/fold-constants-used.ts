/**
 * The last part of `fold_constants`: what the outputs still use, removed inputs put back (spec: folding 3.10, 3.11).
 */
import type { Graph } from '../graph/graph.ts';
import { isMarked, parseTensorId } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { failure } from './fold-constants-checks.ts';
import { type CutGraph, outputNumber } from './fold-constants-cut.ts';
import type { Foldable } from './fold-constants-foldable.ts';
import { keepNodes, keepPlaced } from './keep-nodes.ts';
import { libstdcxxSetOrder } from './unordered-set-order.ts';

/** A constant that took the place of a node's output. */
export interface FoldedConstant {
	readonly name: string;
	readonly node: number;
	readonly port: number;
	readonly value: TensorValue;
}

/** The constants by the outputs that they stand for. */
export class FoldedOutputs {
	readonly constants: readonly FoldedConstant[];
	readonly #nodes: Uint8Array;
	readonly #outputs = new Map<number, FoldedConstant>();

	/** @param count how many nodes there are. */
	constructor(constants: readonly FoldedConstant[], count: number) {
		this.constants = constants;
		this.#nodes = new Uint8Array(count);
		for (const constant of constants) {
			this.#nodes[constant.node] = 1;
			this.#outputs.set(outputNumber(constant.node, constant.port), constant);
		}
	}

	get(node: number, port: number): FoldedConstant | undefined {
		return this.#nodes[node] ? this.#outputs.get(outputNumber(node, port)) : undefined;
	}
}

/**
 * By node number: 1 for what the outputs use now that constants stand for what was folded, and for inputs. It may be
 * more than {@link keepUsed} keeps, which goes by names as the tool does, and is never less.
 */
export function usedAfterFolding(cut: CutGraph, foldable: Foldable, folded: FoldedOutputs): Uint8Array {
	const { imported } = cut;
	const used = new Uint8Array(cut.count);
	// A constant under the name of another node is found in its place.
	if (folded.constants.some(({ name }) => imported.position.has(name))) return used.fill(1);
	const stack: number[] = [];
	const visit = (node: number): void => {
		const at =
			node < imported.nodes.length
				? node
				: imported.position.get(cut.standIns[node - imported.nodes.length]!.name)!;
		if (used[at]) return;
		used[at] = 1;
		stack.push(at);
	};
	for (const { node } of cut.markers) visit(node);
	for (let i = imported.nodes.length; i < cut.count; i++) visit(i);
	const { start } = imported.edges;
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		for (let e = start[at]!; e < start[at + 1]!; e++) {
			const source = cut.source[e]!;
			if (!folded.get(source, cut.port[e]!)) visit(source);
			else for (const node of foldable.dependencies.get(source) ?? []) visit(node);
		}
		for (const node of cut.controls[at]!) visit(node);
	}
	return used;
}

/** Inputs that were cut away come back as they were, in the order in which the tool's hash set gives them. */
export function putInputsBack(nodes: Node[], inputs: readonly string[], graph: Graph): Node[] {
	const names = inputs.map((input) => parseTensorId(input).name);
	const missing = new Set(names);
	for (let i = 0; i < nodes.length && missing.size > 0; i++) missing.delete(nodes[i]!.name);
	for (const name of libstdcxxSetOrder(names)) {
		const node = missing.delete(name) ? graph.node(name) : undefined;
		if (node) nodes.push(node);
	}
	return nodes;
}

/** What the outputs use, and all inputs, which are Placeholders from now on. */
export function keepUsed(
	graph: Graph,
	nodes: readonly Node[],
	inputs: readonly string[],
	outputs: readonly string[],
): Graph {
	/** Of several nodes with one name the first counts; all of them are kept or none. */
	const position = new Map<string, number>();
	for (let i = 0; i < nodes.length; i++) position.set(nodes[i]!.name, i);
	const twice = position.size < nodes.length;
	if (twice) for (let i = nodes.length - 1; i >= 0; i--) position.set(nodes[i]!.name, i);
	const ends = new Set<string>();
	const inputNames = new Set<string>();
	for (const input of inputs) {
		const id = parseTensorId(input);
		ends.add(`${id.name}:${id.port}`);
		inputNames.add(id.name);
	}
	const used = new Uint8Array(nodes.length);
	const stack: number[] = [];
	/** Names that no node has are told when it is their turn: the first one found is the one that is named. */
	const missing: string[] = [];
	const visit = (name: string): void => {
		const at = position.get(name) ?? -missing.push(name);
		if (at < 0 || !used[at]) stack.push(at);
	};
	for (const output of outputs) visit(parseTensorId(output).name);
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		if (at < 0)
			throw failure(`Bad graph structure, no node named '${missing[-at - 1]}' found for input lookup`);
		if (used[at]) continue;
		used[at] = 1;
		for (const input of nodes[at]!.inputs) {
			if (!isMarked(input) && !inputNames.has(input)) {
				visit(input);
				continue;
			}
			const { name, port } = parseTensorId(input);
			if (!inputNames.has(name) || !ends.has(`${name}:${port}`)) visit(name);
		}
	}
	const kept: Node[] = [];
	for (let i = 0; i < nodes.length; i++) {
		const node = nodes[i]!;
		const isInput = inputNames.has(node.name);
		if (isInput) kept.push(asPlaceholder(node));
		else if (used[twice ? position.get(node.name)! : i]) kept.push(node);
	}
	const all = !twice && kept.length === nodes.length;
	return all ? keepPlaced(graph, kept, position) : keepNodes(graph, kept);
}

function asPlaceholder(node: Node): Node {
	if (node.op === 'Placeholder') return node;
	if (node.op === 'PlaceholderWithDefault') return node.with({ op: 'Placeholder', inputs: [] });
	throw failure(
		`Input '${node.name}' was expected to be a Placeholder or PlaceholderWithDefault op, but was ${node.op}`,
	);
}
