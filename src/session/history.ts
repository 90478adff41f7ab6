/**
 * The history: a tree of graph values. Step 0 is the graph as it was opened. A step made after an undo opens
 * a branch; no step is ever lost, and going anywhere only moves a pointer.
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { didYouMean } from '../graph/suggest.ts';
import type { Invocation } from '../transforms/language.ts';
import type { StepResult } from '../transforms/run.ts';

/** The inputs and outputs that transforms are told. */
export interface Endpoints {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Whether the person set them; else they are what was found on opening. */
	readonly inputsChosen: boolean;
	readonly outputsChosen: boolean;
}

export interface Step {
	readonly id: number;
	readonly parent: number | null;
	/** The line that made it, as the language writes it; `open F` for step 0. */
	readonly input: string;
	readonly graph: Graph;
	/** What ran; undefined for step 0. */
	readonly invocation: Invocation | undefined;
	readonly result: StepResult | undefined;
	/** The inputs and outputs in force when it was made. */
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	/** Those in force at it now, which the next step will get. Starts as its parent's, or as its transform says. */
	readonly endpoints: Endpoints;
	readonly label: string | undefined;
}

export class History {
	readonly #steps: Step[];
	#current = 0;
	/** The child that `redo` goes to, for each step: the one last visited. */
	readonly #forward = new Map<number, number>();

	constructor(root: { input: string; graph: Graph; endpoints: Endpoints }) {
		const { inputs, outputs } = root.endpoints;
		this.#steps = [
			{
				...root,
				id: 0,
				parent: null,
				invocation: undefined,
				result: undefined,
				inputs,
				outputs,
				label: undefined,
			},
		];
	}

	/** All steps, in the order they were made; a step's id is its place. */
	get steps(): readonly Step[] {
		return this.#steps;
	}

	get current(): Step {
		return this.#steps[this.#current]!;
	}

	/** Adds a step under the current one and goes there. */
	add(step: { input: string; graph: Graph; invocation: Invocation; result: StepResult }): Step {
		const { endpoints } = this.current;
		const id = this.#steps.length;
		const made: Step = {
			...step,
			id,
			parent: this.#current,
			inputs: endpoints.inputs,
			outputs: endpoints.outputs,
			endpoints: { ...endpoints, ...step.result.ends },
			label: undefined,
		};
		this.#steps.push(made);
		this.#forward.set(this.#current, id);
		this.#current = id;
		return made;
	}

	/** Up to `count` steps towards the root. @returns how many were undone. */
	undo(count = 1): number {
		let done = 0;
		while (done < count && this.current.parent !== null) {
			this.#forward.set(this.current.parent, this.#current);
			this.#current = this.current.parent;
			done++;
		}
		return done;
	}

	/** Up to `count` steps along the branch last visited. @returns how many were redone. */
	redo(count = 1): number {
		let done = 0;
		for (; done < count; done++) {
			const next = this.#forward.get(this.#current);
			if (next === undefined) break;
			this.#current = next;
		}
		return done;
	}

	get canRedo(): boolean {
		return this.#forward.has(this.#current);
	}

	/** The child of a step that was last visited, or made last. */
	redoTarget(id: number): number | undefined {
		return this.#forward.get(id);
	}

	/**
	 * The steps after one on its branch: up to the current step where that lies beyond it, else as far as
	 * `redo` would go from there.
	 */
	branchAfter(id: number): Step[] {
		const path = this.pathTo();
		const at = path.findIndex((step) => step.id === id);
		if (at >= 0) return path.slice(at + 1);
		const steps: Step[] = [];
		for (let next = this.#forward.get(id); next !== undefined; next = this.#forward.get(next))
			steps.push(this.step(next));
		return steps;
	}

	/** Goes to any step; `redo` then leads along its branch. @throws WhittleError `unknown` where there is none. */
	goto(id: number): Step {
		const step = this.step(id);
		for (let at = step; at.parent !== null; at = this.step(at.parent)) this.#forward.set(at.parent, at.id);
		this.#current = id;
		return step;
	}

	/** @throws WhittleError `unknown` where there is no such step. */
	step(id: number): Step {
		const step = this.#steps[id];
		if (step) return step;
		const last = this.#steps.length - 1;
		throw new WhittleError('unknown', `There is no step ${id}.`, {
			hint:
				last === 0
					? 'Only step 0, the graph as opened.'
					: `Steps go from 0 to ${last}; \`history\` lists them.`,
		});
	}

	/** The step that a number (`3`, `#3`) or a label names. @throws WhittleError `unknown` with the near labels. */
	find(word: string): Step {
		const number = /^#?(\d+)$/.exec(word);
		if (number) return this.step(Number(number[1]));
		const labelled = this.#steps.findLast((step) => step.label === word);
		if (labelled) return labelled;
		const labels = this.#steps.flatMap((step) => step.label ?? []);
		const list =
			labels.length > 0 ? `Labels: ${labels.join(', ')}.` : '`label NAME` gives the current step a name.';
		throw new WhittleError('unknown', `There is no step called \`${word}\`.`, {
			hint: didYouMean(word, labels) ?? list,
		});
	}

	/** Names a step, or takes its name back. */
	label(id: number, label: string | undefined): void {
		this.#steps[id] = { ...this.step(id), label };
	}

	/** Sets the inputs and outputs in force at the current step from now on. */
	setEndpoints(changes: Partial<Endpoints>): void {
		const { current } = this;
		this.#steps[this.#current] = { ...current, endpoints: { ...current.endpoints, ...changes } };
	}

	/** From the root to a step, both included: what an exported script replays. */
	pathTo(id: number = this.#current): Step[] {
		const path: Step[] = [];
		for (
			let at: Step | undefined = this.step(id);
			at;
			at = at.parent === null ? undefined : this.step(at.parent)
		)
			path.push(at);
		return path.reverse();
	}

	/** The child steps of each step, in the order they were made. */
	children(): ReadonlyMap<number, readonly number[]> {
		const children = new Map<number, number[]>();
		for (const { id, parent } of this.#steps) {
			if (parent === null) continue;
			const list = children.get(parent);
			if (list) list.push(id);
			else children.set(parent, [id]);
		}
		return children;
	}
}
