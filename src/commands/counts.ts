import { countsOf } from '../inspect/counts.ts';
import { costing } from '../inspect/flops.ts';
import { humanBytes, humanCount } from '../inspect/humanize.ts';
import { weighingNodes } from '../inspect/weights.ts';
import { type Block, type Line, text } from '../session/answer.ts';
import { countFlops, weighing } from '../session/status.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';

/** The most op types that have a bar: the screen of an old terminal holds them. */
const BARS = 12;

export default defineCommand({
	name: 'counts',
	group: 'look',
	summary: 'the graph in figures: nodes, parameters, bytes, FLOPs, op types',
	details:
		'Parameters are the elements of all constants, as summarize_graph counts them; those of variables stand ' +
		'beside them, by their declared shapes. FLOPs are the sum of what is known: `flops` tells of which nodes it is not.',
	args: {},
	examples: ['counts'],
	scripted: 'asked',

	async run(session, _args, context) {
		const { graph } = session;
		await runPausing(weighingNodes(graph), 'counts', context);
		const counts = countsOf(graph);
		const { bytes } = await runPausing(weighing(graph), 'counts', context);
		const { unknown } = await runPausing(costing(graph), 'counts', context);
		const flops = countFlops(graph) ?? null;
		const about = unknown.length > 0 ? ` and those of ${unknown.length} nodes that are not known` : '';
		const lines: Line[] = [
			`nodes          ${counts.nodes}`,
			`parameters     ${humanCount(counts.params)} (${counts.params})`,
			`in variables   ${humanCount(counts.variableParams)}`,
			`bytes          ${humanBytes(bytes)}`,
			`FLOPs          ${flops === null ? 'not known' : `${humanCount(flops)}${about}`}`,
			`control edges  ${counts.controlEdges}`,
			`functions      ${counts.functions}`,
		];
		const ops = Object.entries(counts.ops);
		const rest = ops.length > BARS ? [text(`and ${ops.length - BARS} op types more: \`ops\` lists all`)] : [];
		return {
			kind: 'text',
			data: { ...counts, bytes, flops },
			blocks: [text(...lines), bars(ops.slice(0, BARS)), ...rest],
			next: ['ops', 'params', 'flops'],
		};
	},
});

function bars(ops: readonly (readonly [string, number])[]): Block {
	return { type: 'bars', bars: ops.map(([op, n]) => ({ label: op, value: n, text: String(n), tone: 'op' })) };
}
