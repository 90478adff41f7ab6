/** Runs one transform as the C++ tool's driver does (spec: core-and-rewiring 4), and says what changed. */

import type { FileSource } from '../formats/file-source.ts';
import { comparingGraphs, type GraphChanges } from '../graph/changes.ts';
import { messageOf, WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { finish, type Work } from '../graph/progress.ts';
import type { GraphEnds, Skip, Transform } from './define.ts';
import { type GivenParameters, parameterValues } from './parameters.ts';

/** What a transform needs from outside beside the graph. */
export interface RunOptions {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Reads files that parameters name; without it such a transform stops. */
	readonly readFile?: ((path: string) => Uint8Array) | undefined;
	/** Reads parts of files. */
	readonly files?: FileSource | undefined;
}

/** One transform's outcome. */
export interface StepResult {
	readonly graph: Graph;
	readonly skipped: readonly Skip[];
	readonly notes: readonly string[];
	readonly warnings: readonly string[];
	/** The error that `ignore_errors=true` swallowed; the graph is then the one from before. */
	readonly ignored: WhittleError | undefined;
	/** The inputs and outputs from here on, where the transform renamed or cut them. */
	readonly ends: GraphEnds | undefined;
	/** What changed; computed when asked for. */
	readonly changes: GraphChanges;
	/** Computes {@link StepResult.changes} in turns. */
	comparing(): Work<GraphChanges>;
}

/** A transform left inputs behind that name no node. */
export class InvalidInputsError extends WhittleError {
	readonly invalid: Graph['invalidInputs'];

	constructor(invalid: Graph['invalidInputs'], hint: string) {
		super('transform', 'Invalid graph with inputs referring to nonexistent nodes', { hint });
		this.invalid = invalid;
	}
}

const EMPTY_LIBRARY = new Uint8Array(0);

/** Runs to the end without a pause. @throws WhittleError `transform` with the tool's message. */
export function runTransform(
	graph: Graph,
	transform: Transform,
	given: GivenParameters,
	options: RunOptions,
): StepResult {
	return finish(runTransformSteps(graph, transform, given, options));
}

/** The same, pausing wherever the transform does, so that a caller can show progress or stop. */
export function* runTransformSteps(
	graph: Graph,
	transform: Transform,
	given: GivenParameters,
	options: RunOptions,
): Work<StepResult> {
	const ignoreErrors = readIgnoreErrors(given);
	const skipped: Skip[] = [];
	const notes: string[] = [];
	const warnings: string[] = [];
	let ends: GraphEnds | undefined;
	let ignored: WhittleError | undefined;
	let result = graph;
	try {
		const outcome = transform.apply({
			graph,
			inputs: options.inputs,
			outputs: options.outputs,
			params: parameterValues(transform.params, given),
			given,
			report: {
				skip: (node, reason, hint) => skipped.push({ node, reason, hint }),
				note: (text) => notes.push(text),
				warn: (text) => warnings.push(text),
				ends: (changed) => {
					ends = changed;
				},
			},
			readFile: options.readFile ?? refuseFiles,
			files: options.files,
		});
		result = 'next' in outcome ? yield* outcome : outcome;
	} catch (error) {
		if (!(error instanceof WhittleError)) throw internal(transform.name, error);
		if (!ignoreErrors) throw error;
		ignored = error;
	}
	const after = transform.origin === 'tensorflow' ? withLibraryOf(graph, result) : result;
	yield* after.wired();
	checkInputs(after);
	let changes: GraphChanges | undefined;
	const comparing = function* (): Work<GraphChanges> {
		changes ??= yield* comparingGraphs(graph, after);
		return changes;
	};
	return {
		graph: after,
		skipped,
		notes,
		warnings,
		ignored,
		ends: ignored ? undefined : ends,
		get changes() {
			return finish(comparing());
		},
		comparing,
	};
}

function readIgnoreErrors(given: GivenParameters): boolean {
	const text = given.get('ignore_errors')?.[0]?.toLowerCase();
	if (text === undefined || text === 'false') return false;
	if (text === 'true') return true;
	throw new WhittleError('transform', `ignore_errors should be true or false, found ${text}`);
}

/** The C++ tool overwrites `library` after every transform, so that it is present even when empty. */
function withLibraryOf(before: Graph, result: Graph): Graph {
	const library = before.parts.library ?? EMPTY_LIBRARY;
	if (result === before) return result.with(result.nodes, { library });
	return result.with(result.nodes, { library, context: result.parts.context ?? before.parts.context });
}

function checkInputs(graph: Graph): void {
	const invalid = graph.invalidInputs;
	const first = invalid[0];
	if (!first) return;
	const more = invalid.length > 1 ? ` (and ${invalid.length - 1} more)` : '';
	throw new InvalidInputsError(
		invalid,
		`\`${first.node.name}\` (${first.node.op}) reads \`${first.source}\`, which the transform took away${more}.`,
	);
}

function refuseFiles(path: string): Uint8Array {
	throw new WhittleError('file', `${path}; reading files is not allowed here`);
}

function internal(name: string, error: unknown): WhittleError {
	const what = messageOf(error);
	return new WhittleError('internal', `${name} failed: ${what}`, {
		hint: 'This is a fault in whittle; the graph is as it was.',
		cause: error,
	});
}
