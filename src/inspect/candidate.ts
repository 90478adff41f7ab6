/** What candidate inputs and outputs are, and how they are collected. */

/** A possible input or output. */
export interface Candidate {
	readonly name: string;
	readonly op: string;
	/** `float`; null where nothing tells. */
	readonly dtype: string | null;
	/** −1 an unknown size; null an unknown rank. */
	readonly shape: readonly number[] | null;
	/** Between 0 and 1; only for comparing candidates of one graph. */
	readonly score: number;
	/** A clause: `softmax that nothing reads; needs 98 % of the graph`. */
	readonly reason: string;
	/** `prediction`, `loss`, `training step`, … ; candidates of a group stand together. */
	readonly group: string;
}

/** Nodes that look like candidates at first sight and are none. */
export interface PutAside {
	readonly reason: string;
	readonly count: number;
	/** The first few. */
	readonly names: readonly string[];
}

/** A candidate before its dtype and shape are looked up. */
export interface Proposal {
	readonly position: number;
	readonly score: number;
	readonly reason: string;
	readonly group: string;
	/** Whether it belongs to the lists that transforms use. */
	readonly chosen: boolean;
	/** Which of its outputs are meant; the first unless a signature says more. */
	readonly ports?: readonly number[];
}

export interface Proposals {
	readonly proposals: readonly Proposal[];
	readonly aside: readonly PutAside[];
}

/** Collects what was put aside, by reason. */
export class AsideList {
	readonly #byReason = new Map<string, string[]>();
	readonly #counts = new Map<string, number>();

	add(reason: string, name: string): void {
		const names = this.#byReason.get(reason) ?? [];
		if (names.length < 5) names.push(name);
		this.#byReason.set(reason, names);
		this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
	}

	finish(): PutAside[] {
		return [...this.#byReason].map(([reason, names]) => ({
			reason,
			count: this.#counts.get(reason)!,
			names,
		}));
	}
}
