/** What the readers of a call read when the call is gone: where its outputs come from, and who has run when it has. */
import { WhittleError } from '../graph/error.ts';
import { inputParts, isControl, sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

export class CallResults {
	/** `call:port` → the input string that gives its value. */
	readonly #data = new Map<string, string>();
	/** Call → the nodes that have run when it has. */
	readonly #control = new Map<string, readonly string[]>();

	/**
	 * A call is replaced.
	 * @param returned the input string that gives each output; it may name another call.
	 * @param finished the nodes that have run when the call has, beside those of `returned`.
	 */
	add(call: string, returned: readonly string[], finished: readonly string[]): void {
		for (const [port, input] of returned.entries()) this.#data.set(`${call}:${port}`, input);
		this.#control.set(call, [...new Set([...finished, ...returned.map(sourceOf)])]);
	}

	/** Reads of calls become reads of what their bodies return, through any number of calls. */
	rewired(node: Node): Node {
		if (!node.sources.some((source) => this.#control.has(source))) return node;
		const inputs: string[] = [];
		const controls: string[] = [];
		for (const input of node.inputs) {
			if (isControl(input)) for (const name of this.#finishedBy(sourceOf(input))) controls.push(`^${name}`);
			else inputs.push(this.#valueOf(input));
		}
		return node.with({ inputs: [...inputs, ...new Set(controls)] });
	}

	#valueOf(input: string): string {
		let at = input;
		const passed: string[] = [];
		for (;;) {
			const { name, suffix } = inputParts(at);
			const key = `${name}${suffix || ':0'}`;
			const next = this.#data.get(key);
			if (next === undefined) break;
			passed.push(key);
			at = next;
			// Functions that hand on each other's results in a ring have no value at all.
			if (passed.length > this.#data.size)
				throw new WhittleError('transform', `\`${input}\` is handed round in a ring of calls`);
		}
		for (const key of passed) this.#data.set(key, at);
		return at;
	}

	#finishedBy(name: string): string[] {
		const found: string[] = [];
		const pending = [name];
		const seen = new Set<string>();
		for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
			if (seen.has(at)) continue;
			seen.add(at);
			const inner = this.#control.get(at);
			if (inner) for (const name of inner) pending.push(name);
			else found.push(at);
		}
		return found.reverse();
	}
}
