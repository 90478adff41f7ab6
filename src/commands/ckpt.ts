import type { CheckpointEntry, CheckpointReader } from '../formats/checkpoint-reader.ts';
import { wholeFiles } from '../formats/file-source.ts';
import { openCheckpoint } from '../formats/open-checkpoint.ts';
import { dtypeName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { elementText } from '../graph/tensor-text.ts';
import { humanBytes, humanCount } from '../inspect/humanize.ts';
import { tensorStatistics } from '../inspect/tensor-statistics.ts';
import { type Answer, type Column, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { optionalWord, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { histogramBars, statisticsLine } from './tensor-blocks.ts';

const columns: readonly Column[] = [
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'dtype' },
	{ name: 'shape' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'bytes', align: 'right', format: 'bytes' },
	{ name: 'slices', align: 'right' },
];

/** Values in the answer, when one tensor is looked at. */
const MOST_VALUES = 64;

export default defineCommand({
	name: 'ckpt',
	group: 'look',
	summary: 'what is in a checkpoint: names, types, shapes, sizes, and the values of one tensor',
	details:
		'The checkpoint is named by its prefix (`model.ckpt-1000`), by one of its files, by its list of files ' +
		'(`checkpoint`), or by the folder that holds it; of a SavedModel it is that of `variables/`. V2 and V1 are ' +
		'read. Only the index is read for the list, and only one tensor for its values.',
	args: {
		file: word('a checkpoint: its prefix, its .index file, `checkpoint`, or a folder', { subject: 'file' }),
		name: optionalWord('a tensor in it, to see its values'),
	},
	examples: ['ckpt model.ckpt-1000', 'ckpt model.ckpt-1000.index dense/kernel', 'ckpt saved_model'],
	scripted: 'asked',
	withoutModel: true,

	run({ host }, { file, name }) {
		const files = host.fileSource ?? wholeFiles((path) => host.readFile(path));
		const checkpoint = openCheckpoint(file, files);
		return name === undefined ? listed(checkpoint) : shown(checkpoint, name);
	},
});

function listed(checkpoint: CheckpointReader): Answer {
	const entries = checkpoint.keys.map((key) => checkpoint.describe(key)!);
	const rows = entries.map((entry) => ({
		name: entry.key,
		dtype: dtypeName(entry.dtype),
		shape: entry.shape,
		params: elements(entry),
		bytes: entry.bytes,
		slices: entry.slices,
	}));
	const total = rows.reduce((sum, { params }) => sum + params, 0);
	const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
	const cells = rows.map((row) => [
		row.name,
		row.dtype,
		`[${row.shape.join(',')}]`,
		row.params,
		row.bytes,
		row.slices > 0 ? row.slices : null,
	]);
	const summary = `${checkpoint.prefix} · V${checkpoint.version} · ${plural(rows.length, 'tensor')} · ${humanCount(total)} values · ${humanBytes(bytes)}`;
	return {
		kind: 'table',
		data: {
			columns: columns.map((column) => column.name),
			rows,
			total: rows.length,
			prefix: checkpoint.prefix,
			version: checkpoint.version,
			bytes,
		},
		blocks: [{ type: 'table', columns, rows: cells }, text(summary)],
	};
}

function elements({ shape }: CheckpointEntry): number {
	return shape.reduce((product, size) => product * size, 1);
}

function shown(checkpoint: CheckpointReader, name: string): Answer {
	if (!checkpoint.has(name)) {
		throw new WhittleError('unknown', `\`${name}\` is not in the checkpoint ${checkpoint.prefix}.`, {
			hint: didYouMean(name, checkpoint.keys),
		});
	}
	const value = checkpoint.read(name);
	const count = value.shape.reduce((product, size) => product * size, 1);
	const measured = { ...value, elements: count, decodable: true, problem: undefined };
	const statistics = tensorStatistics(measured);
	const bars = histogramBars(statistics);
	const first = firstValues(value, count);
	const more = count > first.length ? '  …' : '';
	return {
		kind: 'chart',
		data: { name, ...statistics, values: first },
		blocks: [text(statisticsLine(statistics)), ...(bars ? [bars] : []), text(`  ${first.join('  ')}${more}`)],
	};
}

function firstValues({ dtype, data }: TensorValue, count: number): string[] {
	return Array.from(
		{ length: Math.min(count, MOST_VALUES) },
		(_, i) => elementText(dtype, data, i) ?? String(data[i]),
	);
}
