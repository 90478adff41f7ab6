/** TensorFlow's `compare_graphs` (spec: core-and-rewiring 8). */
import type { Graph } from '../graph/graph.ts';
import { firstDifference } from '../inspect/compare.ts';
import { loadGraph } from './load-graph.ts';
import { FAILED, type ToolStreams } from './streams.ts';

/** @returns 0 for equal graphs, 1 for different ones, 255 when one cannot be read. */
export async function compareGraphFiles(args: readonly string[], streams: ToolStreams): Promise<number> {
	if (args.length !== 2) {
		streams.log('compare_graphs expects two file names as arguments');
		return FAILED;
	}
	const graphs: Graph[] = [];
	for (const path of args) {
		const loaded = await loadGraph(path);
		if ('error' in loaded) {
			streams.log(`Loading graph '${path}' failed with ${loaded.error}`);
			return FAILED;
		}
		graphs.push(loaded.graph);
	}
	const difference = firstDifference(graphs[0]!, graphs[1]!);
	streams.out(`${difference ?? 'Graphs are equal.'}\n`);
	return difference === undefined ? 0 : 1;
}
