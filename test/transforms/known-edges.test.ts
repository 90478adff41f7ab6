/** Some transforms know the edges of what they make and give them along. They are those that the names tell. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WhittleError } from '../../src/graph/error.ts';
import { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import { mixedGraph } from '../oracle/mixed-graph.ts';
import { apply } from './apply.ts';

const ODD = { cycles: 0.02, unknownInputs: 0, unknownOps: 0.02, duplicateNames: 0.05 };

const CHAINS: readonly (readonly string[])[] = [
	['fold_constants'],
	['fold_constants', 'fold_constants'],
	['insert_logging'],
	['insert_logging(op=Add, show_name=true)'],
	['insert_logging', 'insert_logging'],
	['merge_duplicate_nodes'],
	['obfuscate_names'],
	['remove_nodes(op=Identity, op=CheckNumerics)'],
	['remove_nodes(op=Add, op=Neg, max_inputs=3)'],
	['sort_by_execution_order'],
];

for (const chain of CHAINS) {
	test(`${chain.join(' ')} gives the edges that a reader of its nodes finds`, () => {
		let compared = 0;
		fc.assert(
			fc.property(fc.nat(), (seed) => {
				const { graph, inputs, outputs } = mixedGraph(mulberry32(seed), ODD);
				let current = graph;
				try {
					for (const transform of chain) current = apply(transform, current, { inputs, outputs }).graph;
				} catch (error) {
					if (error instanceof WhittleError) return;
					throw error;
				}
				expect(current.topology).toEqual(new Graph(current.nodes).topology);
				compared++;
			}),
			{ numRuns: 300, seed: 5 },
		);
		expect(compared).toBeGreaterThan(20);
	});
}
