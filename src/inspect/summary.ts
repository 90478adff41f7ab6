/** What `summarize_graph` says of a graph, as data and as its text (spec: core-and-rewiring 7). */
import { dtypeName } from '../graph/dtype.ts';
import { executionOrder } from '../graph/execution-order.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { readShapeProto, type ShapeProto, shapeProblem, shapeText } from '../graph/shape-proto.ts';
import { tensorText } from '../graph/tensor-text.ts';
import { compareBytes } from '../graph/text.ts';
import { humanCount } from './humanize.ts';
import { type OpCount, orderedOpCounts } from './op-order.ts';

export interface GraphSummary {
	/** Nodes of op `Placeholder`, in file order. */
	readonly inputs: readonly Node[];
	/** Nodes of op `Variable` and `VariableV2`. */
	readonly variables: readonly Node[];
	/** Nodes that no node reads, without constants, assignments and the like. */
	readonly outputs: readonly Node[];
	readonly constParameters: number;
	readonly variableParameters: number;
	readonly controlEdges: number;
	/** Device → nodes on it, by name. */
	readonly devices: readonly (readonly [device: string, count: number])[];
	/** Op types with their counts, function bodies included, in the order they are listed. */
	readonly ops: readonly OpCount[];
	/** Constants and variables whose value cannot be read. */
	readonly undecodable: readonly string[];
}

const notOutputs: ReadonlySet<string> = new Set(['Const', 'Assign', 'NoOp', 'Placeholder']);

export function summarize(graph: Graph): GraphSummary {
	const inputs: Node[] = [];
	const variables: Node[] = [];
	const undecodable: string[] = [];
	const devices = new Map<string, number>();
	const ops = new Map<string, number>();
	let constParameters = 0;
	let variableParameters = 0;
	let controlEdges = 0;
	for (const node of graph.nodes) {
		const variable = node.op === 'Variable' || node.op === 'VariableV2';
		if (node.op === 'Placeholder') inputs.push(node);
		if (variable) variables.push(node);
		if (variable || node.op === 'Const') {
			const tensor = node.tensor;
			if (!tensor?.decodable) undecodable.push(node.name);
			else if (variable) variableParameters += tensor.elements;
			else constParameters += tensor.elements;
		}
		for (const input of node.inputs) if (isControl(input)) controlEdges++;
		if (node.device) devices.set(node.device, (devices.get(node.device) ?? 0) + 1);
		ops.set(node.op, (ops.get(node.op) ?? 0) + 1);
	}
	for (const { nodes } of graph.functions.functions)
		for (const node of nodes) ops.set(node.op, (ops.get(node.op) ?? 0) + 1);
	return {
		inputs,
		variables,
		outputs: unread(graph).filter((node) => !notOutputs.has(node.op)),
		constParameters,
		variableParameters,
		controlEdges,
		devices: [...devices].sort(([a], [b]) => compareBytes(a, b)),
		ops: orderedOpCounts(ops),
		undecodable,
	};
}

/** Nodes whose name no input holds, in file order. */
function unread(graph: Graph): Node[] {
	const { readerStart } = graph.topology;
	return graph.nodes.filter((node) => {
		const index = graph.position.get(node.name)!;
		return readerStart[index] === readerStart[index + 1];
	});
}

export interface SummaryText {
	readonly text: string;
	/** What the tool logs beside it. */
	readonly warnings: readonly string[];
	/** Why the report stops early. */
	readonly error: string | undefined;
}

/** @param path the file as typed, for the command lines. @param structure also every node in order of execution. */
export function summaryText(graph: Graph, path: string, structure = false): SummaryText {
	const summary = summarize(graph);
	const { inputs, variables, outputs } = summary;
	const warnings = summary.undecodable.map(decodingFailed);
	const { constParameters: constants, variableParameters: weights } = summary;
	let text = `${spotted(inputs, 'possible inputs', 'inputs', nodeInfo)}\n`;
	text += `${spotted(variables, 'variables', 'variables', nodeInfo)}\n`;
	text += `${spotted(outputs, 'possible outputs', 'outputs', ({ name, op }) => `(name=${name}, op=${op}) `)}\n`;
	text += `Found ${constants} (${humanCount(constants)}) const parameters, ${weights} (${humanCount(weights)}) variable parameters, and ${summary.controlEdges} control_edges\n`;
	for (const [device, count] of summary.devices) text += `${count} nodes assigned to device '${device}'`;
	const invalid = graph.invalidInputs;
	if (invalid.length > 0) {
		for (const { node, source } of invalid) text += `Invalid input ${source} for node ${node.name}\n`;
		return { text, warnings, error: 'Invalid graph with inputs referring to nonexistent nodes' };
	}
	text += `Op types used: ${summary.ops.map(([op, count]) => `${count} ${op}`).join(', ')}\n`;
	text += 'To use with tensorflow/tools/benchmark:benchmark_model try these arguments:\n';
	text += `${benchmarkCommand(summary, path)}\n`;
	if (!structure) return { text, warnings, error: undefined };
	const { order, missing } = executionOrder(graph);
	if (missing > 0) return { text, warnings, error: `${missing} nodes in a cycle` };
	const lines: string[] = [];
	for (const index of order) lines.push(structureLine(graph.nodes[index]!, warnings));
	return { text: text + lines.map((line) => `${line}\n`).join(''), warnings, error: undefined };
}

function spotted(
	nodes: readonly Node[],
	found: string,
	none: string,
	describe: (node: Node) => string,
): string {
	if (nodes.length === 0) return `No ${none} spotted.`;
	return `Found ${nodes.length} ${found}: ${nodes.map(describe).join('')}`;
}

function nodeInfo(node: Node): string {
	const dtype = typeOf(node);
	return `(name=${node.name}, type=${dtypeName(dtype)}(${dtype}), shape=${describeShape(node)}) `;
}

function typeOf(node: Node): number {
	return node.attr('dtype')?.type ?? 0;
}

const EMPTY = new Uint8Array(0);

function shapeOf(node: Node): ShapeProto | undefined {
	const attr = node.attr('shape');
	return attr && readShapeProto(attr.member('shape') ?? EMPTY);
}

function describeShape(node: Node): string {
	const shape = shapeOf(node);
	return shape ? (shapeProblem(shape) ?? shapeText(shape)) : 'None';
}

function benchmarkCommand(summary: GraphSummary, path: string): string {
	const layers = [...summary.inputs, ...summary.variables];
	const names = layers.map((node) => node.name).join(',');
	const types = layers.map((node) => dtypeName(typeOf(node))).join(',');
	const shapes = layers.map(layerShape).join(':');
	const outputs = summary.outputs.map((node) => node.name).join(',');
	return `bazel run tensorflow/tools/benchmark:benchmark_model -- --graph=${path} --show_flops --input_layer=${names} --input_layer_type=${types} --input_layer_shape=${shapes} --output_layer=${outputs}`;
}

function layerShape(node: Node): string {
	const shape = shapeOf(node);
	return !shape || shape.unknownRank || shapeProblem(shape) ? '' : shape.sizes.join(',');
}

function structureLine(node: Node, warnings: string[]): string {
	const line = `${node.name} (${node.op}): [${node.inputs.join(', ')}]`;
	if (node.op !== 'Const') return line;
	if (node.tensor?.decodable) return `${line}, value=${tensorText(node.tensor)}`;
	warnings.push(decodingFailed(node.name));
	return line;
}

function decodingFailed(name: string): string {
	return `Decoding Tensor failed for node${name}`;
}
