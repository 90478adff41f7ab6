/** TensorFlow's `summarize_graph` (spec: core-and-rewiring 7). */
import { summaryText } from '../inspect/summary.ts';
import { boolFlag, parseFlags, stringFlag, usageText } from './flags.ts';
import { loadGraph } from './load-graph.ts';
import { FAILED, type ToolStreams } from './streams.ts';

const flags = {
	in_graph: stringFlag('', 'input graph file name'),
	print_structure: boolFlag(false, 'whether to print the network connections of the graph'),
};

/** @returns the exit code. */
export async function summarizeGraph(args: readonly string[], streams: ToolStreams): Promise<number> {
	const usage = usageText('whittle summarize_graph', flags);
	const fail = (message: string): number => {
		streams.log(message);
		return FAILED;
	};
	const { values, leftover, problems, ok } = parseFlags(flags, args);
	for (const problem of problems) streams.log(problem);
	if (!ok) return fail(usage);
	if (leftover.length > 0) return fail(`Unknown argument ${leftover[0]}.\n${usage}`);
	if (values.in_graph === '') return fail(`in_graph graph can't be empty.\n${usage}`);
	const loaded = await loadGraph(values.in_graph);
	if ('error' in loaded) {
		if (loaded.detail) streams.log(loaded.detail);
		streams.log(`Loading graph '${values.in_graph}' failed with ${loaded.error}`);
		return fail(usage);
	}
	const report = summaryText(loaded.graph, values.in_graph, values.print_structure);
	for (const warning of report.warnings) streams.log(warning);
	streams.out(report.text);
	return report.error === undefined ? 0 : fail(`${report.error}\n${usage}`);
}
