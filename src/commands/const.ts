import { WhittleError } from '../graph/error.ts';
import type { Tensor } from '../graph/tensor.ts';
import { elementText } from '../graph/tensor-text.ts';
import { readSlice, type Slice } from '../inspect/tensor-slice.ts';
import { tensorStatistics } from '../inspect/tensor-statistics.ts';
import { type Block, text } from '../session/answer.ts';
import { optionalWord, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { namedNode } from './named-node.ts';
import { histogramBars, statisticsLine } from './tensor-blocks.ts';

/** Values in the data of an answer, and on the screen. */
const MOST_VALUES = 1024;

export default defineCommand({
	name: 'const',
	group: 'look',
	summary: 'the values of a constant: figures, a histogram, slices',
	details:
		'A slice is written as in Python: [0], [:,:,0,1], [..., 3], [10:20]. Without one the first values are shown.',
	args: {
		node: word('a Const node', { subject: 'node' }),
		slice: optionalWord('which values, as in Python: [0,:,2]'),
	},
	examples: ['const pnet/conv1/weights', 'const pnet/conv1/weights [0,0,:,5]'],
	scripted: 'asked',

	run(session, args) {
		const { graph } = session;
		const [name, slice] = separateSlice(args.node, args.slice);
		const node = graph.nodes[namedNode(session, name)]!;
		const { tensor } = node;
		if (!tensor) {
			throw new WhittleError('usage', `${node.name} is a ${node.op}: it has no value of its own.`, {
				hint: `show ${node.name}`,
			});
		}
		const statistics = tensorStatistics(tensor);
		if (statistics.problem)
			return {
				kind: 'chart',
				data: { name: node.name, ...statistics },
				blocks: [text(statisticsLine(statistics))],
			};
		const chosen = readSlice(tensor.shape, slice ?? '');
		const values = valuesOf(tensor, chosen);
		const bars = slice === undefined ? histogramBars(statistics) : undefined;
		const blocks: Block[] = [text(statisticsLine(statistics)), ...(bars ? [bars] : [])];
		blocks.push(text(...valueLines(chosen, values)));
		return {
			kind: 'chart',
			data: { name: node.name, ...statistics, slice: chosen.shape, values },
			blocks,
			next: [`show ${node.name}`],
		};
	},
});

/** `const w[0,:]` and `const w [0,:]` are the same. */
function separateSlice(node: string, slice: string | undefined): [string, string | undefined] {
	const inline = slice === undefined ? /^(.*?)(\[.*\])$/.exec(node) : null;
	return inline ? [inline[1]!, inline[2]!] : [node, slice];
}

/** The values of a slice as JSON has them: numbers where it can, else text. */
function valuesOf(tensor: Tensor, slice: Slice): (number | string | boolean)[] {
	const { data, dtype } = tensor;
	const values: (number | string | boolean)[] = [];
	for (const at of slice.indexes(MOST_VALUES)) {
		const text = elementText(dtype, data, at) ?? String(data[at]);
		const number = Number(text);
		values.push(typeof data[at] === 'number' && text !== '' && Number.isFinite(number) ? number : text);
	}
	return values;
}

/** One line for each row of the last axis. */
function valueLines(slice: Slice, values: readonly (number | string | boolean)[]): string[] {
	const width = Math.max(1, slice.shape.at(-1) ?? 1);
	const lines: string[] = [];
	for (let at = 0; at < values.length && lines.length < 16; at += width) {
		const row = values.slice(at, at + Math.min(width, 12)).map(String);
		lines.push(`  ${row.join('  ')}${width > 12 ? '  …' : ''}`);
	}
	const shown = lines.length * width;
	if (shown < slice.elements) lines.push(`  … ${slice.elements} values in this slice`);
	return lines;
}
