/**
 *   before   r = RequantizationRange(q), y = Requantize(q:0, q:1, q:2, r:0, r:1)
 *   after    r/frozen_min = Const(), r/frozen_max = Const()
 *            y = Requantize(q:0, q:1, q:2, r/frozen_min:0, r/frozen_max:0)
 */
import { WhittleError } from '../graph/error.ts';
import { decodeText } from '../graph/text.ts';
import { floatScalar } from './const-node.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { type MinMaxRecord, readMinMaxLog } from './min-max-log.ts';
import { parameterFiles } from './parameter-file.ts';
import { float, string } from './parameters.ts';
import { renameInputs } from './rename-inputs.ts';

const NO_FILE = 'You must pass a file name to min_max_log_file';

export default defineTransform({
	name: 'freeze_requantization_ranges',
	summary: 'put logged ranges in the place of ranges that are found anew in every run',
	details:
		'The log comes from runs of the graph after insert_logging(op=RequantizationRange, show_name=true, ' +
		'message="__requant_min_max:"). Of all the values that a node logged, the lowest and highest few per cent are left ' +
		'out, so that single outliers do not widen the range.',
	origin: 'tensorflow',
	loss: 'lossy',
	picture:
		'before   r = RequantizationRange(q), y = Requantize(q:0, q:1, q:2, r:0, r:1)\n' +
		'after    y = Requantize(q:0, q:1, q:2, r/frozen_min:0, r/frozen_max:0)',
	params: {
		min_max_log_file: string('the log', { default: '', subject: 'file' }),
		min_percentile: float('per cent of the lowest minima to leave out', { default: 5 }),
		max_percentile: float('per cent of the highest maxima to leave out', { default: 5 }),
	},
	examples: ['freeze_requantization_ranges(min_max_log_file=log.txt)'],
	after: ['quantize_nodes'],
	seeAlso: ['quantize_nodes', 'insert_logging'],

	*apply({ graph, params, readFile, report }) {
		const path = params.min_max_log_file;
		if (path === '') throw new WhittleError('transform', NO_FILE);
		const { min_percentile: low, max_percentile: high } = params;
		const records = readMinMaxLog(decodeText(parameterFiles(readFile)(path)));
		if (records.length === 0) {
			throw new WhittleError('transform', 'No min/max range logs were found in the log file', {
				hint: 'A run after insert_logging(op=RequantizationRange, show_name=true, message="__requant_min_max:") writes them.',
			});
		}
		const ranges = chosenRanges(records, low, high);
		for (const name of ranges.keys()) {
			if (graph.has(name)) continue;
			const message = "Nodes were found in the log file that aren't present in the graph";
			throw new WhittleError('transform', message, { hint: `There is no node \`${name}\`.` });
		}
		const renames = new Map<string, string>();
		const nodes = graph.nodes.flatMap((node) => {
			const range = ranges.get(node.name);
			if (!range) {
				if (node.op === 'RequantizationRange') report.skip(node.name, 'the log does not name it');
				return [node];
			}
			if (node.op !== 'RequantizationRange') {
				throw new WhittleError(
					'transform',
					`Node is expected to be a RequantizationRange op: ${node.name}, but is: ${node.op}`,
				);
			}
			const names = [`${node.name}/frozen_min`, `${node.name}/frozen_max`] as const;
			renames.set(`${node.name}:0`, `${names[0]}:0`);
			renames.set(`${node.name}:1`, `${names[1]}:0`);
			return [floatScalar(names[0], range.min), floatScalar(names[1], range.max)];
		});
		report.note(
			`${ranges.size} range${ranges.size === 1 ? '' : 's'} from ${records.length} records of the log`,
		);
		return keepNodes(graph, yield* renameInputs(nodes, renames));
	},
});

/** By node, the values at the percentiles of all that it logged. */
function chosenRanges(
	records: readonly MinMaxRecord[],
	low: number,
	high: number,
): Map<string, { min: number; max: number }> {
	const logged = new Map<string, { mins: number[]; maxes: number[] }>();
	for (const { name, min, max } of records) {
		const values = logged.get(name) ?? { mins: [], maxes: [] };
		logged.set(name, values);
		values.mins.push(min);
		values.maxes.push(max);
	}
	const { fround } = Math;
	const ranges = new Map<string, { min: number; max: number }>();
	for (const [name, { mins, maxes }] of logged) {
		const count = mins.length;
		const first = roundHalfAway(fround(count * fround(low / 100)));
		const last = roundHalfAway(fround(count * fround(1 - fround(high / 100))));
		const i = first > 0 ? Math.min(first, count - 1) : 0;
		const j = last >= 0 && last < count ? last : count - 1;
		ranges.set(name, { min: Float32Array.from(mins).sort()[i]!, max: Float32Array.from(maxes).sort()[j]! });
	}
	return ranges;
}

function roundHalfAway(value: number): number {
	return value < 0 ? -Math.round(-value) : Math.round(value);
}
