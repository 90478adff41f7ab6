/** Runs a list of transforms as the C++ tool's driver does. */
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { toolTransforms } from './tool-transforms.ts';

/** The tool's three arguments, as passed. */
export interface Invocation {
	readonly inputs: string;
	readonly outputs: string;
	readonly transforms: string;
}

/**
 * The graph, or the error that a person would see.
 * @throws what is whittle's own fault: an internal error, a transform that is not there yet.
 */
export function runTransforms(
	start: Graph,
	invocation: Invocation,
	readFile?: (path: string) => Uint8Array,
	onStep?: (name: string, before: Graph, after: Graph) => void,
): Graph | WhittleError {
	const split = (names: string): string[] => (names === '' ? [] : names.split(','));
	const inputs = split(invocation.inputs);
	const outputs = split(invocation.outputs);
	try {
		let graph = start;
		for (const { name, params } of parseTransforms(invocation.transforms)) {
			const transform = transformByName(name);
			if (transform) {
				const before = graph;
				graph = runTransform(before, transform, params, { inputs, outputs, readFile }).graph;
				onStep?.(name, before, graph);
			} else if (toolTransforms.includes(name)) throw new Error(`${name} is not implemented yet`);
			else throw new WhittleError('unknown', `Transform '${name}' not recognized.`);
		}
		return graph;
	} catch (error) {
		if (error instanceof WhittleError && error.code !== 'internal') return error;
		throw error instanceof WhittleError && error.cause instanceof Error ? error.cause : error;
	}
}

/** An error's message without the name of the machine, which the tool puts into one of them. */
export function withoutHost(message: string): string {
	return message.replace(/running on \S+\. Make/, 'running on HOST. Make');
}
