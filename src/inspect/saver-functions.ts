/** Functions that save or restore variables: SavedModels carry them, and they are no part of the model. */
import type { Graph } from '../graph/graph.ts';

const savers = new WeakMap<Graph, Map<string, boolean>>();

/** Whether a function, or one that it calls, saves or restores variables. */
export function callsSaver(graph: Graph, name: string): boolean {
	let answers = savers.get(graph);
	if (!answers) {
		answers = new Map();
		savers.set(graph, answers);
	}
	const answered = answers.get(name);
	if (answered !== undefined) return answered;
	const seen = new Set([name]);
	let saves = false;
	for (const inner of seen) {
		for (const node of graph.functions.get(inner)?.nodes ?? []) {
			if (/^(?:SaveV2|RestoreV2|MergeV2Checkpoints)$/.test(node.op)) saves = true;
			const called = node.attr('f')?.functionName;
			if (called) seen.add(called);
		}
	}
	answers.set(name, saves);
	return saves;
}
