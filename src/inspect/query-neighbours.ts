/** The fields that ask where a node lies in the graph: `in`, `out`, `above`, `below`. */
import { sourceOf } from '../graph/names.ts';
import { noSuchNode } from '../graph/suggest.ts';
import type { NodeIndex } from './node-index.ts';
import type { QueryField } from './query-field.ts';
import type { Leaf } from './query-syntax.ts';
import { spanOf, textTest } from './query-values.ts';
import { type Direction, distances, forEachNeighbour } from './reach.ts';

/** @param depth 1 for the direct neighbours; else all that are reached. */
export function neighbourField(name: string, summary: string, direction: Direction, depth?: 1): QueryField {
	return {
		name,
		summary,
		example: `${name}:NODE`,
		cost: 3,
		values: 'name',
		test(index, leaf) {
			const marks = new Uint8Array(index.graph.nodes.length);
			const from = nodesNamed(index, leaf, name);
			if (depth === 1) {
				for (const at of from)
					forEachNeighbour(index.graph, at, direction, true, (other) => {
						marks[other] = 1;
					});
			} else {
				const far = distances(index.graph, from, direction);
				for (let i = 0; i < far.length; i++) if (far[i]! > 0) marks[i] = 1;
			}
			return (i) => marks[i] === 1;
		},
	};
}

/** Positions of the nodes that a value names; a port or `^` is allowed. @throws WhittleError `unknown`. */
function nodesNamed(index: NodeIndex, leaf: Leaf, field: string): number[] {
	const { graph } = index;
	if (leaf.type === 'text' && !/[*?]/.test(leaf.text)) {
		const position = graph.position.get(leaf.text) ?? graph.position.get(sourceOf(leaf.text));
		if (position !== undefined) return [position];
		throw noSuchNode(leaf.text, graph.position.keys()).retold({ span: spanOf(leaf) });
	}
	const fits = textTest(field, leaf, false);
	const found: number[] = [];
	for (let i = 0; i < graph.nodes.length; i++) if (fits(graph.nodes[i]!.name)) found.push(i);
	return found;
}
