/**
 * One run of a plan, as TensorFlow's executor does it: a node is ready when its tokens have come, dead ones among
 * them; loops are frames, and their rounds iterations.
 */
import { isTurn, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { findingConstants } from './constant-nodes.ts';
import type { Observer } from './executor.ts';
import { FetchedTokens } from './fetched-tokens.ts';
import { CONTROL, controlOutputs, isMerge } from './flow-outputs.ts';
import { Arrival, DEAD, Frame, type Iteration, type Token } from './frames.ts';
import { type Fusion, fusionsOf, NO_FUSIONS } from './fusions.ts';
import type { NodeRunner } from './node-runner.ts';
import type { Plan, PlannedNode } from './plan.ts';

interface Ready {
	readonly node: number;
	readonly iteration: Iteration;
	readonly arrival: Arrival;
}

export class Run {
	readonly #plan: Plan;
	readonly #runner: NodeRunner;
	readonly #feeds: ReadonlyMap<string, TensorValue>;
	readonly #observer: Observer | undefined;
	readonly #root: Frame;
	readonly #ready: Ready[] = [];
	#constants: ReadonlySet<number> = new Set();
	readonly #fetched: FetchedTokens;
	#fusions: ReadonlyMap<number, Fusion> = NO_FUSIONS;
	#done = 0;

	constructor(
		plan: Plan,
		runner: NodeRunner,
		feeds: ReadonlyMap<string, TensorValue>,
		observer: Observer | undefined,
	) {
		this.#plan = plan;
		this.#runner = runner;
		this.#feeds = feeds;
		this.#observer = observer;
		this.#root = new Frame('', undefined, 0);
		this.#fetched = new FetchedTokens(plan, (value) => runner.copyOut(value));
	}

	/** In turns. @returns what was asked for, in that order. @throws WhittleError `evaluate`. */
	*execute(): Work<TensorValue[]> {
		this.#constants = yield* findingConstants(this.#plan);
		// An observer wants to see every node for itself.
		if (!this.#observer) this.#fusions = yield* fusionsOf(this.#plan, this.#runner);
		yield* this.#start();
		const total = this.#plan.nodes.length;
		for (let next = this.#ready.pop(); next; next = this.#ready.pop()) {
			yield* this.#process(next);
			this.#done += 1;
			this.#leave(next.iteration.frame);
			yield { done: Math.min(this.#done, total), total };
		}
		return this.#fetched.values();
	}

	/** Feeds are handed on, and nodes without inputs are ready. */
	*#start(): Work<void> {
		const { nodes } = this.#plan;
		for (let i = nodes.length - 1; i >= 0; i--) {
			const planned = nodes[i]!;
			for (const [port, name] of planned.fed) this.#emit(i, port, this.#feeds.get(name)!, this.#root.first);
			if (planned.runs && planned.inputs.length + planned.controls.length === 0)
				this.#schedule(i, this.#root.first, this.#arrival(i, this.#root.first));
			// A node of which only other outputs are fed hands on no control token of its own.
			if (!planned.runs) this.#emitControls(i, false, this.#root.first);
			if (isTurn(i)) yield { done: 0, total: nodes.length };
		}
	}

	#arrival(node: number, iteration: Iteration): Arrival {
		let arrival = iteration.arrivals.get(node);
		if (!arrival) {
			const { inputs, controls, node: planned } = this.#plan.nodes[node]!;
			arrival = new Arrival(inputs.length, controls.length, isMerge(planned.op));
			iteration.arrivals.set(node, arrival);
		}
		return arrival;
	}

	#schedule(node: number, iteration: Iteration, arrival: Arrival): void {
		arrival.scheduled = true;
		iteration.frame.active += 1;
		this.#ready.push({ node, iteration, arrival });
	}

	/** A token comes to a node. */
	#deliver(to: number, slot: number, token: Token, iteration: Iteration, fromEnter: boolean): void {
		if (!this.#plan.nodes[to]!.runs) return;
		const arrival = this.#arrival(to, iteration);
		// A Merge runs on the first that comes; the others are late.
		if (arrival.isMerge && arrival.scheduled) return;
		if (arrival.take(slot, token, fromEnter)) this.#runner.engine.hold(token as TensorValue);
		if (arrival.isComplete) this.#schedule(to, iteration, arrival);
	}

	*#process({ node, iteration, arrival }: Ready): Work<void> {
		iteration.arrivals.delete(node);
		if (arrival.isMerge) iteration.arrivals.set(node, arrival);
		const inputs = arrival.inputs as TensorValue[];
		try {
			if (arrival.dead) this.#passDeath(node, iteration);
			else yield* this.#runLiving(node, iteration, arrival);
		} finally {
			for (const input of inputs) if (input) this.#runner.engine.drop(input);
			arrival.inputs.length = 0;
		}
	}

	*#runLiving(node: number, iteration: Iteration, arrival: Arrival): Work<void> {
		const planned = this.#plan.nodes[node]!;
		const inputs = arrival.inputs as TensorValue[];
		const started = performance.now();
		const flow = controlOutputs(planned, arrival);
		const kept = this.#runner.constantOf(planned.node);
		const calls = this.#runner.calls.handles(planned.node);
		const fusion = this.#fusions.get(node);
		const outputs =
			flow ??
			kept ??
			(calls
				? yield* this.#runner.calls.run(planned.node, inputs)
				: this.#runner.run(planned.node, inputs, () => this.#constantInputs(planned), fusion?.epilogue));
		const living = outputs.filter((token): token is TensorValue => token !== DEAD);
		if (!flow) this.#observer?.(planned.node, living, performance.now() - started);
		if (!flow && !kept && this.#constants.has(node)) this.#runner.keepConstant(planned.node, living);
		this.#handOn(fusion?.last ?? node, iteration, outputs);
		if (!flow && !kept) for (const output of living) this.#runner.engine.drop(output);
	}

	#constantInputs(planned: PlannedNode): ReadonlySet<number> {
		return new Set(planned.inputs.flatMap((source, i) => (this.#constants.has(source.node) ? [i] : [])));
	}

	/** Outputs go to the frame that they belong to. */
	#handOn(node: number, iteration: Iteration, outputs: readonly Token[]): void {
		const planned = this.#plan.nodes[node]!;
		const target = this.#targetOf(planned, iteration);
		if (planned.node.op.endsWith('Exit')) iteration.frame.liveExits.add(node);
		if (planned.node.op.endsWith('Enter') && planned.node.attr('is_constant')?.bool) {
			const value = outputs[0] as TensorValue;
			this.#runner.engine.hold(value);
			target.frame.constants.push({ node, value });
			for (const later of target.frame.iterations.slice(1)) this.#emit(node, 0, value, later);
		}
		for (const [port, token] of outputs.entries()) this.#emit(node, port, token, target);
		this.#emitControls(node, false, target);
	}

	#targetOf(planned: PlannedNode, iteration: Iteration): Iteration {
		const { op } = planned.node;
		const { frame } = iteration;
		if (op.endsWith('NextIteration')) {
			return frame.iteration(iteration.number + 1, (begun) => {
				for (const { node, value } of frame.constants) {
					this.#emit(node, 0, value, begun);
					this.#emitControls(node, false, begun);
				}
			});
		}
		if (op.endsWith('Exit')) return frame.parent ?? iteration;
		if (op.endsWith('Enter')) return this.#enter(planned, iteration);
		return iteration;
	}

	#enter(planned: PlannedNode, iteration: Iteration): Iteration {
		const name = planned.node.attr('frame_name')?.string ?? '';
		let child = iteration.children.get(name);
		if (!child) {
			const enters = this.#plan.nodes.filter(
				(other) =>
					other.runs && other.node.op.endsWith('Enter') && other.node.attr('frame_name')?.string === name,
			);
			child = new Frame(name, iteration, enters.length);
			iteration.children.set(name, child);
			iteration.frame.active += 1;
		}
		child.pendingEnters -= 1;
		return child.first;
	}

	/** What a dead node hands on: death, save from one round of a loop to the next. */
	#passDeath(node: number, iteration: Iteration): void {
		const planned = this.#plan.nodes[node]!;
		const { op } = planned.node;
		if (op.endsWith('NextIteration')) return;
		if (op.endsWith('Exit') && iteration.frame.parent) {
			iteration.frame.deadExits.add(node);
			return;
		}
		const entering = op.endsWith('Enter');
		const target = entering ? this.#enter(planned, iteration) : iteration;
		this.#emitDeath(node, target, entering);
	}

	#emitDeath(node: number, iteration: Iteration, fromEnter: boolean): void {
		for (const { port, to, slot } of this.#plan.nodes[node]!.edges) {
			if (port >= 0 && this.#plan.nodes[node]!.fed.has(port)) continue;
			this.#deliver(to, slot, DEAD, iteration, fromEnter);
		}
		this.#fetched.addDeath(node);
	}

	#emit(node: number, port: number, token: Token, iteration: Iteration): void {
		const planned = this.#plan.nodes[node]!;
		if (
			iteration.frame !== this.#root ||
			!planned.fed.has(port) ||
			this.#feeds.get(planned.fed.get(port)!) === token
		) {
			for (const edge of planned.edges) {
				if (edge.port === port) this.#deliver(edge.to, edge.slot, token, iteration, false);
			}
			this.#fetched.add(node, port, token);
		}
	}

	#emitControls(node: number, dead: boolean, iteration: Iteration): void {
		for (const edge of this.#plan.nodes[node]!.edges) {
			if (edge.port < 0) this.#deliver(edge.to, -1, dead ? DEAD : CONTROL, iteration, false);
		}
	}

	/** A node of the frame has run. A frame in which nothing can run any more ends: its dead exits are passed up. */
	#leave(frame: Frame): void {
		for (let at: Frame | undefined = frame; at; ) {
			at.active -= 1;
			const { parent }: Frame = at;
			if (at.active > 0 || at.pendingEnters > 0 || !parent) return;
			for (const { value } of at.constants) this.#runner.engine.drop(value);
			at.constants.length = 0;
			parent.children.delete(at.name);
			for (const exit of at.deadExits) if (!at.liveExits.has(exit)) this.#emitDeath(exit, parent, false);
			at = parent.frame;
		}
	}

	/** Gives back what still waits: after an error, or beside a branch that was not taken. */
	dispose(): void {
		const frames: Frame[] = [this.#root];
		for (let frame = frames.pop(); frame; frame = frames.pop()) {
			for (const iteration of frame.iterations) {
				for (const arrival of iteration.arrivals.values()) {
					for (const input of arrival.inputs) if (input) this.#runner.engine.drop(input);
				}
				frames.push(...iteration.children.values());
			}
			for (const { value } of frame.constants) this.#runner.engine.drop(value);
		}
	}
}
