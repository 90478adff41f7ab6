/** The runs of `benchmark_model`, with what it logs of them. */

import { benchmarkPhase, type PhaseLimits, type RunRequest } from '../evaluate/benchmark.ts';
import { benchmarkFlops } from '../evaluate/benchmark-flops.ts';
import type { RunSummary } from '../evaluate/run-summary.ts';
import type { Statistic } from '../evaluate/statistics.ts';
import { dtypeName } from '../graph/dtype.ts';
import { messageOf } from '../graph/error.ts';
import { finish } from '../graph/progress.ts';
import { humanCount } from '../inspect/humanize.ts';
import { ToolAbort } from './benchmark-inputs.ts';
import type { ToolStreams } from './streams.ts';

/** Seconds; none for 0 and below. */
export function sleep(seconds: number): void {
	if (seconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
}

/** @returns what went wrong; undefined when nothing did. */
export function attempt(work: () => unknown): string | undefined {
	try {
		work();
		return undefined;
	} catch (error) {
		return messageOf(error);
	}
}

/**
 * Runs until a limit is reached.
 * @param delay seconds between two runs.
 * @param summary gets the figures of every node when given.
 * @returns undefined when a run failed, which is then logged.
 */
export function runPhase(
	request: RunRequest,
	limits: PhaseLimits,
	delay: number,
	streams: ToolStreams,
	summary?: RunSummary,
): Statistic | undefined {
	const detail = summary ? 'with' : 'without';
	streams.log(
		`Running benchmark for max ${limits.runs} iterations, max ${limits.seconds} seconds ${detail} detailed stat logging, with ${delay}s sleep between inferences`,
	);
	let done = 0;
	const afterRun = (): void => {
		done += 1;
		sleep(delay);
	};
	let times: Statistic | undefined;
	const failure = attempt(() => {
		times = finish(benchmarkPhase(request, limits, summary, afterRun));
	});
	if (failure === undefined) {
		streams.log(times!.text);
		return times;
	}
	streams.log(`Error during inference: ${failure}`);
	streams.log(`Failed on run ${done}`);
	streams.log(`Timing failed with ${failure}`);
	return undefined;
}

/** Logs what every node gives, in one more run. */
export function logSizes({ executor, feeds, fetches }: RunRequest, streams: ToolStreams): void {
	streams.log('============ Node output tensor sizes in run order ========');
	executor.observer = (node, outputs) => {
		const sizes = outputs.map(
			({ dtype, shape }) =>
				`\t${dtypeName(dtype)}\t${shape.length}${shape.map((size) => `\t${size}`).join('')}`,
		);
		streams.log(`${node.name}\t${outputs.length}${sizes.join('')}`);
	};
	executor.run(feeds, fetches);
	executor.observer = undefined;
}

/**
 * Logs the operations of a run, and in a second.
 * @param names the nodes that are fed.
 * @param plain the times of runs without the figures of nodes.
 * @returns false when they cannot be counted, which is then logged.
 */
export function logFlops(
	{ executor, feeds }: RunRequest,
	names: readonly string[],
	plain: Statistic,
	streams: ToolStreams,
): boolean {
	let total = 0;
	const failure = attempt(() => {
		total = benchmarkFlops(executor.graph, executor, feeds, names);
	});
	if (failure !== undefined) {
		streams.log(`FLOPs calculation failed with ${failure}`);
		return false;
	}
	const untold = executor.graph.nodes.find(
		(node) => /^(Quantized)?MatMul$/.test(node.op) && node.attr('transpose_a') === undefined,
	);
	if (untold) throw new ToolAbort(`Missing attribute transpose_a of ${untold.name}`);
	streams.log(`FLOPs estimate: ${humanCount(total)}`);
	streams.log(`FLOPs/second: ${humanCount(Math.trunc(total / (plain.mean / 1e6)))}`);
	return true;
}
