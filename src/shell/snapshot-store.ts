/** The present snapshot, and who is to be told when there is another. */
import type { Session } from '../session/session.ts';
import { statusOf } from '../session/status.ts';
import { emptyPrompt } from './prompt-model.ts';
import type { Snapshot } from './snapshot.ts';

export class SnapshotStore {
	readonly #listeners = new Set<() => void>();
	#now: Snapshot;

	constructor(session: Session) {
		this.#now = {
			opening: undefined,
			prompt: emptyPrompt,
			finished: [],
			running: undefined,
			queued: [],
			status: statusOf(session),
			next: session.cells + 1,
			offers: [],
			notice: undefined,
			pending: undefined,
			viewing: false,
		};
	}

	readonly now = (): Snapshot => this.#now;

	/** @returns what ends the telling. */
	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	set(change: Partial<Snapshot>): void {
		this.#now = { ...this.#now, ...change };
		for (const listener of this.#listeners) listener();
	}
}
