/**
 * The history: a tree of graph values. Step 0 is the graph as it was opened. A step made after an undo opens
 * a branch; no step is ever lost, and going anywhere only moves a pointer.
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Invocation } from '../transforms/language.ts';
import type { StepResult } from '../transforms/run.ts';

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
	readonly label: string | undefined;
}

export class History {
	readonly #steps: Step[];
	#current = 0;
	/** The child that `redo` goes to, for each step: the one last visited. */
	readonly #forward = new Map<number, number>();

	constructor(root: Omit<Step, 'id' | 'parent' | 'invocation' | 'result' | 'label'>) {
		this.#steps = [
			{ ...root, id: 0, parent: null, invocation: undefined, result: undefined, label: undefined },
		];
	}

	get steps(): readonly Step[] {
		return this.#steps;
	}

	get current(): Step {
		return this.#steps[this.#current]!;
	}

	/** Adds a step under the current one and goes there. */
	add(step: Omit<Step, 'id' | 'parent' | 'label'>): Step {
		const id = this.#steps.length;
		const made: Step = { ...step, id, parent: this.#current, label: undefined };
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

	/** The step that a number (`3`, `#3`) or a label names. */
	find(word: string): Step {
		const number = /^#?(\d+)$/.exec(word);
		if (number) return this.step(Number(number[1]));
		const labelled = this.#steps.find((step) => step.label === word);
		if (labelled) return labelled;
		const labels = this.#steps.flatMap((step) => step.label ?? []);
		throw new WhittleError('unknown', `There is no step called \`${word}\`.`, {
			hint:
				labels.length > 0 ? `Labels: ${labels.join(', ')}.` : '`label NAME` gives the current step a name.',
		});
	}

	label(id: number, label: string | undefined): void {
		this.#steps[id] = { ...this.step(id), label };
	}

	/** From the root to a step, both included: what an exported script replays. */
	pathTo(id: number = this.#current): Step[] {
		const path: Step[] = [];
		for (
			let at: Step | undefined = this.step(id);
			at;
			at = at.parent === null ? undefined : this.step(at.parent)
		)
			path.unshift(at);
		return path;
	}
}
