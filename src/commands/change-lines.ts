/** The first few nodes that differ between two graphs, as the lines of a diff. */
import { changedFields, type GraphChanges } from '../graph/changes.ts';
import type { Graph } from '../graph/graph.ts';
import { listNode } from '../graph/listing.ts';
import { type Block, span } from '../session/answer.ts';

type DiffLine = Extract<Block, { type: 'diff' }>['lines'][number];

/** How many lines of each kind a preview shows, and how much of a long one where there is no terminal. */
const EACH = 3;
const LONGEST = 120;
/** Columns of a terminal that a line of a diff needs beside its text. */
const MARGIN = 4;

/** @param width columns of the terminal, in which every line takes one row: what changed must stay in sight. */
export function changeLines(
	before: Graph,
	after: Graph,
	changes: GraphChanges,
	width: number | undefined,
): DiffLine[] {
	const room = width === undefined ? LONGEST : Math.max(20, width - MARGIN);
	return [
		...some(changes.removed, '-', (name) => cut(listNode(before.node(name)!), room)),
		...some(changes.added, '+', (name) => cut(listNode(after.node(name)!), room)),
		...some(changes.changed, '~', (name) => {
			const fields = changedFields(before.node(name)!, after.node(name)!);
			const what = cut(`  (${fields.join(', ')})`, Math.ceil(room / 2));
			return cut(listNode(after.node(name)!), room - what.length) + what;
		}),
	];
}

function some(names: readonly string[], mark: DiffLine['mark'], show: (name: string) => string): DiffLine[] {
	const lines: DiffLine[] = names.slice(0, EACH).map((name) => ({ mark, text: show(name) }));
	if (names.length > EACH) lines.push({ mark: ' ', text: [span(`… ${names.length - EACH} more`, 'dim')] });
	return lines;
}

function cut(text: string, room: number): string {
	return text.length > room ? `${text.slice(0, room - 2)} …` : text;
}
