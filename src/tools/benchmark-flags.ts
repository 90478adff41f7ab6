/** The flags of `benchmark_model` (spec: benchmark 10.1). */
import { boolFlag, type FlagValues, int32Flag, stringFlag } from './flags.ts';

export const benchmarkFlags = {
	graph: stringFlag('/data/local/tmp/tensorflow_inception_graph.pb', 'graph file name'),
	init_ops: stringFlag('', 'init ops'),
	input_layer: stringFlag('input:0', 'input layer names'),
	input_layer_shape: stringFlag('1,224,224,3', 'input layer shape'),
	input_layer_type: stringFlag('float', 'input layer type'),
	input_layer_values: stringFlag('', 'values to initialize the inputs with'),
	output_layer: stringFlag('output:0', 'output layer name'),
	target_layer: stringFlag('', 'target layer name'),
	max_num_runs: int32Flag(1000, 'number of runs max'),
	max_time: stringFlag('10.0', 'length to run max'),
	inference_delay: stringFlag('-1.0', 'delay between runs in seconds'),
	inter_benchmark_delay: stringFlag('-1.0', 'delay between benchmarks in seconds'),
	num_threads: int32Flag(-1, 'number of threads'),
	benchmark_name: stringFlag('', 'benchmark name'),
	output_prefix: stringFlag('', 'benchmark output prefix'),
	show_sizes: boolFlag(false, 'whether to show sizes'),
	show_run_order: boolFlag(true, 'whether to list stats by run order'),
	run_order_limit: int32Flag(0, 'how many items to show by run order'),
	show_time: boolFlag(true, 'whether to list stats by time taken'),
	time_limit: int32Flag(10, 'how many items to show by time taken'),
	show_memory: boolFlag(true, 'whether to list stats by memory used'),
	memory_limit: int32Flag(10, 'how many items to show by memory used'),
	show_type: boolFlag(true, 'whether to list stats by op type'),
	show_summary: boolFlag(true, 'whether to show a summary of the stats'),
	show_flops: boolFlag(false, "whether to estimate the model's FLOPs"),
	warmup_runs: int32Flag(1, 'how many runs to initialize model'),
} as const;

export type BenchmarkFlagValues = FlagValues<typeof benchmarkFlags>;

/** A number at the beginning of a text, else 0. */
export function leadingNumber(text: string): number {
	return Number(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text)?.[0] ?? 0);
}

/** One line a setting, as the tool logs them. */
export function settingLines(values: BenchmarkFlagValues): string[] {
	return [
		`Graph: [${values.graph}]`,
		`Init ops:${values.init_ops}`,
		`Input layers: [${values.input_layer}]`,
		`Input shapes: [${values.input_layer_shape}]`,
		`Input types: [${values.input_layer_type}]`,
		`Output layers: [${values.output_layer}]`,
		`Target layers: [${values.target_layer}]`,
		`Num runs: [${values.max_num_runs}]`,
		`Inter-inference delay (seconds): [${values.inference_delay}]`,
		`Inter-benchmark delay (seconds): [${values.inter_benchmark_delay}]`,
		`Num threads: [${values.num_threads}]`,
		`Benchmark name: [${values.benchmark_name}]`,
		`Output prefix: [${values.output_prefix}]`,
		`Show sizes: [${values.show_sizes ? 1 : 0}]`,
		`Warmup runs: [${values.warmup_runs}]`,
	];
}
