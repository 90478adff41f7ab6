/**
 * A session: one open model, its history, and what the person has set. Commands read and change it; it knows
 * no terminal and prints nothing.
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Progress, Transform } from '../transforms/define.ts';
import type { Invocation } from '../transforms/language.ts';
import { runTransformSteps, type StepResult } from '../transforms/run.ts';
import { History, type Step } from './history.ts';
import { Settings } from './settings.ts';

/** A model file as it was opened. */
export interface OpenModel {
	/** As typed. */
	readonly path: string;
	/** `GraphDef`, `GraphDef text`, `SavedModel`, …: what the file is. */
	readonly format: string;
	readonly graph: Graph;
	/** Bytes of the file (of all files of a folder). */
	readonly fileBytes: number;
	/** sha256 of the file in hex; computed when asked for. */
	readonly digest: () => string;
}

/** What a session needs from the machine; tests give their own. */
export interface Host {
	openModel(path: string, options?: { tags?: string; signature?: string }): OpenModel;
	readFile(path: string): Uint8Array;
	/** Writes beside and renames; refuses to overwrite unless `force`. */
	writeFile(path: string, pieces: readonly Uint8Array[], options?: { force?: boolean }): void;
	exists(path: string): boolean;
}

/** A value that a person gave an input with `feed`. */
export interface Feed {
	readonly name: string;
	/** As typed after `=`: `zeros`, `ones`, `[1,2]`, `image.npy`. */
	readonly source: string;
}

export class Session {
	readonly host: Host;
	readonly settings = new Settings();
	readonly feeds = new Map<string, Feed>();
	#model: OpenModel | undefined;
	#history: History | undefined;
	#inputs: readonly string[] = [];
	#outputs: readonly string[] = [];
	#saved: Graph | undefined;
	/** Whether inputs and outputs were set by the person, not found on opening. */
	inputsChosen = false;
	outputsChosen = false;
	/** The scope that `cd` went to; empty at the top. */
	scope = '';

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
		return this.#inputs;
	}

	get outputs(): readonly string[] {
		return this.#outputs;
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
	start(model: OpenModel, inputs: readonly string[], outputs: readonly string[]): void {
		this.#model = model;
		this.#inputs = inputs;
		this.#outputs = outputs;
		this.#history = new History({ input: `open ${model.path}`, graph: model.graph, inputs, outputs });
		this.#saved = model.graph;
		this.inputsChosen = false;
		this.outputsChosen = false;
		this.feeds.clear();
		this.scope = '';
	}

	close(): void {
		this.#model = undefined;
		this.#history = undefined;
		this.#saved = undefined;
		this.#inputs = [];
		this.#outputs = [];
	}

	setInputs(names: readonly string[]): void {
		this.#inputs = names;
		this.inputsChosen = true;
	}

	setOutputs(names: readonly string[]): void {
		this.#outputs = names;
		this.outputsChosen = true;
	}

	/** Runs a transform on the current graph without making a step: what a preview shows and `accept` keeps. */
	*compute(transform: Transform, invocation: Invocation): Generator<Progress, StepResult, void> {
		return yield* runTransformSteps(this.graph, transform, invocation.params, {
			inputs: this.#inputs,
			outputs: this.#outputs,
			readFile: (path) => this.host.readFile(path),
		});
	}

	/** Makes a computed result the next step. */
	accept(input: string, invocation: Invocation, result: StepResult): Step {
		return this.history.add({
			input,
			graph: result.graph,
			invocation,
			result,
			inputs: this.#inputs,
			outputs: this.#outputs,
		});
	}
}
