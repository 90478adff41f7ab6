/** Frames and iterations of TensorFlow 1's loops: where in the loops a value belongs. */
import type { TensorValue } from '../graph/tensor.ts';

/** A value that never came to be, because its branch was not taken. */
export const DEAD = Symbol('dead');
export type Token = TensorValue | typeof DEAD;

/** What has arrived at a node in one iteration. */
export class Arrival {
	readonly isMerge: boolean;
	readonly inputs: (TensorValue | undefined)[];
	/** Inputs, data and control, that have not come yet. For a Merge: control inputs. */
	pending: number;
	dead = false;
	/** For a Merge: dead inputs, and which one came alive first. */
	deadInputs = 0;
	alive = -1;
	scheduled = false;

	constructor(inputs: number, controls: number, isMerge: boolean) {
		this.isMerge = isMerge;
		this.inputs = new Array(inputs);
		this.pending = isMerge ? controls : inputs + controls;
	}

	/**
	 * A token comes.
	 * @param slot which data input; below 0 a control input.
	 * @param fromEnter a dead one from an Enter kills a Merge at once.
	 * @returns whether it is a value that the node keeps.
	 */
	take(slot: number, token: Token, fromEnter: boolean): boolean {
		if (this.isMerge) return this.#takeFirst(slot, token, fromEnter);
		this.pending -= 1;
		if (token === DEAD) this.dead = true;
		else if (slot >= 0) {
			this.inputs[slot] = token;
			return true;
		}
		return false;
	}

	#takeFirst(slot: number, token: Token, fromEnter: boolean): boolean {
		if (slot < 0) this.pending -= 1;
		else if (token === DEAD) {
			this.deadInputs += 1;
			if (this.alive < 0 && (this.deadInputs === this.inputs.length || fromEnter)) this.dead = true;
		} else if (this.alive < 0) {
			this.alive = slot;
			this.dead = false;
			this.inputs[slot] = token;
			return true;
		}
		return false;
	}

	/** Whether the node waits for nothing more. */
	get isComplete(): boolean {
		return this.pending === 0 && (!this.isMerge || this.alive >= 0 || this.dead);
	}
}

/** One round of a frame. */
export class Iteration {
	readonly frame: Frame;
	readonly number: number;
	readonly arrivals = new Map<number, Arrival>();
	/** Frames entered from this round, by name. */
	readonly children = new Map<string, Frame>();

	constructor(frame: Frame, number: number) {
		this.frame = frame;
		this.number = number;
	}
}

/** A running loop; the root frame is the graph itself. */
export class Frame {
	readonly name: string;
	readonly parent: Iteration | undefined;
	readonly iterations: Iteration[] = [];
	/** Loop invariants: handed to every round. */
	readonly constants: { readonly node: number; readonly value: TensorValue }[] = [];
	/** Enter nodes that have not come yet. */
	pendingEnters: number;
	/** Nodes that wait to run in it, and frames that run in it. */
	active = 0;
	readonly deadExits = new Set<number>();
	readonly liveExits = new Set<number>();

	constructor(name: string, parent: Iteration | undefined, pendingEnters: number) {
		this.name = name;
		this.parent = parent;
		this.pendingEnters = pendingEnters;
		this.iterations.push(new Iteration(this, 0));
	}

	get first(): Iteration {
		return this.iterations[0]!;
	}

	/** The round with this number, begun when it is the next one. */
	iteration(number: number, begin: (iteration: Iteration) => void): Iteration {
		const known = this.iterations[number];
		if (known) return known;
		const iteration = new Iteration(this, number);
		this.iterations.push(iteration);
		begin(iteration);
		return iteration;
	}
}
