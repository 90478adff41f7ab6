/** Counts the FLOPs of a larger graph for the status bar while nobody waits: in turns, so that every key is heard. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Graph } from '../graph/graph.ts';
import { costing } from '../inspect/flops.ts';
import type { Session } from '../session/session.ts';
import { countFlops, statusOf } from '../session/status.ts';

/** Of larger graphs they are counted when somebody asks: the shapes of all nodes would take too much memory. */
const MOST_NODES = 200_000;
/** Milliseconds: before it begins, so that the prompt is drawn first, and between two turns. */
const WAIT = 50;
const TURN = 5;

/** One count at a time, of the graph that is there now. */
export class FlopsLater {
	#graph: Graph | undefined;

	/** Begins, unless it has for this graph. @param done the status has become another. */
	start(session: Session, isBusy: () => boolean, done: () => void): void {
		const graph = session.isOpen ? session.graph : undefined;
		if (graph === this.#graph) return;
		this.#graph = graph;
		void countFlopsLater(session, { isBusy, isWanted: () => this.#graph === graph }).then((known) => {
			if (known) done();
		});
	}

	stop(): void {
		this.#graph = undefined;
	}
}

/** What the counting must give way to. */
export interface Demand {
	/** Something runs that somebody waits for. */
	isBusy(): boolean;
	/** Somebody is still there to see the status. */
	isWanted(): boolean;
}

/**
 * Ends at once where they are known, and without a result where the graph is no longer the session's.
 * @returns whether the status has become another.
 */
export async function countFlopsLater(session: Session, { isBusy, isWanted }: Demand): Promise<boolean> {
	if (!session.isOpen || statusOf(session)?.flops !== undefined) return false;
	const { graph } = session;
	if (graph.nodes.length > MOST_NODES) return false;
	const work = costing(graph);
	await setTimeout(WAIT, undefined, { ref: false });
	for (;;) {
		await (isBusy() ? setTimeout(WAIT, undefined, { ref: false }) : setImmediate());
		if (!isWanted() || !session.isOpen || session.graph !== graph) return false;
		for (const end = performance.now() + TURN; !isBusy() && performance.now() < end; ) {
			if (work.next().done) return countFlops(graph) !== undefined;
		}
	}
}
