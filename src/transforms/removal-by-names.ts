/**
 * How `remove_nodes` takes nodes out of a graph where several nodes have one name: step by step as the C++ tool
 * does it, which goes by names everywhere (spec: core-and-rewiring 9.12). Sound graphs take the faster way of
 * pass-through-removal.ts.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import { keepNodes } from './keep-nodes.ts';
import type { Match } from './match.ts';
import type { Pattern } from './pattern.ts';
import { renameInputs } from './rename-inputs.ts';
import { replaceMatches } from './replace-matches.ts';

/**
 * @param ends names of nodes that stay.
 * @param op an op type, `A|B`, or `*` for any.
 * @param inputs the data inputs that a node to remove has.
 * @throws WhittleError `transform` where removals lead in a circle.
 */
export function* removeByNames(
	graph: Graph,
	ends: ReadonlySet<string>,
	op: string,
	inputs: number,
): Work<Graph> {
	const pattern = passThrough(op, inputs);
	let current = graph;
	for (let removed = true; removed; ) {
		removed = false;
		const renames = new Map<string, string>();
		const generate = (match: Match): readonly Node[] => {
			const { head } = match;
			if (ends.has(head.name)) return match.nodes;
			const source = match.node('source');
			renames.set(head.name, tensorRead(head, source.name));
			renames.set(`^${head.name}`, `^${source.name}`);
			removed = true;
			return [source];
		};
		const loose = { allowInconsistencies: true };
		const { graph: replaced } = yield* replaceMatches(current, pattern, generate, loose);
		current = keepNodes(graph, yield* renameInputs(replaced.nodes, renames));
	}
	return current;
}

/** A node of these ops with so many inputs of any kind. */
function passThrough(op: string, inputs: number): Pattern {
	const ops = op === '*' ? undefined : new Set(op.split('|').filter((type) => type !== ''));
	const lines = Array.from({ length: inputs }, (_, i) => i + 1);
	return {
		nodes: [
			{ label: op, ops, inputs: lines },
			...lines.map(() => ({ label: '*', ops: undefined, inputs: [] })),
		],
		roles: new Map([['source', 1]]),
	};
}

/** The first input, wherever it stands, that names the node: with its port. */
function tensorRead(head: Node, name: string): string {
	return head.inputs.find((input) => input === name || input.startsWith(`${name}:`)) ?? name;
}
