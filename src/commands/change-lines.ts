/** The first few nodes that differ between two graphs, as the lines of a diff. */
import { changedFields, compareGraphs } from '../graph/changes.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { type Block, span } from '../session/answer.ts';

type DiffLine = Extract<Block, { type: 'diff' }>['lines'][number];

/** How many lines of each kind a preview shows. */
const EACH = 4;

export function changeLines(before: Graph, after: Graph): DiffLine[] {
	const { added, removed, changed } = compareGraphs(before, after);
	return [
		...some(removed, '-', (name) => nodeText(before.node(name)!)),
		...some(added, '+', (name) => nodeText(after.node(name)!)),
		...some(changed, '~', (name) => {
			const fields = changedFields(before.node(name)!, after.node(name)!);
			return `${nodeText(after.node(name)!)}  (${fields.join(', ')})`;
		}),
	];
}

function some(names: readonly string[], mark: DiffLine['mark'], show: (name: string) => string): DiffLine[] {
	const lines: DiffLine[] = names.slice(0, EACH).map((name) => ({ mark, text: show(name) }));
	if (names.length > EACH) lines.push({ mark: ' ', text: [span(`… ${names.length - EACH} more`, 'dim')] });
	return lines;
}

function nodeText(node: Node): string {
	const inputs = node.inputs.slice(0, 4).join(', ') + (node.inputs.length > 4 ? ', …' : '');
	return `${node.name} = ${node.op}(${inputs})`;
}
