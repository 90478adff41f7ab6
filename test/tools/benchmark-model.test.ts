/** TensorFlow's benchmark tool: its flags, lines, tables and exit codes (spec: benchmark 10). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunSummary } from '../../src/evaluate/run-summary.ts';
import { Statistic } from '../../src/evaluate/statistics.ts';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { Node } from '../../src/graph/node.ts';
import { benchmarkModel } from '../../src/tools/benchmark-model.ts';

let folder: string;
let file: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-test-'));
	file = join(folder, 'm.pb');
	const g = new GraphBuilder();
	g.placeholder('x', DT_FLOAT, [-1, 4, 4, 2]);
	g.random('w', [1, 1, 2, 3]);
	g.node('conv', 'Conv2D', ['x', 'w'], { T: FLOAT, strides: [1, 1, 1, 1], padding: 'SAME' });
	g.node('out', 'Relu', ['conv'], { T: FLOAT });
	writeFileSync(file, serializeGraphDef(g.finish()));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; log: string }> {
	let log = '';
	const code = await benchmarkModel(args, {
		out: () => undefined,
		log: (text) => {
			log += `${text}\n`;
		},
	});
	return { code, log };
}

const inputs = ['--input_layer=x', '--input_layer_shape=1,4,4,2', '--output_layer=out'];

describe('benchmark_model', () => {
	it('runs three phases and prints the tables', async () => {
		const { code, log } = await run(
			`--graph=${file}`,
			...inputs,
			'--max_num_runs=3',
			'--show_flops',
			'--show_sizes',
		);
		expect(code).toBe(0);
		const lines = log.split('\n');
		expect(lines.slice(0, 6)).toEqual([
			`Graph: [${file}]`,
			'Init ops:',
			'Input layers: [x]',
			'Input shapes: [1,4,4,2]',
			'Input types: [float]',
			'Output layers: [out]',
		]);
		for (const start of [
			'Running benchmark for max 1 iterations, max -1 seconds without detailed stat logging, with -1s sleep between inferences',
			'Running benchmark for max 3 iterations, max 10 seconds without detailed stat logging, with -1s sleep',
			'Running benchmark for max 3 iterations, max 10 seconds with detailed stat logging, with -1s sleep',
			'Average inference timings in us: Warmup: ',
			"Engine: whittle's own",
			'============================== Run Order ==============================',
			'Number of nodes executed: 3',
			'3 nodes observed',
			'conv\t1\tfloat\t4\t1\t4\t4\t3',
			'FLOPs estimate: 192',
			'FLOPs/second: ',
		])
			expect(
				lines.some((line) => line.startsWith(start)),
				start,
			).toBe(true);
	});

	it('says what is wrong with its flags', async () => {
		const counts = await run(`--graph=${file}`, '--input_layer=a,b');
		expect(counts.code).toBe(255);
		expect(counts.log).toContain('There must be the same number of items in --input_layer');
		expect(counts.log).toContain('--input_layer=a,b (2 items)');
		expect((await run(`--graph=${file}`, '--input_layer=x', '--input_layer_shape=-1,4,4,2')).log).toContain(
			"Any unknown sizes in the shapes (-1's) must be replaced",
		);
		expect(await run(`--graph=${file}`, '--input_layer=x', '--input_layer_shape=1,a')).toMatchObject({
			code: 134,
			log: expect.stringContaining('Incorrect size string specified: 1,a'),
		});
		expect(await run('extra')).toMatchObject({
			code: 255,
			log: expect.stringContaining('Unknown argument extra'),
		});
		expect(await run('--max_num_runs=x')).toMatchObject({
			code: 255,
			log: expect.stringContaining("Couldn't interpret value x for flag max_num_runs."),
		});
		expect((await run('--graph=/nowhere.pb', ...inputs)).code).toBe(255);
	});

	it('fails where the graph cannot be run, and has the traps of the FLOPs', async () => {
		const failed = await run(
			`--graph=${file}`,
			'--input_layer=x',
			'--input_layer_shape=1,4,4,2',
			'--output_layer=nowhere',
		);
		expect(failed).toMatchObject({
			code: 255,
			log: expect.stringContaining('Timing failed with There is no node `nowhere`.'),
		});
		const spelled = await run(
			`--graph=${file}`,
			'--input_layer=x:0',
			...inputs.slice(1),
			'--max_num_runs=1',
			'--show_flops',
		);
		expect(spelled.code).toBe(0);
	});
});

describe('statistics', () => {
	const of = (...values: number[]): Statistic => {
		const statistic = new Statistic();
		for (const value of values) statistic.add(value);
		return statistic;
	};

	it('are printed as the tool does', () => {
		expect(of().text).toBe('count=0');
		expect(of(5).text).toBe('count=1 curr=5');
		expect(of(5, 5).text).toBe('count=2 curr=5(all same)');
		expect(of(1, 2).text).toBe('count=2 first=1 curr=2 min=1 max=2 avg=1.5 std=0');
		expect(of(10, 11, 14).text).toBe('count=3 first=10 curr=14 min=10 max=14 avg=11.6667 std=1');
	});

	it('has the columns of the tool', () => {
		const summary = new RunSummary();
		const node = (name: string, op: string): Node => Node.of({ name, op });
		const bytes = (length: number) => [{ dtype: 4, shape: [length], data: new Uint8Array(length) }];
		summary.begin();
		summary.node(node('a', 'Const'), bytes(7), 0.01);
		summary.node(node('b', 'Conv2D'), bytes(2034), 0.3);
		summary.node(node('c', 'Relu'), bytes(10), 0.02);
		summary.end();
		const text = summary.text({
			runOrder: true,
			runOrderLimit: 0,
			time: false,
			timeLimit: 0,
			memory: false,
			memoryLimit: 0,
			type: true,
			summary: true,
		});
		expect(text).toContain(
			`\t${' '.repeat(34)}Conv2D\t    0.300\t    0.300\t 90.909%\t 93.939%\t     2.034\t        1\tb\n`,
		);
		expect(text).toContain(
			'Timings (microseconds): count=1 curr=330\nMemory (bytes): count=1 curr=2044\n3 nodes observed\n',
		);
	});
});
