/** Timed runs: some to warm up, then as many as limits allow, with or without the figures of every node. */
import type { Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Executor, Feeds } from './executor.ts';
import type { RunSummary } from './run-summary.ts';
import { Statistic } from './statistics.ts';

export interface PhaseLimits {
	/** 0 and below: no limit. */
	readonly runs: number;
	/** Seconds of running, pauses left out; 0 and below: no limit. */
	readonly seconds: number;
}

/** Both limits open would never end. */
const UNLIMITED_RUNS = 1_000_000;

export interface RunRequest {
	readonly executor: Executor;
	readonly feeds: Feeds;
	readonly fetches: readonly string[];
}

/**
 * Runs until a limit is reached; the run that crosses the time counts.
 * @param summary gets the figures of every node when given.
 * @param afterRun is called between runs; its time does not count.
 * @returns whole microseconds of each run.
 */
export function* benchmarkPhase(
	{ executor, feeds, fetches }: RunRequest,
	limits: PhaseLimits,
	summary?: RunSummary,
	afterRun: () => void = () => undefined,
): Work<Statistic> {
	const times = new Statistic();
	const most = limits.runs > 0 ? limits.runs : UNLIMITED_RUNS;
	executor.observer = summary
		? (node, outputs: readonly TensorValue[], milliseconds) => summary.node(node, outputs, milliseconds)
		: undefined;
	try {
		while (times.count < most) {
			summary?.begin();
			const started = performance.now();
			yield* executor.steps(feeds, fetches);
			times.add(Math.round((performance.now() - started) * 1000));
			summary?.end();
			if (limits.seconds > 0 && times.sum > limits.seconds * 1e6) break;
			afterRun();
		}
	} finally {
		executor.observer = undefined;
	}
	return times;
}
