/** Long work in turns, so that keys are read and frames drawn while it goes on. */
import { setImmediate } from 'node:timers/promises';
import { WhittleError } from '../graph/error.ts';
import type { Work } from '../graph/progress.ts';
import type { RunContext } from './define.ts';
import { refuseFullHeap } from './heap-guard.ts';

/** A pause is made this often, in milliseconds. */
const TURN = 12;
/** Progress is shown this often: each showing draws a frame, which costs as much as a key does. */
const SHOWN = 250;

/** Lets keys be read and frames drawn. @throws WhittleError `interrupted` once the signal has come. */
export async function pauseUnlessStopped(signal: AbortSignal, hint?: string): Promise<void> {
	await setImmediate();
	if (signal.aborted) throw new WhittleError('interrupted', 'Stopped.', { hint });
}

/** What is said to a person who stopped something. */
export const GRAPH_AS_IT_WAS = 'The graph is as it was.';

/** Runs to the end, pausing now and then. @throws what the work throws, the pause when it is interrupted, or `memory`. */
export async function runPausing<T>(work: Work<T>, label: string, context: RunContext): Promise<T> {
	let paused = performance.now();
	let shown = paused;
	try {
		for (;;) {
			const turn = work.next();
			if (turn.done) return turn.value;
			const now = performance.now();
			if (now - paused < TURN) continue;
			if (now - shown >= SHOWN) {
				context.progress(turn.value.done, turn.value.total, label);
				shown = now;
			}
			refuseFullHeap();
			await context.pause();
			paused = performance.now();
		}
	} finally {
		work.return(undefined as T);
	}
}
