/** A file that holds only functions: the arguments and results of those that no other one calls. */
import { dtypeName } from '../graph/dtype.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import type { Candidate } from './candidate.ts';

/** @returns nothing for a graph that has nodes of its own. */
export function functionCandidates(graph: Graph, side: 'inputs' | 'outputs'): Candidate[] {
	if (graph.nodes.length > 0) return [];
	return outermost(graph).flatMap(({ name, definition }) => {
		const { signature } = definition;
		const args = (side === 'inputs' ? signature?.input_arg : signature?.output_arg) ?? [];
		return args.map((argument) => ({
			name: `${name}/${argument.name}`,
			op: side === 'inputs' ? '_Arg' : '_Retval',
			dtype: argument.type === 0 ? null : dtypeName(argument.type),
			shape: null,
			score: 0.5,
			reason: `${side === 'inputs' ? 'an argument' : 'a result'} of the function ${name}; the graph itself has no nodes`,
			group: 'function',
		}));
	});
}

function outermost(graph: Graph): GraphFunction[] {
	const called = new Set<string>();
	for (const { nodes } of graph.functions.functions) {
		for (const node of nodes) {
			called.add(node.op);
			for (const attr of node.attrs.values()) if (attr.functionName) called.add(attr.functionName);
		}
	}
	return graph.functions.functions.filter((f) => !called.has(f.name));
}
