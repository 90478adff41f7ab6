/** Candidates inside a query: fields, and values that the open graph has. */
import { Graph } from '../graph/graph.ts';
import { completeQuery } from '../inspect/query-completion.ts';
import type { Session } from '../session/session.ts';
import type { Completion } from './complete.ts';

/** @param head the line up to the cursor. @param at where the query begins. */
export function completeQueryText(session: Session, head: string, at: number): Completion | undefined {
	const graph = session.isOpen ? session.graph : new Graph([]);
	const { start, end, candidates } = completeQuery(head.slice(at), head.length - at, graph);
	return { start: start + at, end: end + at, items: candidates };
}
