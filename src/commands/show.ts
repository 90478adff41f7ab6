import { dtypeName } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { attrJson, type Json, shortAttrText } from '../inspect/attr-values.ts';
import { flopsOf } from '../inspect/flops.ts';
import { humanBytes, humanCount } from '../inspect/humanize.ts';
import { formatShape, shapesFor } from '../inspect/output-shapes.ts';
import { type TensorStatistics, tensorStatistics } from '../inspect/tensor-statistics.ts';
import { weightsOf } from '../inspect/weights.ts';
import { weightsRead } from '../inspect/weights-read.ts';
import { outputDtypes } from '../ops/signature.ts';
import { type Block, type Line, span, text } from '../session/answer.ts';
import { word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';
import { histogramBars, statisticsLine } from './tensor-blocks.ts';

/** Neighbours shown; the data has all of them. */
const SHOWN = 12;

export default defineCommand({
	name: 'show',
	group: 'look',
	summary: 'one node: attributes, inputs, readers, outputs, its tensor',
	args: { node: word('a node', { subject: 'node' }) },
	examples: ['show pnet/conv1/Conv2D'],
	scripted: 'asked',

	run(session, args) {
		const { graph } = session;
		const position = namedNode(session, args.node);
		const node = graph.nodes[position]!;
		const readers = readersOf(graph, position);
		const outputs = outputsOf(graph, position);
		const { params } = weightsRead(graph);
		const { bytes } = weightsOf(graph);
		const flops = flopsOf(graph, position);
		const { tensor } = node;
		const statistics = tensor && tensorStatistics(tensor);
		const attrs: Record<string, Json> = Object.fromEntries(
			[...node.attrs].map(([name, attr]) => [name, attrJson(attr)]),
		);
		const data = {
			name: node.name,
			op: node.op,
			device: node.device,
			inputs: node.inputs,
			readers,
			attrs,
			outputs,
			params: params[position]!,
			bytes: bytes[position]!,
			flops: Number.isNaN(flops) ? null : flops,
			...(statistics ? { tensor: statistics } : {}),
		};
		const lines: Line[] = [
			[
				span(node.name, 'name'),
				span(' = '),
				span(node.op, 'op'),
				span(node.device ? `  on ${node.device}` : '', 'dim'),
			],
			...node.inputs.slice(0, SHOWN).map((input) => inputLine(graph, input)),
			...more(node.inputs.length),
			...outputs.map(
				(output, port): Line => [
					span('  out    ', 'dim'),
					span(`:${port}  ${output.dtype} ${formatShape(output.shape)}`),
				],
			),
			...readers
				.slice(0, SHOWN)
				.map(
					(name): Line => [
						span('  reader ', 'dim'),
						span(name, 'name'),
						span(`  ${graph.node(name)!.op}`, 'op'),
					],
				),
			...more(readers.length),
			...[...node.attrs].map(
				([name, attr]): Line => [span('  attr   ', 'dim'), span(`${name} = ${shortAttrText(attr)}`)],
			),
			[
				span('  cost   ', 'dim'),
				span(
					`${humanCount(data.params)} params · ${humanBytes(data.bytes)} · ${data.flops === null ? 'FLOPs not known' : `${humanCount(data.flops)} FLOPs`}`,
				),
			],
		];
		const blocks: Block[] = [text(...lines), ...tensorBlocks(statistics)];
		const next = [`in ${node.name}`, `out ${node.name}`, ...(tensor ? [`const ${node.name}`] : [])];
		return { kind: 'text', data, blocks, next };
	},
});

function tensorBlocks(statistics: TensorStatistics | undefined): Block[] {
	if (!statistics) return [];
	const bars = histogramBars(statistics);
	return [text([span('  tensor ', 'dim'), span(statisticsLine(statistics))]), ...(bars ? [bars] : [])];
}

function inputLine(graph: Graph, input: string): Line {
	const source = graph.node(sourceOf(input));
	const op = source ? span(`  ${source.op}`, 'op') : span('  does not exist', 'bad');
	return [span('  in     ', 'dim'), span(input, 'name'), op];
}

function more(count: number): Line[] {
	return count > SHOWN ? [[span(`         and ${count - SHOWN} more`, 'dim')]] : [];
}

/** Names of the readers, each once, in the file's order. */
function readersOf(graph: Graph, position: number): string[] {
	const { readerStart, reader } = graph.topology;
	const found = new Set<string>();
	for (let e = readerStart[position]!; e < readerStart[position + 1]!; e++)
		found.add(graph.nodes[reader[e]!]!.name);
	return [...found];
}

function outputsOf(
	graph: Graph,
	position: number,
): { dtype: string | null; shape: readonly number[] | null }[] {
	const dtypes = outputDtypes(graph.nodes[position]!, graph.functions);
	const shapes = shapesFor(graph, [position]).shapes[position]!;
	const count = dtypes?.length ?? shapes.length;
	return Array.from({ length: count }, (_, port) => ({
		dtype: dtypes ? dtypeName(dtypes[port]!) : null,
		shape: shapes[port] ?? null,
	}));
}
