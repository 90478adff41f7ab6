/**
 * `npm run bench`: the figures of docs/performance.md, on graphs that are made from a seed.
 *
 *   npm run bench -- [--only TEXT]… [--repeat N] [--clock cpu] [--json]
 *
 * `--only` takes rows in whose `group/what/model` the text stands. `WHITTLE_PYTHON` names a Python with
 * tensorflow-cpu 2.21: the C++ tool is then run on the same files in turn with whittle. `--clock cpu` counts time on
 * the processors instead of the wall's, for machines that others use. `WHITTLE_ONNXRUNTIME` names a folder in which
 * onnxruntime-web is installed: it then races the engine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, modelFiles } from './bench.ts';
import { engineBench } from './engine-bench.ts';
import { growthBench } from './growth-bench.ts';
import type { Row } from './measure.ts';
import { memoryBench } from './memory-bench.ts';
import { programBench } from './program-bench.ts';
import { Reference } from './reference.ts';
import { sessionBench } from './session-bench.ts';
import { tableOf } from './table.ts';
import { transformBench } from './transform-bench.ts';

const benches: readonly Bench[] = [
	transformBench,
	programBench,
	sessionBench,
	memoryBench,
	growthBench,
	engineBench,
];

const { values } = parseArgs({
	options: {
		only: { type: 'string', multiple: true, default: [] },
		clock: { type: 'string', default: 'wall' },
		repeat: { type: 'string', default: '5' },
		json: { type: 'boolean', default: false },
	},
});
const folder = mkdtempSync(join(tmpdir(), 'whittle-bench-'));
const file = modelFiles(folder);
const rows: Row[] = [];
const machine = {
	...machineOf(),
	clock: values.clock,
	load: loadavg().map((load) => Math.round(load * 100) / 100),
};
const reference = await Reference.start();
try {
	const wanted = (...path: readonly string[]): boolean =>
		values.only.length === 0 || values.only.some((text) => path.join('/').includes(text));
	for (const bench of benches) {
		await bench.run({
			folder,
			reference,
			clock: values.clock === 'cpu' ? 'cpu' : 'wall',
			repetitions: Math.max(1, Number(values.repeat)),
			wanted,
			add(row) {
				rows.push(row);
				process.stderr.write(`${tableOf([row]).split('\n')[1]!}\n`);
			},
			file,
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
	process.stdout.write(
		`${machine.clock} clock, load ${machine.load.join(' ')} before, ${after.join(' ')} after\n\n${tableOf(rows)}`,
	);
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
