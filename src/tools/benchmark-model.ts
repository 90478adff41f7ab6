/** TensorFlow's `benchmark_model`, timing whittle's own engine (spec: benchmark 10). */

import type { RunRequest } from '../evaluate/benchmark.ts';
import { Executor } from '../evaluate/executor.ts';
import { RunSummary } from '../evaluate/run-summary.ts';
import { Statistic } from '../evaluate/statistics.ts';
import { formatGeneral } from '../graph/number-text.ts';
import { Engine } from '../ops/engine/engine.ts';
import {
	type BenchmarkFlagValues,
	benchmarkFlags as flags,
	leadingNumber,
	settingLines,
} from './benchmark-flags.ts';
import { benchmarkInputs, countProblem, splitItems, ToolAbort } from './benchmark-inputs.ts';
import { writeReports } from './benchmark-report.ts';
import { attempt, logFlops, logSizes, runPhase, sleep } from './benchmark-runs.ts';
import { parseFlags, usageText } from './flags.ts';
import { loadGraph } from './load-graph.ts';
import { FAILED, type ToolStreams } from './streams.ts';

/** The exit code of a process that aborts. */
const ABORTED = 134;

/** @returns the exit code. */
export async function benchmarkModel(args: readonly string[], streams: ToolStreams): Promise<number> {
	const { values, leftover, problems, ok } = parseFlags(flags, args);
	const usage = usageText('whittle benchmark_model', flags);
	for (const problem of problems) streams.log(problem);
	if (!ok) {
		streams.log(usage);
		return FAILED;
	}
	if (leftover.length > 0) {
		streams.log(`Unknown argument ${leftover[0]}\n${usage}`);
		return FAILED;
	}
	try {
		return await run(values, streams);
	} catch (error) {
		if (!(error instanceof ToolAbort)) throw error;
		streams.log(error.message);
		return ABORTED;
	}
}

async function run(values: BenchmarkFlagValues, streams: ToolStreams): Promise<number> {
	const problem = countProblem(values);
	if (problem) {
		streams.log(problem);
		return FAILED;
	}
	for (const line of settingLines(values)) streams.log(line);
	streams.log('Loading TensorFlow.');
	streams.log('Got config, 0 devices');
	const started = performance.now();
	const loaded = await loadGraph(values.graph);
	if ('error' in loaded) streams.log(`Could not create TensorFlow Graph: ${loaded.error}`);
	const loadSeconds = (performance.now() - started) / 1000;
	streams.log(`Initialized session in ${formatGeneral(loadSeconds, 6)}s`);
	if ('error' in loaded) return FAILED;
	const threads = Math.max(1, values.num_threads);
	const engine = threads > 1 ? Engine.wasm(threads) : undefined;
	const executor = new Executor(loaded.graph, engine ? { engine } : {});
	streams.log(`Engine: whittle's own (${executor.engine.kind}), ${engine ? threads : 1} thread(s)`);
	try {
		return await measure(values, executor, loadSeconds, streams);
	} finally {
		executor.dispose();
		engine?.dispose();
	}
}

async function measure(
	values: BenchmarkFlagValues,
	executor: Executor,
	loadSeconds: number,
	streams: ToolStreams,
): Promise<number> {
	const initial = splitItems(values.init_ops);
	if (initial.length > 0) streams.log('Initializing graph variables');
	for (const op of initial) {
		const failure = attempt(() => executor.run(new Map(), [op]));
		if (failure === undefined) continue;
		streams.log(`Graph variables initialization failed with ${failure}`);
		return FAILED;
	}
	const inputs = benchmarkInputs(values);
	if (typeof inputs === 'string') {
		streams.log(inputs);
		return FAILED;
	}
	const names = splitItems(values.input_layer);
	const feeds = new Map(names.map((name, i) => [name, inputs[i]!]));
	const fetches = [...splitItems(values.output_layer), ...splitItems(values.target_layer)];
	const request: RunRequest = { executor, feeds, fetches };
	const limits = { runs: values.max_num_runs, seconds: leadingNumber(values.max_time) };
	const delay = leadingNumber(values.inference_delay);
	const warmup =
		values.warmup_runs > 0
			? runPhase(request, { runs: values.warmup_runs, seconds: -1 }, delay, streams)
			: new Statistic();
	if (!warmup) return FAILED;
	const pause = leadingNumber(values.inter_benchmark_delay);
	sleep(pause);
	const plain = runPhase(request, limits, delay, streams);
	if (!plain) return FAILED;
	sleep(pause);
	const summary = new RunSummary();
	const traced = runPhase(request, limits, delay, streams, summary);
	if (!traced) return FAILED;
	const average = (times: Statistic): number => (times.count === 0 ? 0 : Math.trunc(times.sum / times.count));
	streams.log(
		`Average inference timings in us: Warmup: ${average(warmup)}, no stats: ${average(plain)}, with stats: ${average(traced)}`,
	);
	const text = summary.text({
		runOrder: values.show_run_order,
		runOrderLimit: values.run_order_limit,
		time: values.show_time,
		timeLimit: values.time_limit,
		memory: values.show_memory,
		memoryLimit: values.memory_limit,
		type: values.show_type,
		summary: values.show_summary,
	});
	for (const line of text.replace(/\n$/, '').split('\n')) streams.log(line);
	if (values.show_sizes) logSizes(request, streams);
	if (values.show_flops && !logFlops(request, names, plain, streams)) return FAILED;
	const { benchmark_name: name, output_prefix: prefix } = values;
	if (name !== '' && prefix !== '') {
		const figures = { prefix, name, loadSeconds, warmup, plain, traced, summary, firstInput: inputs[0] };
		writeReports(figures, (line) => streams.log(line));
	}
	return 0;
}
