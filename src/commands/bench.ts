import { benchmarkPhase } from '../evaluate/benchmark.ts';
import { Executor } from '../evaluate/executor.ts';
import { RunSummary } from '../evaluate/run-summary.ts';
import { Statistic } from '../evaluate/statistics.ts';
import { runTensorflow } from '../evaluate/tensorflow.ts';
import { humanBytes } from '../inspect/humanize.ts';
import { Engine } from '../ops/engine/engine.ts';
import { type Answer, text } from '../session/answer.ts';
import { formatMilliseconds, plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { count, option } from './arguments.ts';
import { defineCommand, type RunContext } from './define.ts';
import { runPausing } from './run-pausing.ts';
import { outputsToRun, withInputs } from './run-values.ts';

/** Node types and nodes that the tables show. */
const SHOWN = 8;

export default defineCommand({
	name: 'bench',
	group: 'prove',
	summary: 'time the current graph: the whole of it, by op type and by node',
	details:
		"One run to warm up, then timed runs, then one with the figures of every node. It is whittle's own engine that is timed; `whittle benchmark_model` prints TensorFlow's tables. With --engine tensorflow the graph goes to the Python that WHITTLE_PYTHON names (else python3).",
	args: {
		runs: count('timed runs; 20 unless given', { min: 1 }),
		seconds: count('stop after so many seconds; 10 unless given', { min: 1 }),
		seed: count('seed of the random inputs; 1 unless given'),
		threads: count('threads that share large products; 1 unless given', { min: 1 }),
		engine: option('what runs the graph', { values: ['whittle', 'tensorflow'] }),
	},
	examples: ['bench', 'bench --runs 100', 'bench --threads 2'],
	scripted: 'asked',

	async run(session, { runs = 20, seconds = 10, seed = 1, threads = 1, engine: runner }, context) {
		const { current } = session.history;
		const outputs = outputsToRun(current, 'run');
		if (runner === 'tensorflow') return benchTensorflow(session, outputs, runs, seed, context);
		const engine = threads > 1 ? Engine.wasm(threads) : undefined;
		const executor = new Executor(current.graph, engine ? { engine } : {});
		try {
			const { inputs } = await withInputs(session, current, seed, async ({ feeds }) =>
				runPausing(executor.steps(feeds, outputs), 'warming up', context),
			);
			const request = { executor, feeds: inputs.feeds, fetches: outputs };
			const times = await runPausing(benchmarkPhase(request, { runs, seconds }), 'timing', context);
			const summary = new RunSummary();
			await runPausing(benchmarkPhase(request, { runs: 1, seconds: -1 }, summary), 'by node', context);
			return benchAnswer(times, summary, executor, engine ? threads : 1);
		} finally {
			executor.dispose();
			engine?.dispose();
		}
	},
});

async function benchTensorflow(
	session: Session,
	outputs: readonly string[],
	runs: number,
	seed: number,
	context: RunContext,
): Promise<Answer> {
	const { current } = session.history;
	const { result } = await withInputs(session, current, seed, ({ feeds }) =>
		runTensorflow(current.graph, feeds, outputs, { runs, signal: context.signal }),
	);
	const times = new Statistic();
	for (const micros of result.micros) times.add(micros);
	const ms = (micros: number): number => Math.round(micros) / 1000;
	const data = {
		engine: 'tensorflow',
		version: result.version,
		runs: times.count,
		meanMs: ms(times.mean),
		minMs: ms(times.min),
		maxMs: ms(times.max),
		stdMs: ms(times.deviation),
	};
	return {
		kind: 'table',
		data,
		blocks: [
			text(
				`${formatMilliseconds(data.meanMs)} a run (${data.minMs} … ${data.maxMs} ms, ${plural(times.count, 'run')}) · TensorFlow ${result.version}`,
			),
		],
	};
}

function benchAnswer(times: Statistic, summary: RunSummary, executor: Executor, threads: number): Answer {
	const ms = (micros: number): number => Math.round(micros) / 1000;
	const byType = summary.types.map(({ type, nodes, micros, memory, calls }) => ({
		type,
		nodes,
		ms: ms(micros),
		bytes: memory,
		calls,
	}));
	const byNode = [...summary.nodes]
		.sort((a, b) => b.elapsed.sum - a.elapsed.sum)
		.map(({ name, type, elapsed, memory }) => ({
			name,
			op: type,
			ms: ms(elapsed.sum),
			bytes: memory.newest,
		}));
	const total = byType.reduce((sum, one) => sum + one.ms, 0);
	const data = {
		engine: 'whittle',
		backend: executor.engine.kind,
		threads,
		runs: times.count,
		meanMs: ms(times.mean),
		minMs: ms(times.min),
		maxMs: ms(times.max),
		stdMs: ms(times.deviation),
		peakBytes: executor.engine.peakBytes,
		byType,
		byNode: byNode.slice(0, 100),
	};
	const share = (part: number): string => (total === 0 ? '' : `${((100 * part) / total).toFixed(1)} %`);
	return {
		kind: 'table',
		data,
		blocks: [
			text(
				`${formatMilliseconds(data.meanMs)} a run (${data.minMs} … ${data.maxMs} ms, ${plural(times.count, 'run')}), ${humanBytes(data.peakBytes)} at most · whittle's engine (${data.backend}), ${plural(threads, 'thread')}`,
			),
			{
				type: 'table',
				columns: [
					{ name: 'op' },
					{ name: 'nodes', align: 'right' },
					{ name: 'ms', align: 'right' },
					{ name: 'share', align: 'right' },
				],
				rows: byType.slice(0, SHOWN).map((one) => [one.type, one.nodes, one.ms, share(one.ms)]),
				total: byType.length,
			},
			{
				type: 'table',
				columns: [
					{ name: 'slowest nodes', shrink: true, tone: 'name' },
					{ name: 'op' },
					{ name: 'ms', align: 'right' },
					{ name: 'share', align: 'right' },
				],
				rows: byNode.slice(0, SHOWN).map((one) => [one.name, one.op, one.ms, share(one.ms)]),
				total: byNode.length,
			},
		],
	};
}
