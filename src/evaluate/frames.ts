/** Frames and iterations of TensorFlow 1's loops: where in the loops a value belongs. */
import type { TensorValue } from '../graph/tensor.ts';

/** A value that never came to be, because its branch was not taken. */
export const DEAD = Symbol('dead');
export type Token = TensorValue | typeof DEAD;

/** What has arrived at a node in one iteration. */
export interface Arrival {
	readonly inputs: (TensorValue | undefined)[];
	/** Inputs, data and control, that have not come yet. For a Merge: control inputs. */
	pending: number;
	dead: boolean;
	/** For a Merge: dead inputs, and which one came alive first. */
	deadInputs: number;
	alive: number;
	scheduled: boolean;
}

export function newArrival(inputs: number, controls: number, isMerge: boolean): Arrival {
	return {
		inputs: new Array(inputs),
		pending: isMerge ? controls : inputs + controls,
		dead: false,
		deadInputs: 0,
		alive: -1,
		scheduled: false,
	};
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
