/** The first few nodes that differ between two graphs, as the lines of a diff. */
import { changedFields, type GraphChanges } from '../graph/changes.ts';
import type { Graph } from '../graph/graph.ts';
import { listNode } from '../graph/listing.ts';
import { type Block, span } from '../session/answer.ts';

type DiffLine = Extract<Block, { type: 'diff' }>['lines'][number];

/** How many lines of each kind a preview shows, and how much of a long node. */
const EACH = 4;
const LONGEST = 120;

export function changeLines(before: Graph, after: Graph, changes: GraphChanges): DiffLine[] {
	return [
		...some(changes.removed, '-', (name) => nodeText(before, name)),
		...some(changes.added, '+', (name) => nodeText(after, name)),
		...some(changes.changed, '~', (name) => {
			const fields = changedFields(before.node(name)!, after.node(name)!);
			return `${nodeText(after, name)}  (${fields.join(', ')})`;
		}),
	];
}

function some(names: readonly string[], mark: DiffLine['mark'], show: (name: string) => string): DiffLine[] {
	const lines: DiffLine[] = names.slice(0, EACH).map((name) => ({ mark, text: show(name) }));
	if (names.length > EACH) lines.push({ mark: ' ', text: [span(`… ${names.length - EACH} more`, 'dim')] });
	return lines;
}

function nodeText(graph: Graph, name: string): string {
	const text = listNode(graph.node(name)!);
	return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
