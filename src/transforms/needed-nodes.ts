import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';

/**
 * The graph without nodes that none of `ends` needs, by data or control edges. What an input reads is not needed,
 * unless something else reads it. The order stays.
 */
export function neededNodes(graph: Graph, ends: ReadonlySet<string>, inputs: readonly string[] = []): Graph {
	const cut = new Set(inputs.map(sourceOf));
	const { inputStart, inputSource } = graph.topology;
	const needed = new Uint8Array(graph.nodes.length);
	const pending: number[] = [];
	const visit = (index: number | undefined): void => {
		if (index === undefined || index < 0 || needed[index]) return;
		needed[index] = 1;
		pending.push(index);
	};
	for (const name of ends) visit(graph.position.get(name));
	for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
		const node = graph.nodes[i]!;
		// A PlaceholderWithDefault that is an input still names its default.
		if (cut.has(node.name) && node.op === 'Placeholder') continue;
		for (let e = inputStart[i]!; e < inputStart[i + 1]!; e++) visit(inputSource[e]!);
	}
	if (needed.every((flag) => flag === 1)) return graph;
	return graph.with(graph.nodes.filter((_node, i) => needed[i]));
}
