/**
 * Calls inside the functions of If, While and Case, which stay functions.
 *
 *   before   y = If(p, x) {then_branch: f}     f(a) → z:  c = PartitionedCall(a) {f: g};   z = c:output:0
 *   after    y = If(p, x) {then_branch: f}     f(a) → z:  c/r = Relu(a);                   z = c/r:activations:0
 */
import { type Fields, type FunctionDef, FunctionDefCodec, NodeDefCodec } from '../../proto/codec.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts, isControl, sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { FieldWriter } from '../graph/wire.ts';
import { argumentDtypes, signatureOf } from '../ops/signature.ts';
import { portOf } from './body-inputs.ts';
import { calledFunction, inlineFunctions } from './inline-functions.ts';
import { MOST_NODES, tooManyNodes } from './inlined-size.ts';

/** The graph with a library whose functions call no others, where its nodes need them; itself where none does. */
export function inlineBodies(graph: Graph): { graph: Graph; calls: number } {
	const { functions } = graph;
	if (functions.functions.length === 0) return { graph, calls: 0 };
	const kept = keptFunctions(graph.nodes, functions);
	let calls = 0;
	let size = 0;
	const writer = new FieldWriter();
	for (const fn of functions.functions) {
		const inlined = kept.has(fn) && isReadable(fn, functions) ? inlineBody(fn, functions) : undefined;
		writer.bytes(1, inlined?.bytes ?? fn.bytes);
		calls += inlined?.calls ?? 0;
		size += inlined?.size ?? 0;
		if (size > MOST_NODES) throw tooManyNodes();
	}
	return calls === 0
		? { graph, calls }
		: { graph: graph.with(graph.nodes, { library: writer.finish() }), calls };
}

/** The functions that nodes run otherwise than by calls, at any depth. */
function keptFunctions(nodes: readonly Node[], functions: FunctionLibrary): Set<GraphFunction> {
	const kept = new Set<GraphFunction>();
	const walked = new Set<GraphFunction>();
	const pending = [nodes];
	for (let body = pending.pop(); body; body = pending.pop()) {
		for (const node of body) {
			const called = calledFunction(node, functions);
			const run = called ? [called] : namedFunctions(node, functions);
			for (const fn of run) {
				if (!called) kept.add(fn);
				if (walked.has(fn)) continue;
				walked.add(fn);
				pending.push(fn.nodes);
			}
		}
	}
	return kept;
}

function namedFunctions(node: Node, functions: FunctionLibrary): GraphFunction[] {
	return [...node.attrs.values()].flatMap((attr) => {
		const names = attr.functionName ?? attr.value.list?.func.map((func) => func.name) ?? [];
		return [names].flat().flatMap((name) => functions.get(name) ?? []);
	});
}

/** Whether it calls functions and all its ops are known, so that their outputs can be named. */
function isReadable(fn: GraphFunction, functions: FunctionLibrary): boolean {
	return (
		fn.nodes.some((node) => calledFunction(node, functions)) &&
		fn.nodes.every((node) => signatureOf(node.op, functions))
	);
}

interface InlinedBody {
	/** The serialized FunctionDef. */
	readonly bytes: Uint8Array;
	readonly calls: number;
	/** Nodes. */
	readonly size: number;
}

function inlineBody(fn: GraphFunction, functions: FunctionLibrary): InlinedBody {
	const { definition } = fn;
	const args = (definition.signature?.input_arg ?? []).map((argument) => argument.name);
	const inside = new Map(fn.nodes.map((node) => [node.name, node]));
	const outside = (input: string): string => numbered(input, inside, functions, fn.name);
	const taken = new Set([...args, ...inside.keys()]);
	const free = (wanted: string): string => {
		let name = wanted;
		while (taken.has(name)) name += '_';
		taken.add(name);
		return name;
	};
	// What the function gives back is read like any input, by nodes of its own that go again.
	const returns = Object.entries(definition.ret).map(([output, value]) => {
		const node = Node.of({ name: free(`return/${output}`), op: 'Identity', inputs: [outside(value)] });
		return { output, node };
	});
	const finishes = Object.entries(definition.control_ret).map(([output, name]) => {
		return { output, node: Node.of({ name: free(`finish/${output}`), op: 'NoOp', inputs: [`^${name}`] }) };
	});
	// Arguments take their names, so that no node that comes in has one of them.
	const arguments_ = args.map((name) => Node.of({ name, op: 'Placeholder' }));
	const nodes = fn.nodes.map((node) => node.with({ inputs: node.inputs.map(outside) }));
	const ends = [...returns, ...finishes].map(({ node }) => node);
	const inlined = inlineFunctions([...arguments_, ...nodes, ...ends], functions, new Set());
	const result = new Map(inlined.nodes.map((node) => [node.name, node]));
	const aside = new Set([...args, ...ends.map((node) => node.name)]);
	const back = (input: string): string =>
		aside.has(sourceOf(input)) ? input : named(input, result, functions);
	const controls = finishes.flatMap(({ output, node }) =>
		result.get(node.name)!.sources.map((name, i) => [i === 0 ? output : `${output}/${i}`, name] as const),
	);
	const fields: Fields<FunctionDef> = {
		...definition,
		signature: { ...definition.signature!, control_output: controls.map(([output]) => output) },
		ret: Object.fromEntries(
			returns.map(({ output, node }) => [output, back(result.get(node.name)!.inputs[0]!)]),
		),
		control_ret: Object.fromEntries(controls),
		node_def: inlined.nodes
			.filter((node) => !aside.has(node.name))
			.map((node) =>
				NodeDefCodec.decode(Buffer.concat(node.with({ inputs: node.inputs.map(back) }).encode())),
			),
	};
	return { bytes: FunctionDefCodec.encode(fields), calls: inlined.calls, size: inlined.nodes.length };
}

/** `node:output:1` of a body as `node:3`, the way of graphs. */
function numbered(
	input: string,
	inside: ReadonlyMap<string, Node>,
	functions: FunctionLibrary,
	functionName: string,
): string {
	const [name = '', output, index] = input.split(':');
	const source = inside.get(name);
	if (isControl(input) || !source || output === undefined || index === undefined) return input;
	return `${name}:${portOf(source, output, index, functions, functionName)}`;
}

/** `node:3` of a graph as `node:output:1`, the way of bodies. */
function named(input: string, nodes: ReadonlyMap<string, Node>, functions: FunctionLibrary): string {
	if (isControl(input)) return input;
	const { name, suffix } = inputParts(input);
	const node = nodes.get(name);
	const signature = node && signatureOf(node.op, functions);
	let index = Number(suffix.slice(1) || 0);
	for (const output of signature?.outputs ?? []) {
		const count = argumentDtypes(node!, signature!, [output])?.length ?? 0;
		if (index < count) return `${name}:${output.name}:${index}`;
		index -= count;
	}
	throw new WhittleError(
		'transform',
		`\`${input}\` (${node?.op ?? '?'}) is read in a function and has no name`,
	);
}
