/**
 * `npm run bench`: the figures of docs/performance.md, on graphs that are made from a seed.
 *
 *   npm run bench -- [--only TEXT]… [--repeat N] [--json]
 *
 * `--only` takes rows in whose `group/what/model` the text stands. `WHITTLE_PYTHON` names a Python with
 * tensorflow-cpu 2.21: the C++ tool is then run on the same files in turn with whittle.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, modelFiles } from './bench.ts';
import type { Row } from './measure.ts';
import { Reference } from './reference.ts';
import { tableOf } from './table.ts';
import { transformBench } from './transform-bench.ts';

const benches: readonly Bench[] = [transformBench];

const { values } = parseArgs({
	options: {
		only: { type: 'string', multiple: true, default: [] },
		repeat: { type: 'string', default: '5' },
		json: { type: 'boolean', default: false },
	},
});
const folder = mkdtempSync(join(tmpdir(), 'whittle-bench-'));
const rows: Row[] = [];
const machine = { ...machineOf(), load: loadavg().map((load) => Math.round(load * 100) / 100) };
const reference = await Reference.start();
try {
	const wanted = (...path: readonly string[]): boolean =>
		values.only.length === 0 || values.only.some((text) => path.join('/').includes(text));
	for (const bench of benches) {
		await bench.run({
			folder,
			reference,
			repetitions: Math.max(1, Number(values.repeat)),
			wanted,
			add(row) {
				rows.push(row);
				process.stderr.write(`${row.group}/${row.what}/${row.model}\n`);
			},
			file: modelFiles(folder),
		});
	}
} finally {
	reference?.stop();
	rmSync(folder, { recursive: true, force: true });
}
const after = loadavg().map((load) => Math.round(load * 100) / 100);
if (values.json)
	process.stdout.write(
		`${JSON.stringify({ machine: { ...machine, loadAfter: after }, rows }, undefined, '\t')}\n`,
	);
else {
	const { cpu, cores, memory, system, node } = machine;
	process.stdout.write(`${cpu}, ${cores} cores, ${memory} GB, ${system}, Node ${node}\n`);
	process.stdout.write(`load ${machine.load.join(' ')} before, ${after.join(' ')} after\n\n${tableOf(rows)}`);
}

function machineOf() {
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memory: Math.round(totalmem() / 2 ** 30),
		system: `${process.platform} ${release()}`,
		node: process.versions.node,
	};
}
