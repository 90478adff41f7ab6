/** What came out of the outputs that a run was asked for. */
import type { TensorValue } from '../graph/tensor.ts';
import { DEAD, type Token } from './frames.ts';
import { cannotRunNode } from './node-error.ts';
import type { Plan } from './plan.ts';

export class FetchedTokens {
	readonly #plan: Plan;
	readonly #keep: (value: TensorValue) => TensorValue;
	/** `node:port`. */
	readonly #wanted: ReadonlySet<string>;
	/** `node:port` → value; dead where the branch was not taken. */
	readonly #tokens = new Map<string, Token>();

	/** @param keep makes a value that outlives the run. */
	constructor(plan: Plan, keep: (value: TensorValue) => TensorValue) {
		this.#plan = plan;
		this.#keep = keep;
		this.#wanted = new Set(plan.fetches.map(({ node, port }) => `${node}:${port}`));
	}

	/** A token came out of a node; the last one counts. */
	add(node: number, port: number, token: Token): void {
		const key = `${node}:${port}`;
		if (this.#wanted.has(key)) this.#tokens.set(key, token === DEAD ? DEAD : this.#keep(token));
	}

	/** A node is dead, unless something came out of it already. */
	addDeath(node: number): void {
		for (const { node: wanted, port } of this.#plan.fetches) {
			if (wanted !== node) continue;
			const key = `${node}:${port}`;
			if (!this.#tokens.has(key)) this.#tokens.set(key, DEAD);
		}
	}

	/** The values in the order asked for. @throws WhittleError `evaluate` where nothing came. */
	values(): TensorValue[] {
		return this.#plan.fetches.map(({ node, port }) => {
			const token = this.#tokens.get(`${node}:${port}`);
			const planned = this.#plan.nodes[node]!.node;
			if (token === DEAD)
				throw cannotRunNode(planned, 'nothing came out of it: the branch that it lies on was not taken');
			if (!token) throw cannotRunNode(planned, `it has no output ${port}, or its inputs never came`);
			return token;
		});
	}
}
