/** The report files of `benchmark_model`: a BenchmarkEntries message each (spec: benchmark 10.6). */
import { writeFileSync } from 'node:fs';
import type { RunSummary } from '../evaluate/run-summary.ts';
import type { Statistic } from '../evaluate/statistics.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { FIXED64, FieldWriter, VARINT } from '../graph/wire.ts';
import { ToolAbort } from './benchmark-inputs.ts';

export interface BenchmarkFigures {
	/** What every file's path begins with. */
	readonly prefix: string;
	readonly name: string;
	/** Seconds until the graph was loaded. */
	readonly loadSeconds: number;
	/** Microseconds of each run. */
	readonly warmup: Statistic;
	readonly plain: Statistic;
	readonly traced: Statistic;
	readonly summary: RunSummary;
	/** Its bytes make the throughput; strings count none. */
	readonly firstInput: TensorValue | undefined;
}

/**
 * Writes one file for each of: the runs, loading, warming up, both of these, and every node type.
 * @param log gets a line for every node type.
 * @throws ToolAbort where a file is there already, or cannot be written.
 */
export function writeReports(figures: BenchmarkFigures, log: (text: string) => void): void {
	const { prefix, name, loadSeconds, warmup, plain, traced, summary, firstInput } = figures;
	const write = (postfix: string, runs: number, seconds: number, throughput = -1): void => {
		const entry = postfix === '' ? name : `${name}_${postfix}`;
		writeReport(prefix, { name: entry, runs, seconds, throughput });
	};
	const bytes = ArrayBuffer.isView(firstInput?.data) ? firstInput.data.byteLength : 0;
	const warmupSeconds = warmup.sum / 1e6;
	write('', plain.count, plain.sum / 1e6, (bytes * plain.count) / (plain.sum / 1e6) / (1024 * 1024));
	write('meta-init', 1, loadSeconds);
	write('meta-first-inference', warmup.count, warmupSeconds);
	write('meta-init-plus-first-inference', 1, loadSeconds + warmupSeconds / warmup.count);
	const types = [...summary.types].sort((a, b) => (a.type < b.type ? -1 : 1));
	for (const { type, micros } of types) {
		log(`Outputting: [${type}]`);
		write(type, traced.count, (micros * traced.count) / 1e6);
	}
}

interface Entry {
	readonly name: string;
	readonly runs: number;
	readonly seconds: number;
	/** Mebibytes a second; −1 where it makes no sense. */
	readonly throughput: number;
}

function writeReport(prefix: string, entry: Entry): void {
	const file = prefix + entry.name.replaceAll('/', '__');
	try {
		writeFileSync(file, new FieldWriter().bytes(1, entryBytes(entry)).finish(), { flag: 'wx' });
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const exists = 'code' in error && error.code === 'EEXIST';
		throw new ToolAbort(
			exists ? `Cannot create TestReporter, file exists: ${file}` : `Cannot write ${file}: ${error.message}`,
		);
	}
}

/** BenchmarkEntry: name 1, iters 2, cpu_time 3, wall_time 4, throughput 5. */
function entryBytes({ name, runs, seconds, throughput }: Entry): Uint8Array {
	const writer = new FieldWriter().bytes(1, Buffer.from(name));
	if (runs !== 0) writer.tag(2, VARINT).int64(BigInt(runs));
	for (const [i, value] of [-1 / runs, seconds / runs, throughput].entries()) {
		if (!Object.is(value, 0)) writer.tag(3 + i, FIXED64).raw(float64(value));
	}
	return writer.finish();
}

function float64(value: number): Uint8Array {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setFloat64(0, value, true);
	return bytes;
}
