/**
 * Long work in turns: a generator says now and then how far it has come and gives its result in the end, so that
 * whoever drives it can draw a frame, hear a key, or stop it. Between two turns lie a few milliseconds.
 */

/** How far long work has come: `done` of `total` units. */
export interface Progress {
	readonly done: number;
	readonly total: number;
}

/** Work that gives a `T` in the end; to be gone on with by `yield*`. */
export type Work<T> = Generator<Progress, T, void>;

/** So many nodes are looked at in a turn. */
const NODES = 1024;

/** Elements of a tensor that are worked on in a turn: some milliseconds' time for the slowest of loops. */
export const ELEMENTS_A_TURN = 1 << 19;

/** Whether a loop over nodes should say at its `i`th how far it is: at each would cost more than most nodes do. */
export function isTurn(i: number): boolean {
	return i % NODES === NODES - 1;
}

/** Runs to the end without a pause. */
export function finish<T>(work: Work<T>): T {
	for (;;) {
		const turn = work.next();
		if (turn.done) return turn.value;
	}
}

/** A stage of longer work: its progress is told as that of the whole, from the share `from` to the share `to`. */
export function* stage<T>(work: Work<T>, from: number, to: number): Work<T> {
	try {
		for (;;) {
			const turn = work.next();
			if (turn.done) return turn.value;
			const { done, total } = turn.value;
			yield { done: from + (to - from) * (total > 0 ? done / total : 0), total: 1 };
		}
	} finally {
		work.return(undefined as T);
	}
}
