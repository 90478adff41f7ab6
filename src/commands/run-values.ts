/** What the commands that run the graph share: the inputs to run it on. */

import type { Feeds } from '../evaluate/executor.ts';
import { feedValue } from '../evaluate/feed-value.ts';
import { type InputSpec, inputSpec } from '../evaluate/input-specs.ts';
import { randomValue, UNKNOWN_SIZES } from '../evaluate/random-inputs.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Step } from '../session/history.ts';
import type { Session } from '../session/session.ts';

/** The tensors that a graph has to be given: its inputs, and placeholders that nobody named. */
export function inputNames(graph: Graph, named: readonly string[]): string[] {
	const names = named
		.map((name) => name.replace(/^\^/, ''))
		.filter((name) => graph.has(name.replace(/:\d+$/, '')));
	const covered = new Set(names.map((name) => name.replace(/:\d+$/, '')));
	for (const op of ['Placeholder', 'PlaceholderV2'])
		for (const { name } of graph.byOp.get(op) ?? []) if (!covered.has(name)) names.push(name);
	return names;
}

/** Values of inputs that later steps made constant, by tensor: they go before all others. */
export type Frozen = ReadonlyMap<string, TensorValue>;

/** Values for the inputs of a graph: those that the person gave, the others made from the seed. */
export interface InputValues {
	readonly feeds: Map<string, TensorValue>;
	/** Which tensors were made up, and that some of their sizes were not known. */
	readonly made: readonly InputSpec[];
	readonly guessed: boolean;
	/** Inputs that no value can be made for. */
	readonly missing: readonly WhittleError[];
}

function inputValues(
	session: Session,
	graph: Graph,
	named: readonly string[],
	options: { readonly seed: number; readonly unknown: number; readonly frozen?: Frozen | undefined },
): InputValues {
	const feeds = new Map<string, TensorValue>(options.frozen);
	const made: InputSpec[] = [];
	const missing: WhittleError[] = [];
	const readFile = (path: string): Uint8Array => session.host.readFile(path);
	for (const { name, source } of session.feeds.values()) {
		if (!graph.has(name.replace(/:\d+$/, ''))) continue;
		const spec = inputSpec(graph, name);
		if (options.frozen?.has(spec.tensor)) continue;
		feeds.set(spec.tensor, feedValue(source, spec, { ...options, readFile }));
	}
	for (const name of inputNames(graph, named)) {
		const spec = inputSpec(graph, name);
		if (feeds.has(spec.tensor)) continue;
		try {
			feeds.set(spec.tensor, randomValue(spec, options.seed, options.unknown));
			made.push(spec);
		} catch (error) {
			if (!(error instanceof WhittleError)) throw error;
			missing.push(error);
		}
	}
	const guessed = made.some(
		({ shape }) => shape === null || shape.some((size, axis) => size < 0 && axis > 0),
	);
	return { feeds, made, guessed, missing };
}

/**
 * Runs `attempt` with inputs; where sizes are unknown and it fails, again with other sizes for them.
 * @param attempt gives undefined, or throws, when these inputs do not do.
 * @param lastResort what to take when none did; undefined when there is nothing.
 */
export async function withInputs<T>(
	session: Session,
	step: Pick<Step, 'graph' | 'endpoints'> & { readonly frozen?: Frozen },
	seed: number,
	attempt: (inputs: InputValues) => Promise<T | undefined>,
	lastResort: () => T | undefined = () => undefined,
): Promise<{ readonly inputs: InputValues; readonly result: T }> {
	let failure: WhittleError | undefined;
	for (const unknown of UNKNOWN_SIZES) {
		const inputs = inputValues(session, step.graph, step.endpoints.inputs, {
			seed,
			unknown,
			frozen: step.frozen,
		});
		try {
			const result = await attempt(inputs);
			if (result !== undefined) return { inputs, result };
		} catch (error) {
			if (!(error instanceof WhittleError) || error.code === 'interrupted') throw error;
			failure ??= withHint(error, inputs);
		}
		if (!inputs.guessed) break;
	}
	const last = lastResort();
	if (last !== undefined) {
		const unknown = UNKNOWN_SIZES[0]!;
		return {
			inputs: inputValues(session, step.graph, step.endpoints.inputs, { seed, unknown, frozen: step.frozen }),
			result: last,
		};
	}
	throw failure ?? new WhittleError('evaluate', 'No output of the graph can be run.');
}

/** How the executor ends what it says of a variable. */
const NEEDS_VARIABLES = 'has no value: freeze it first';

/** What would help: a value for an input that has none. */
function withHint(error: WhittleError, { missing, guessed, made }: InputValues): WhittleError {
	if (error.hint) return error;
	const [, input] = /^cannot run `([^`]*)` \(Placeholder/.exec(error.message) ?? [];
	const absent = missing.find(({ message }) => message.includes(`\`${input}\``));
	if (absent) return absent;
	if (error.message.endsWith(NEEDS_VARIABLES)) {
		return error.retold({
			hint: 'freeze takes the values from the SavedModel or checkpoint: see `help freeze`.',
		});
	}
	const unknown = made.find(({ shape }) => shape === null || shape.some((size) => size < 0));
	const hint =
		missing[0]?.hint ??
		(guessed && unknown
			? `Sizes of \`${unknown.node.name}\` are unknown: feed ${unknown.node.name}=random[…] says them.`
			: undefined);
	return hint ? error.retold({ hint }) : error;
}

/** The outputs of a step. @throws WhittleError `usage` where it has none. */
export function outputsToRun(
	{ endpoints }: Pick<Step, 'endpoints'>,
	purpose: 'run' | 'compare',
): readonly string[] {
	if (endpoints.outputs.length > 0) return endpoints.outputs;
	throw new WhittleError('usage', `The graph has no outputs to ${purpose}.`, {
		hint: 'outputs NAME… sets them.',
	});
}

/** The outputs of one step in another, where they may have other names: by name, else by place. */
export function outputsFor(from: Pick<Step, 'endpoints'>, to: Pick<Step, 'graph' | 'endpoints'>): string[] {
	return from.endpoints.outputs.map((name, i) =>
		to.graph.has(splitTensor(name)[0]!) ? name : (to.endpoints.outputs[i] ?? name),
	);
}

/** The same values for a graph whose inputs may have other names now: by name, else by place. */
export function feedsFor(
	graph: Graph,
	from: Pick<Step, 'endpoints'>,
	to: Pick<Step, 'endpoints'>,
	feeds: Feeds,
): Feeds {
	const renamed = new Map<string, TensorValue>();
	for (const [tensor, value] of feeds) {
		const [name = '', port = '0'] = splitTensor(tensor);
		if (graph.has(name)) {
			renamed.set(tensor, value);
			continue;
		}
		const place = from.endpoints.inputs.findIndex((input) => splitTensor(input)[0] === name);
		const other = to.endpoints.inputs[place];
		if (other !== undefined) renamed.set(`${splitTensor(other)[0]}:${port}`, value);
	}
	return renamed;
}

function splitTensor(tensor: string): readonly string[] {
	return /:\d+$/.test(tensor) ? [tensor.replace(/:\d+$/, ''), tensor.replace(/^.*:/, '')] : [tensor, '0'];
}
