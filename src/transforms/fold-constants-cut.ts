/**
 * The second part of `fold_constants`: inputs are cut off, outputs marked, and what no output needs is put aside
 * (spec: folding 3.5). Nodes are numbers: those of the file first, then one stand-in for each input.
 */
import { WhittleError } from '../graph/error.ts';
import { parseTensorId, type TensorId } from '../graph/names.ts';
import { summarizeOp } from '../inspect/node-validation.ts';
import { signatureOf } from '../ops/signature.ts';
import { failure } from './fold-constants-checks.ts';
import type { ImportedGraph } from './fold-constants-import.ts';

export interface CutGraph {
	readonly imported: ImportedGraph;
	/** Nodes of the file and stand-ins together. */
	readonly count: number;
	/** The tensor that each stand-in stands for, in the order of the input list. */
	readonly standIns: readonly TensorId[];
	readonly names: readonly string[];
	/** Sources of data edges as they are now, indexed like `imported.edges`. */
	readonly source: Int32Array;
	readonly port: Int32Array;
	readonly controls: readonly (readonly number[])[];
	/** What the outputs fetch, each under the name of its marker. */
	readonly markers: readonly { readonly name: string; readonly node: number; readonly port: number }[];
	/** The markers of a node. */
	markersOf(node: number): CutGraph['markers'];
	/** 1 for nodes that an output needs. */
	readonly needed: Uint8Array;
	/** Data edges that leave each node, as indices into `source`. */
	readonly readerStart: Int32Array;
	readonly reader: Int32Array;
	/** The node to which a data edge leads. */
	readonly target: Int32Array;
}

/** One number for an output of a node: ports are few. */
export function outputNumber(node: number, port: number): number {
	return node * 2 ** 21 + port;
}

export function cutGraph(
	imported: ImportedGraph,
	inputs: readonly string[],
	outputs: readonly string[],
): CutGraph {
	if (outputs.length === 0) throw failure('Must specify at least one target to fetch or execute.');
	checkEnds(inputs, outputs);
	const { nodes, edges } = imported;
	const count = nodes.length + inputs.length;
	const source = edges.source.slice();
	const port = edges.port.slice();
	const controls = [...imported.controls];
	const names = nodes.map((node) => node.name);
	const standIns: TensorId[] = [];
	for (const input of inputs) {
		const id = parseTensorId(input);
		const node = imported.position.get(id.name);
		if (node === undefined)
			throw new WhittleError('transform', `FeedInputs: unable to find feed output ${input}`);
		const ports = imported.outputDtypes[node]!.length;
		if (id.port >= ports) throw failure(`FeedInputs: ${input} should have output index < ${ports}`);
		if (id.port < 0) throw fedControl(id);
		const standIn = names.length;
		names.push(`_recv_${id.name}_${id.port}`);
		standIns.push(id);
		const movesControl = nodes[node]!.op === 'Placeholder' || nodes[node]!.op === 'PlaceholderV2';
		const { readerStart, reader } = imported.topology;
		for (let r = readerStart[node]!; r < readerStart[node + 1]!; r++) {
			const to = reader[r]!;
			for (let e = edges.start[to]!; e < edges.start[to + 1]!; e++) {
				if (source[e] !== node || port[e] !== id.port) continue;
				source[e] = standIn;
				port[e] = 0;
			}
			if (movesControl && controls[to]!.includes(node))
				controls[to] = controls[to]!.map((from) => (from === node ? standIn : from));
		}
	}
	const markers = outputs.map((output) => {
		const id = parseTensorId(output);
		const node = imported.position.get(id.name);
		if (node === undefined) throw new WhittleError('transform', `FetchOutputs node ${output}: not found`);
		const ports = imported.outputDtypes[node]!.length;
		if (ports === 0) {
			throw failure(
				`Tried to fetch data for '${output}', which produces no output.  To run to a node but not fetch any data, pass '${output}' as an argument to the 'target_node_names' argument of the Session::Run API.`,
			);
		}
		if (id.port < 0) {
			throw failure(
				`Attempt to add output ${id.port} of ${id.name} not in range [0, ${ports}) to node with type _Send. Node: {{node ${id.name}}}`,
			);
		}
		if (id.port >= ports) throw failure(`FetchOutputs ${output}: output index too large, must be < ${ports}`);
		return { name: `_send_${id.name}_${id.port}`, node, port: id.port };
	});
	const marked = new Map<number, CutGraph['markers'][number][]>();
	for (const marker of markers) marked.set(marker.node, [...(marked.get(marker.node) ?? []), marker]);
	const needed = findNeeded(imported, count, source, controls, markers);
	return {
		imported,
		count,
		standIns,
		names,
		source,
		port,
		controls,
		markers,
		markersOf: (node) => marked.get(node) ?? [],
		needed,
		...outgoing(imported, count, source),
	};
}

function checkEnds(inputs: readonly string[], outputs: readonly string[]): void {
	const fed = new Set<string>();
	for (const input of inputs) {
		if (fed.has(input)) throw failure(`Endpoint "${input}" fed more than once.`);
		fed.add(input);
	}
	for (const output of outputs) if (fed.has(output)) throw failure(`${output} is both fed and fetched.`);
}

/** What is fed is received by a node of the tensor's type; a control input has none. */
function fedControl(id: TensorId): WhittleError {
	return failure(
		"AttrValue has invalid DataType\n\t for attr 'tensor_type'\n\t; " +
			`NodeDef: {{node _recv_${id.name}_${id.port}}}; ${summarizeOp(signatureOf('_Recv')!)}`,
	);
}

function findNeeded(
	imported: ImportedGraph,
	count: number,
	source: Int32Array,
	controls: readonly (readonly number[])[],
	markers: CutGraph['markers'],
): Uint8Array {
	const needed = new Uint8Array(count);
	const stack: number[] = [];
	const visit = (node: number): void => {
		if (needed[node]) return;
		needed[node] = 1;
		if (node < imported.nodes.length) stack.push(node);
	};
	for (const marker of markers) visit(marker.node);
	const { start } = imported.edges;
	for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
		for (let e = start[node]!; e < start[node + 1]!; e++) visit(source[e]!);
		for (const from of controls[node]!) visit(from);
	}
	return needed;
}

function outgoing(
	imported: ImportedGraph,
	count: number,
	source: Int32Array,
): Pick<CutGraph, 'readerStart' | 'reader' | 'target'> {
	const { start } = imported.edges;
	const target = new Int32Array(source.length);
	for (let i = 0; i < imported.nodes.length; i++)
		for (let e = start[i]!; e < start[i + 1]!; e++) target[e] = i;
	const readerStart = new Int32Array(count + 1);
	for (const from of source) readerStart[from + 1]!++;
	for (let i = 0; i < count; i++) readerStart[i + 1]! += readerStart[i]!;
	const reader = new Int32Array(source.length);
	const next = readerStart.slice(0, -1);
	for (let e = 0; e < source.length; e++) reader[next[source[e]!]!++] = e;
	return { target, readerStart, reader };
}
