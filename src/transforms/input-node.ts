/** The input nodes that whittle's own transforms change. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

export const PLACEHOLDERS: readonly string[] = ['Placeholder', 'PlaceholderV2', 'PlaceholderWithDefault'];

/** The placeholder of that name. @throws WhittleError `transform` naming what is there instead. */
export function inputNode(graph: Graph, name: string, transform: string): Node {
	const node = graph.node(sourceOf(name));
	if (node && PLACEHOLDERS.includes(node.op)) return node;
	const inputs = PLACEHOLDERS.flatMap((op) => graph.byOp.get(op) ?? []).map((input) => input.name);
	const shown = inputs.slice(0, 8).join(', ') + (inputs.length > 8 ? ', …' : '');
	throw new WhittleError(
		'transform',
		node
			? `${transform}: \`${name}\` is a ${node.op}, not a placeholder`
			: `${transform}: there is no node \`${name}\``,
		{ hint: inputs.length > 0 ? `Placeholders: ${shown}.` : 'The graph has no placeholder.' },
	);
}
