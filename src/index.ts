/**
 * The library: what the shell is made of, for programs.
 *
 * ```ts
 * import { openGraph, saveGraph, transformGraph } from 'graphwhittle';
 *
 * const graph = openGraph('model.pb');
 * const small = transformGraph(graph, {
 *   transforms: 'remove_nodes(op=Identity) fold_constants',
 *   inputs: ['x'],
 *   outputs: ['y'],
 * });
 * saveGraph(small, 'small.pb');
 * ```
 */
import type { OpenOptions } from './formats/define.ts';
import { encodeGraphDef, readGraphDef, serializeGraphDef } from './formats/graph-def.ts';
import { printGraphDef, readTextGraphDef } from './formats/text-graph-def.ts';
import { writeWholeFile } from './formats/write-file.ts';
import { WhittleError } from './graph/error.ts';
import type { Graph } from './graph/graph.ts';
import { NodeHost } from './session/node-host.ts';
import type { GraphEnds } from './transforms/define.ts';
import { transformByName } from './transforms/index.ts';
import { parseTransforms } from './transforms/language.ts';
import { runTransform } from './transforms/run.ts';

export { Attr } from './graph/attr.ts';
export { type AttrInit, FLOAT, GraphBuilder, INT32 } from './graph/builder.ts';
export { compareGraphs, type GraphChanges } from './graph/changes.ts';
export * from './graph/dtype.ts';
export { type ErrorCode, WhittleError } from './graph/error.ts';
export { Graph, type GraphParts } from './graph/graph.ts';
export { listGraph, listNode } from './graph/listing.ts';
export { type Attrs, Node, type NodeFields } from './graph/node.ts';
export { readListing } from './graph/read-listing.ts';
export { Tensor, type TensorData, type TensorValue } from './graph/tensor.ts';
export { firstDifference } from './inspect/compare.ts';
export { type GraphSummary, type SummaryText, summarize, summaryText } from './inspect/summary.ts';
export { buildMtcnn } from './models/mtcnn.ts';
export type { Transform, TransformContext } from './transforms/define.ts';
export { defineTransform } from './transforms/define.ts';
export { transforms } from './transforms/index.ts';
export { formatInvocation, type Invocation, parseTransforms } from './transforms/language.ts';
export { runTransform, type StepResult } from './transforms/run.ts';
export { encodeGraphDef, printGraphDef, readGraphDef, readTextGraphDef, serializeGraphDef };

/** The graph in a file or folder, its format found by content. @throws WhittleError `file`. */
export function openGraph(path: string, options: OpenOptions = {}): Graph {
	return new NodeHost().openModel(path, options).graph;
}

/**
 * Writes a graph beside the place and renames it. `text`: as protobuf text. `force`: replaces a file.
 * @throws WhittleError `file`.
 */
export function saveGraph(
	graph: Graph,
	path: string,
	options: { readonly text?: boolean; readonly force?: boolean } = {},
): void {
	const { text = false, force = false } = options;
	writeWholeFile(path, text ? printGraphDef(graph) : encodeGraphDef(graph), { force });
}

export interface TransformOptions {
	/** As the C++ tool's `--transforms`: one text, or several that run one after the other. */
	readonly transforms: string | readonly string[];
	/** As `--inputs` and `--outputs` take them: `a`, `a:0`. */
	readonly inputs?: readonly string[];
	readonly outputs?: readonly string[];
}

/** Runs transforms. @throws WhittleError with the tool's message. */
export function transformGraph(graph: Graph, options: TransformOptions): Graph {
	const host = new NodeHost();
	let ends: GraphEnds = { inputs: options.inputs ?? [], outputs: options.outputs ?? [] };
	let current = graph;
	for (const text of [options.transforms].flat()) {
		for (const { name, params } of parseTransforms(text)) {
			const transform = transformByName(name);
			if (!transform) throw new WhittleError('unknown', `Transform '${name}' not recognized.`);
			const readFile = (path: string): Uint8Array => host.readFile(path);
			const result = runTransform(current, transform, params, { ...ends, readFile });
			current = result.graph;
			ends = result.ends ?? ends;
		}
	}
	return current;
}
