/** Runs a graph, or the part of it that some tensors need: dataflow with TensorFlow 1's control flow and functions. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { type Engine, sharedEngine } from '../ops/engine/engine.ts';
import { FunctionCalls } from './function-calls.ts';
import { NodeRunner } from './node-runner.ts';
import { type Plan, planningRun, tensorName } from './plan.ts';
import { Run } from './run.ts';

/** Told of every node when it has run; values are only valid during the call. */
export type Observer = (node: Node, outputs: readonly TensorValue[], milliseconds: number) => void;

export interface ExecutorOptions {
	readonly engine?: Engine;
	readonly observer?: Observer | undefined;
}

export type Feeds = ReadonlyMap<string, TensorValue>;

/**
 * A graph made ready to run, as often as one likes. Constants are prepared once and kept until `dispose`.
 *
 * ```ts
 * const executor = new Executor(graph);
 * const [y] = executor.run(new Map([['x:0', x]]), ['y']);
 * ```
 */
export class Executor {
	readonly graph: Graph;
	readonly engine: Engine;
	/** Set to be told of every node that has run. */
	observer: Observer | undefined;
	readonly #runner: NodeRunner;
	readonly #plans = new Map<string, Plan>();

	constructor(graph: Graph, options: ExecutorOptions = {}) {
		this.graph = graph;
		this.engine = options.engine ?? sharedEngine();
		this.observer = options.observer;
		const calls = new FunctionCalls(
			graph.functions,
			graph.parts.library,
			// A body reads the model's variables through the handles that it is given.
			(body) =>
				new Executor(body.with(body.nodes, { context: graph.parts.context }), { engine: this.engine }),
		);
		this.#runner = new NodeRunner(graph, this.engine, calls);
	}

	/**
	 * Values of `fetches`, in order, without a pause.
	 * @param feeds values by tensor: `x` or `x:0`.
	 * @throws WhittleError `evaluate` "cannot run `node` (Op): why"; `unknown` for a tensor that is not there.
	 */
	run(feeds: Feeds, fetches: readonly string[]): TensorValue[] {
		return finish(this.steps(feeds, fetches));
	}

	/** The same in turns: some for the plan, then one after every node (loops run them more than once). */
	*steps(feeds: Feeds, fetches: readonly string[]): Work<TensorValue[]> {
		const given = new Map([...feeds].map(([name, value]) => [tensorName(name), value]));
		const plan = yield* this.#plan(given, fetches);
		const run = new Run(plan, this.#runner, given, this.observer);
		try {
			return yield* run.execute();
		} finally {
			run.dispose();
		}
	}

	*#plan(given: Feeds, fetches: readonly string[]): Work<Plan> {
		const key = JSON.stringify([[...given.keys()], fetches]);
		let plan = this.#plans.get(key);
		if (!plan) {
			plan = yield* planningRun(this.graph, given.keys(), fetches);
			this.#plans.set(key, plan);
		}
		return plan;
	}

	/** Gives back the memory of prepared constants. */
	dispose(): void {
		this.#runner.dispose();
		this.#plans.clear();
	}
}
