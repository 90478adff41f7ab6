/** Small random graphs that TensorFlow can import: typed, mostly of fitting shapes, with much that folds. */
import { Graph } from '../../src/graph/graph.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import { choices } from './choices.ts';
import { FoldableGraph } from './foldable-graph.ts';
import { addOperation } from './foldable-operation.ts';

export interface Foldable {
	readonly graph: Graph;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

export function randomFoldable(random: RandomSource): Foldable {
	const growing = new FoldableGraph(choices(random));
	const { pick } = growing;
	for (let i = 0; i < 3; i++) growing.source();
	const count = 2 + pick.below(pick.chance(0.3) ? 30 : 12);
	for (let i = 0; i < count; i++) {
		if (pick.chance(0.15)) growing.source();
		else addOperation(growing);
	}
	const names = growing.nodes.map((node) => node.name);
	const outputs = new Set<string>();
	for (let i = 0; i <= pick.below(3); i++)
		outputs.add(pick.chance(0.7) ? names.at(-1 - pick.below(Math.min(6, names.length)))! : pick.one(names));
	const inputs = growing.placeholders.filter(() => pick.chance(0.75));
	const nodes = pick.chance(0.4) ? pick.shuffled(growing.nodes) : growing.nodes;
	return { graph: new Graph([...nodes]), inputs, outputs: [...outputs] };
}
