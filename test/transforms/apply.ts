/** Runs transforms on graphs that are written as text, for tests. */
import { readFileSync } from 'node:fs';
import type { Graph } from '../../src/graph/graph.ts';
import { listNode } from '../../src/graph/listing.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { runTransform, type StepResult } from '../../src/transforms/run.ts';

export interface Ends {
	readonly inputs?: readonly string[];
	readonly outputs?: readonly string[];
}

/** The step that one transform, written as `--transforms` has it, makes of a graph or of a listing. */
export function apply(transform: string, graph: Graph | string, ends: Ends = {}): StepResult {
	const [invocation] = parseTransforms(transform);
	const { name, params } = invocation!;
	const start = typeof graph === 'string' ? readListing(graph) : graph;
	const { inputs = [], outputs = [] } = ends;
	return runTransform(start, transformByName(name)!, params, { inputs, outputs, readFile: readFileSync });
}

/** The same, as a listing: one line a node. */
export function applied(transform: string, graph: Graph | string, ends: Ends = {}): string[] {
	return lines(apply(transform, graph, ends).graph);
}

export function lines(graph: Graph): string[] {
	return graph.nodes.map(listNode);
}

/** A listing out of `name:Op(inputs)` pieces; the op is Relu or Const when it is left out. */
export function listing(text: string): string {
	return text
		.trim()
		.split(/\s+(?![^(]*\))/)
		.map((piece) => {
			const [, name, op, inputs] = /^([^:(]+)(?::(\w+))?(\(.*\))?$/.exec(piece)!;
			return `${name} = ${op ?? (inputs ? 'Relu' : 'Const')}${inputs ?? ''}`;
		})
		.join('\n');
}

/** What {@link listing} reads, of a result. */
export function wiring(graph: Graph): string {
	return graph.nodes
		.map(({ name, op, inputs }) => {
			const usual = op === (inputs.length > 0 ? 'Relu' : 'Const');
			return `${name}${usual ? '' : `:${op}`}${inputs.length > 0 ? `(${inputs.join(', ')})` : ''}`;
		})
		.join(' ');
}
