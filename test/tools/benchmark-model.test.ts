/** TensorFlow's benchmark tool: its flags, lines, tables and exit codes (spec: benchmark 10). */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { FLOAT, GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { FieldReader } from '../../src/graph/wire.ts';
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

	it('writes a report file for the runs, for loading and for every node type', async () => {
		const prefix = join(folder, 'report-');
		const flags = [`--graph=${file}`, ...inputs, '--max_num_runs=3', '--warmup_runs=2'];
		const { code, log } = await run(...flags, `--output_prefix=${prefix}`, '--benchmark_name=nets/small');
		expect(code).toBe(0);
		expect(log.match(/^Outputting: .*$/gm)).toEqual(
			['Const', 'Conv2D', 'Relu'].map((type) => `Outputting: [${type}]`),
		);
		const reports = new Map(
			readdirSync(folder)
				.filter((name) => name.startsWith('report-'))
				.map((name) => [name.slice(7), readReport(join(folder, name))]),
		);
		expect([...reports.keys()].sort()).toEqual([
			'nets__small',
			'nets__small_Const',
			'nets__small_Conv2D',
			'nets__small_Relu',
			'nets__small_meta-first-inference',
			'nets__small_meta-init',
			'nets__small_meta-init-plus-first-inference',
		]);
		const plain = reports.get('nets__small')!;
		expect(plain).toMatchObject({ name: 'nets/small', iters: 3, cpu: -1 / 3 });
		expect(plain.wall).toBeGreaterThan(0);
		// 1 × 4 × 4 × 2 floats.
		expect(plain.throughput).toBeCloseTo(128 / plain.wall / 1048576, 6);
		const init = reports.get('nets__small_meta-init')!;
		const warm = reports.get('nets__small_meta-first-inference')!;
		const both = reports.get('nets__small_meta-init-plus-first-inference')!;
		expect(init).toMatchObject({ name: 'nets/small_meta-init', iters: 1, cpu: -1, throughput: -1 });
		expect(warm).toMatchObject({ iters: 2, cpu: -0.5, throughput: -1 });
		expect(both.wall).toBeCloseTo(init.wall + warm.wall, 9);
		expect(reports.get('nets__small_Conv2D')).toMatchObject({ iters: 3, throughput: -1 });
		const again = await run(...flags, `--output_prefix=${prefix}`, '--benchmark_name=nets/small');
		expect(again.code).toBe(134);
		expect(again.log).toContain(`Cannot create TestReporter, file exists: ${prefix}nets__small\n`);
	});

	it('writes no report unless it has both a name and a place', async () => {
		const before = readdirSync(folder).length;
		const flags = [`--graph=${file}`, ...inputs, '--max_num_runs=1'];
		await run(...flags, `--output_prefix=${join(folder, 'alone-')}`);
		await run(...flags, '--benchmark_name=alone');
		expect(readdirSync(folder)).toHaveLength(before);
		const nowhere = await run(...flags, `--output_prefix=${folder}/no/`, '--benchmark_name=x');
		expect(nowhere.code).toBe(134);
		expect(nowhere.log).toContain('no such file');
	});

	it('initializes once, whatever the number of ops, and says what failed', async () => {
		const flags = [`--graph=${file}`, ...inputs, '--max_num_runs=1'];
		const { code, log } = await run(...flags, '--init_ops=w,w');
		expect(code).toBe(0);
		expect(log.match(/^Initializing graph variables$/gm)).toHaveLength(1);
		expect(await run(...flags, '--init_ops=nowhere')).toMatchObject({
			code: 255,
			log: expect.stringContaining('Graph variables initialization failed with There is no node'),
		});
	});

	it('takes what it takes for an input, and dies of the rest', async () => {
		const death = async (...flags: string[]): Promise<string> => {
			const { code, log } = await run(`--graph=${file}`, '--output_layer=out', ...flags);
			expect(code).toBe(134);
			return log.trimEnd().split('\n').at(-1)!;
		};
		const shape = ['--input_layer=x', '--input_layer_shape=1,4,4,2'];
		expect(await death(...shape, '--input_layer_type=what')).toBe('what was an invalid type');
		expect(await death(...shape, '--input_layer_type=double')).toBe('Unsupported input type: double');
		expect(await death(...shape, '--input_layer_values=1,b')).toBe(
			'Incorrect initialization values string specified: 1,b',
		);
		expect(await death(...shape, '--input_layer_type=string', '--input_layer_values=1')).toBe(
			'Initialization values are not supported for strings',
		);
		expect(await death('--input_layer=x', '--input_layer_shape=1,4000000000')).toBe(
			'Incorrect size string specified: 1,4000000000',
		);
	});

	it('fails where the graph cannot be run', async () => {
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
	});

	it('has the traps of the FLOPs', async () => {
		const flops = async (graph: string, ...flags: string[]): Promise<string> => {
			const { code, log } = await run(`--graph=${graph}`, ...flags, '--max_num_runs=1', '--show_flops');
			return `${code} ${log.trimEnd().split('\n').at(-1)}`;
		};
		const failed = '255 FLOPs calculation failed with';
		// The convolution reads `x`: another spelling of what is fed is another text.
		expect(await flops(file, '--input_layer=x:0', ...inputs.slice(1))).toBe(
			`${failed} You must feed a value for placeholder tensor 'x'`,
		);
		const small = (name: string, build: (g: GraphBuilder) => void): string => {
			const g = new GraphBuilder();
			g.placeholder('x', DT_FLOAT, [2, 3]);
			build(g);
			const path = join(folder, name);
			writeFileSync(path, serializeGraphDef(g.finish()));
			return path;
		};
		const flags = ['--input_layer=x', '--input_layer_shape=2,3', '--output_layer=y'];
		const none = small('none.pb', (g) => g.node('y', 'Relu', ['x'], { T: FLOAT }));
		expect(await flops(none, ...flags)).toBe(
			`${failed} Must specify at least one target to fetch or execute.`,
		);
		const product = (name: string, inputs: string[], transposed: boolean | undefined): string =>
			small(name, (g) => {
				g.random('w', [3, 4]);
				const attrs = transposed === undefined ? {} : { transpose_a: transposed };
				g.node('y', 'MatMul', inputs, { T: FLOAT, ...attrs });
			});
		expect(await flops(product('waits.pb', ['x', 'w', '^w'], false), ...flags)).toBe(
			`${failed} Node 'w': does not have output -1`,
		);
		expect(await flops(product('untold.pb', ['x', 'w'], undefined), ...flags)).toBe(
			'134 Missing attribute transpose_a of y',
		);
		const good = await run(
			`--graph=${product('good.pb', ['x', 'w'], false)}`,
			...flags,
			'--max_num_runs=1',
			'--show_flops',
		);
		expect(good.log).toContain('FLOPs estimate: 48\n');
	});
});

/** The one entry of a BenchmarkEntries message. */
function readReport(path: string): {
	name: string;
	iters: number;
	cpu: number;
	wall: number;
	throughput: number;
} {
	const entries = new FieldReader(readFileSync(path));
	expect([entries.next(), entries.field, entries.end]).toEqual([true, 1, entries.limit]);
	const entry = new FieldReader(entries.slice);
	const report = { name: '', iters: 0, cpu: 0, wall: 0, throughput: 0 };
	const float64 = (): number => Buffer.from(entry.slice).readDoubleLE(0);
	while (entry.next()) {
		if (entry.field === 1) report.name = Buffer.from(entry.slice).toString();
		else if (entry.field === 2) report.iters = entry.number;
		else if (entry.field === 3) report.cpu = float64();
		else if (entry.field === 4) report.wall = float64();
		else if (entry.field === 5) report.throughput = float64();
		else throw new Error(`field ${entry.field}`);
	}
	return report;
}
