/** How often each input string stands in a graph, `^` aside; `a` and `a:0` are two (spec: folding 8.3). */
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';

export class ReferenceCounts {
	readonly #counts = new Map<string, number>();

	/** Counts in turns. */
	static *of(nodes: readonly Node[]): Work<ReferenceCounts> {
		const counts = new ReferenceCounts();
		for (const [i, node] of nodes.entries()) {
			if (isTurn(i)) yield { done: i, total: nodes.length };
			for (const input of node.inputs) counts.add(input, 1);
		}
		return counts;
	}

	/** @returns the new count. */
	add(input: string, change: number): number {
		const key = withoutControl(input);
		const count = (this.#counts.get(key) ?? 0) + change;
		this.#counts.set(key, count);
		return count;
	}

	get(input: string): number {
		return this.#counts.get(withoutControl(input)) ?? 0;
	}

	set(input: string, count: number): void {
		this.#counts.set(withoutControl(input), count);
	}

	delete(input: string): void {
		this.#counts.delete(input);
	}

	/** Inputs that nobody has any more. */
	zeros(): string[] {
		const found: string[] = [];
		for (const [input, count] of this.#counts) if (count === 0) found.push(input);
		return found;
	}
}

function withoutControl(input: string): string {
	return input.includes('^') ? input.replaceAll('^', '') : input;
}
