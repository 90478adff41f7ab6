/**
 * A session: one open model, its history, and what the person has set. Commands read and change it; it knows
 * no terminal and prints nothing.
 */

import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { stage, type Work } from '../graph/progress.ts';
import type { Transform } from '../transforms/define.ts';
import type { Invocation } from '../transforms/language.ts';
import { runTransformSteps, type StepResult } from '../transforms/run.ts';
import type { LogEntry } from './cell.ts';
import { History, type Step } from './history.ts';
import type { Host, OpenModel } from './host.ts';
import { Settings } from './settings.ts';
import { weighing } from './status.ts';

/** A value that a person gave an input with `feed`. */
export interface Feed {
	readonly name: string;
	/** As typed after `=`: `zeros`, `ones`, `[1,2]`, `image.npy`. */
	readonly source: string;
}

/** Transforms that were computed for a look and not applied: Enter accepts them as they are. */
export interface Pending {
	/** The transforms as the language writes them, on one line. */
	readonly input: string;
	/** The step they were computed on. */
	readonly step: number;
	readonly work: readonly {
		readonly invocation: Invocation;
		readonly result: StepResult;
		/** How long it took, in milliseconds. */
		readonly ms: number;
	}[];
}

export class Session {
	readonly host: Host;
	readonly settings = new Settings();
	readonly feeds = new Map<string, Feed>();
	/** Words that stand for the beginning of a line. */
	readonly aliases = new Map<string, string>();
	/** Every cell of this session, oldest first. */
	readonly log: LogEntry[] = [];
	/** Told of every cell as it is accepted; the journal writes them down. */
	onCell: ((entry: LogEntry) => void) | undefined;
	/** What `preview` computed and nobody has accepted or dropped yet. */
	pending: Pending | undefined;
	/** Where in the log the present model was opened. */
	openedAt = 0;
	/** What was said on opening, by option: `tags`, `signature`. */
	openOptions: Readonly<Record<string, string>> = {};
	/** Told when a model has been opened. */
	onOpen: (() => void) | undefined;
	/** Cells so far, also of a session that was resumed: the next one is one more. */
	cells = 0;
	/** Set by `quit`: no further line should be run. */
	ended = false;
	/** The scope that `cd` went to; empty at the top. */
	scope = '';
	#model: OpenModel | undefined;
	#history: History | undefined;
	#saved: Graph | undefined;

	constructor(host: Host) {
		this.host = host;
	}

	/** @throws WhittleError `usage` when nothing is open. */
	get model(): OpenModel {
		if (this.#model) return this.#model;
		throw new WhittleError('usage', 'No model is open.', { hint: 'open FILE' });
	}

	get isOpen(): boolean {
		return this.#model !== undefined;
	}

	get history(): History {
		this.model;
		return this.#history!;
	}

	/** The graph of the current step. */
	get graph(): Graph {
		return this.history.current.graph;
	}

	get inputs(): readonly string[] {
		return this.#history?.current.endpoints.inputs ?? [];
	}

	get outputs(): readonly string[] {
		return this.#history?.current.endpoints.outputs ?? [];
	}

	/** Whether inputs were set by the person, not found on opening. */
	get inputsChosen(): boolean {
		return this.#history?.current.endpoints.inputsChosen ?? false;
	}

	get outputsChosen(): boolean {
		return this.#history?.current.endpoints.outputsChosen ?? false;
	}

	/** Whether the current graph is on disk: as opened, or as last saved. */
	get saved(): boolean {
		return !this.isOpen || this.graph === this.#saved;
	}

	markSaved(): void {
		this.#saved = this.graph;
	}

	/**
	 * Starts afresh with a model. `inputs` and `outputs` are the candidates found in it, which transforms use
	 * until others are set.
	 */
	start(
		model: OpenModel,
		inputs: readonly string[],
		outputs: readonly string[],
		options: Readonly<Record<string, string>> = {},
	): void {
		this.#model = model;
		const endpoints = { inputs, outputs, inputsChosen: false, outputsChosen: false };
		this.#history = new History({ input: `open ${model.path}`, graph: model.graph, endpoints });
		this.#saved = model.graph;
		this.#reset();
		this.openOptions = options;
		this.onOpen?.();
	}

	close(): void {
		this.#model = undefined;
		this.#history = undefined;
		this.#saved = undefined;
		this.#reset();
	}

	#reset(): void {
		this.feeds.clear();
		this.scope = '';
		this.pending = undefined;
		this.openOptions = {};
		this.openedAt = this.log.length;
	}

	/** From the current step on; each step keeps its own, so that undo brings earlier ones back. */
	setInputs(names: readonly string[]): void {
		this.history.setEndpoints({ inputs: names, inputsChosen: true });
	}

	setOutputs(names: readonly string[]): void {
		this.history.setEndpoints({ outputs: names, outputsChosen: true });
	}

	/**
	 * Runs a transform without making a step: what a preview shows and `accept` keeps. What its report needs is
	 * computed too, so that all that takes long can be stopped.
	 * @param from where it starts, when that is not the current step.
	 */
	*compute(
		transform: Transform,
		invocation: Invocation,
		from: { graph: Graph; inputs: readonly string[]; outputs: readonly string[] } = this,
	): Work<StepResult> {
		const steps = runTransformSteps(from.graph, transform, invocation.params, {
			inputs: from.inputs,
			outputs: from.outputs,
			readFile: (path) => this.host.readFile(path),
			files: this.host.fileSource,
		});
		const result = yield* stage(steps, 0, 0.9);
		yield* stage(result.comparing(), 0.9, 0.95);
		yield* stage(weighing(result.graph), 0.95, 1);
		return result;
	}

	/** Makes a computed result the next step. */
	accept(input: string, invocation: Invocation, result: StepResult): Step {
		return this.history.add({ input, graph: result.graph, invocation, result });
	}

	/** Adds a cell to the log and tells whoever listens. */
	record(entry: LogEntry): void {
		this.log.push(entry);
		this.cells = entry.cell.cell;
		this.onCell?.(entry);
	}
}
