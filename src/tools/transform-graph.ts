/** TensorFlow's `transform_graph` (spec: core-and-rewiring 2 to 4). */

import { encodeGraphDef } from '../formats/graph-def.ts';
import { expandHome } from '../formats/home-path.ts';
import { readWholeFile } from '../formats/read-file.ts';
import { writeWholeFile } from '../formats/write-file.ts';
import { messageOf, WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { transforms } from '../transforms/index.ts';
import { type Invocation, parseTransforms } from '../transforms/language.ts';
import { InvalidInputsError, runTransform } from '../transforms/run.ts';
import { boolFlag, parseFlags, stringFlag, usageText } from './flags.ts';
import { fileMessage, loadGraph } from './load-graph.ts';
import { FAILED, type ToolStreams } from './streams.ts';

const flags = {
	in_graph: stringFlag('', 'input graph file name'),
	out_graph: stringFlag('', 'output graph file name'),
	inputs: stringFlag('', 'inputs'),
	outputs: stringFlag('', 'outputs'),
	transforms: stringFlag('', 'list of transforms'),
	output_as_text: boolFlag(false, 'whether to write the graph in text protobuf format'),
};

/** The tool knows these and no others: whittle's own transforms are the shell's. */
const known = new Map(
	transforms.filter(({ origin }) => origin === 'tensorflow').map((transform) => [transform.name, transform]),
);

function usage(): string {
	const names = [...known.keys()].sort().map((name) => `${name}\n`);
	return `${usageText('whittle transform_graph', flags)}\nTransforms are:\n${names.join('')}`;
}

/** @returns the exit code. */
export async function transformGraph(args: readonly string[], streams: ToolStreams): Promise<number> {
	const fail = (...records: readonly string[]): number => {
		for (const record of records) streams.log(record);
		return FAILED;
	};
	const { values, leftover, problems, ok } = parseFlags(flags, args);
	if (!ok) return fail(...problems, usage());
	if (leftover.length > 0) return fail(`Unknown argument ${leftover[0]}.\n${usage()}`);
	if (values.in_graph === '') return fail(`in_graph graph can't be empty.\n${usage()}`);
	if (values.out_graph === '') return fail(`out_graph graph can't be empty.\n${usage()}`);
	const nothingToDo = `You must specify at least one transform.\n${usage()}`;
	if (values.transforms === '') return fail(nothingToDo);
	let invocations: Invocation[];
	try {
		invocations = parseTransforms(values.transforms);
	} catch (error) {
		return fail(`Failed to parse --transform argument, error was ${messageOf(error)}`);
	}
	if (invocations.length === 0) return fail(nothingToDo);
	const loaded = await loadGraph(expandHome(values.in_graph));
	if ('error' in loaded) {
		if (loaded.detail) streams.log(loaded.detail);
		return fail(`Loading graph '${values.in_graph}' failed with ${loaded.error}`, usage());
	}
	let graph: Graph;
	try {
		graph = applyAll(
			loaded.graph,
			invocations,
			splitNames(values.inputs),
			splitNames(values.outputs),
			streams,
		);
	} catch (error) {
		if (error instanceof InvalidInputsError) await logInvalid(error, streams);
		return fail(messageOf(error), usage());
	}
	const path = expandHome(values.out_graph);
	try {
		writeWholeFile(path, await encode(graph, values.output_as_text), { force: true });
	} catch (error) {
		return fail(`Saving graph '${values.out_graph}' failed with ${fileMessage(path, error)}`);
	}
	return 0;
}

function applyAll(
	graph: Graph,
	invocations: readonly Invocation[],
	inputs: readonly string[],
	outputs: readonly string[],
	streams: ToolStreams,
): Graph {
	let current = graph;
	for (const { name, params } of invocations) {
		const transform = known.get(name);
		if (!transform) throw new WhittleError('unknown', `Transform '${name}' not recognized.`);
		streams.log(`Applying ${name}`);
		const result = runTransform(current, transform, params, { inputs, outputs, readFile: readWholeFile });
		if (result.ignored) streams.log(`${name}: Ignoring error ${result.ignored.message}`);
		for (const warning of result.warnings) streams.log(`${name}: ${warning}`);
		current = result.graph;
	}
	return current;
}

/** One record an input that names no node, with the node's text. */
async function logInvalid(error: InvalidInputsError, streams: ToolStreams): Promise<void> {
	const { printNodeDef } = await import('../formats/text-graph-def.ts');
	for (const { node, source } of error.invalid) {
		const text = Buffer.concat(printNodeDef(node)).toString('latin1');
		streams.log(`Invalid input ${source} for node ${node.name} - ${text}`);
	}
}

/** No trimming: `a, b` names ` b`. An empty name crashes the C++ tool. */
function splitNames(text: string): string[] {
	return text === '' ? [] : text.split(',');
}

async function encode(graph: Graph, asText: boolean): Promise<readonly Uint8Array[]> {
	if (!asText) return encodeGraphDef(graph);
	const { printGraphDef } = await import('../formats/text-graph-def.ts');
	return printGraphDef(graph);
}
