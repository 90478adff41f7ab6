import { describe, expect, test } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { lines } from './apply.ts';

const GRAPH = 'q = Const\nrr = RequantizationRange(q)\ny = Requantize(q, rr, rr:1)';

function frozen(log: string, parameters = '', graph = GRAPH): Graph {
	const [{ name, params }] = parseTransforms(
		`freeze_requantization_ranges(min_max_log_file=log.txt${parameters})`,
	) as [ReturnType<typeof parseTransforms>[number]];
	const readFile = (path: string): Uint8Array => {
		if (path === 'log.txt') return Buffer.from(log);
		throw Object.assign(new Error('no'), { code: 'ENOENT' });
	};
	return runTransform(readListing(graph), transformByName(name)!, params, {
		inputs: [],
		outputs: [],
		readFile,
	}).graph;
}

const record = (min: string | number, max: string | number): string =>
	`[pfx] ;rr__print__;__requant_min_max:[${min}][${max}]`;
function range(log: string, parameters = ''): [number, number] {
	const graph = frozen(log, parameters);
	const value = (part: string): number => graph.node(`rr/frozen_${part}`)!.tensor!.data[0] as number;
	return [value('min'), value('max')];
}

describe('freeze_requantization_ranges', () => {
	test('two constants take the place of a range', () => {
		expect(lines(frozen(record(-2, 10)))).toEqual([
			'q = Const',
			'rr/frozen_min = Const {dtype: float, value: float[] -2}',
			'rr/frozen_max = Const {dtype: float, value: float[] 10}',
			'y = Requantize(q, rr/frozen_min:0, rr/frozen_max:0)',
		]);
	});

	test('a missing file is told of before percentiles that are no numbers', () => {
		const [{ name, params }] = parseTransforms('freeze_requantization_ranges(min_percentile=x)') as [
			ReturnType<typeof parseTransforms>[number],
		];
		const ends = { inputs: [], outputs: [] };
		expect(() => runTransform(readListing(GRAPH), transformByName(name)!, params, ends)).toThrow(
			'You must pass a file name to min_max_log_file',
		);
	});

	test.each([
		[record('-2.4313571', '10.584145'), [Math.fround(-2.4313571), Math.fround(10.584145)]],
		['rr__print__;__requant_min_max:[-1][2]', [-1, 2]],
		[`${record(-1, 2)} and more\r`, [-1, 2]],
		[record(' -1 ', ' 0x10 '), [-1, 16]],
		[record('-inf', '1e400'), [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
		[`${record(-9, 9)};rr__print__;__requant_min_max:[-1][2]`, [-1, 2]],
		[
			`${record('-1.bad', 1)}\n${record('', 1)}\nrr__print__;__requant_min_max: [-7][7]\n${record(-1, 2)}`,
			[-1, 2],
		],
	])('the line %j', (line, expected) => {
		expect(range(line)).toEqual(expected);
	});

	const hundred = Array.from({ length: 100 }, (_, i) => record(-(i + 1), i + 1)).join('\n');

	test.each([
		['', [-95, 96]],
		[', min_percentile=0, max_percentile=0', [-100, 100]],
		[', min_percentile=10, max_percentile=20', [-90, 81]],
		[', min_percentile=50, max_percentile=50', [-50, 51]],
		[', min_percentile=0.4, max_percentile=0.6', [-100, 100]],
		[', min_percentile=99, max_percentile=99', [-1, 2]],
		[', min_percentile=99, max_percentile=100', [-1, 1]],
		[', min_percentile=20, max_percentile=101', [-80, 100]],
		[', min_percentile=-10, max_percentile=-10', [-100, 100]],
		[', min_percentile=100', [-1, 96]],
	])('percentiles%s', (parameters, expected) => {
		expect(range(hundred, parameters)).toEqual(expected);
	});

	test.each([
		['no record', 'nothing', '', GRAPH, 'No min/max range logs were found in the log file'],
		[
			'an unknown node',
			record(0, 1),
			'',
			'q = Const',
			"Nodes were found in the log file that aren't present in the graph",
		],
		[
			'a node of another op',
			record(0, 1),
			'',
			'rr = Relu(q)\nq = Const',
			'Node is expected to be a RequantizationRange op: rr, but is: Relu',
		],
		[
			'a control input',
			record(0, 1),
			'',
			`${GRAPH}\nz = NoOp(^rr)`,
			'Invalid graph with inputs referring to nonexistent nodes',
		],
	])('%s is an error', (_what, log, parameters, graph, message) => {
		expect(() => frozen(log, parameters, graph)).toThrow(message);
	});

	test('no file is an error, and so is one that is not there', () => {
		const run = (text: string): unknown => {
			const [call] = parseTransforms(text);
			const readFile = (): never => {
				throw Object.assign(new Error('no'), { code: 'ENOENT' });
			};
			const transform = transformByName('freeze_requantization_ranges')!;
			return runTransform(readListing(GRAPH), transform, call!.params, { inputs: [], outputs: [], readFile });
		};
		expect(() => run('freeze_requantization_ranges')).toThrow(
			'You must pass a file name to min_max_log_file',
		);
		expect(() => run('freeze_requantization_ranges(min_max_log_file=l)')).toThrow(
			'l; No such file or directory',
		);
	});
});
