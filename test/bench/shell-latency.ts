/**
 * From a key to its frame, in a real terminal: 100,000 nodes open, 1,000 cells behind, candidates showing. And the
 * time to the first prompt. Run by hand (`npx tsx test/bench/shell-latency.ts`), on a machine that does nothing else.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { builtProgram } from '../e2e/program.ts';
import { keys, TestTerminal } from '../e2e/terminal.ts';

const NODES = 100_000;
const CELLS = Number(process.env.CELLS ?? 1000);
const LINES = [
	'show block_17/unit_3/conv',
	'find op:Relu name:block_42/*',
	'remove_nodes(op=Identity, op=Rel',
	'in relu',
];

function largeModel(): Uint8Array {
	const T = Attr.type(DT_FLOAT);
	const build = new GraphBuilder();
	let last = build.placeholder('input', DT_FLOAT, [-1, 8]);
	for (let i = 1; i < NODES; i++) {
		const op = i % 3 === 0 ? 'Relu' : i % 3 === 1 ? 'Identity' : 'Neg';
		last = build.node(`block_${i % 97}/unit_${i % 13}/conv_relu_${i}`, op, [last], { T });
	}
	return serializeGraphDef(build.finish());
}

/** The value that a share of the sorted times stays under. */
function percentile(times: readonly number[], share: number): string {
	const sorted = times.toSorted((a, b) => a - b);
	return `${sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1)} ms`;
}

/** Until the program has written all of the frame that shows the text so far. */
async function frame(shell: TestTerminal, typed: string): Promise<void> {
	for (;;) {
		const line = shell.screen().find((row) => row.startsWith('whittle['));
		if (line?.replace(/^whittle\[\d+\]> ?/, '').startsWith(typed.trimEnd())) return;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

const folder = mkdtempSync(join(tmpdir(), 'whittle-bench-'));
try {
	writeFileSync(join(folder, 'large.pb'), largeModel());
	const program = await builtProgram();

	const prompts: number[] = [];
	for (let i = 0; i < 5; i++) {
		const began = performance.now();
		const shell = new TestTerminal([program, 'mtcnn'], { cwd: folder });
		await shell.until('prompt', () => shell.cell > 0);
		prompts.push(performance.now() - began);
		shell.kill();
		await shell.ended();
	}
	console.log(`first prompt: median ${percentile(prompts, 0.5)}, of 5`);

	const shell = new TestTerminal([program, 'large.pb'], { cwd: folder, rows: 40, columns: 120 });
	await shell.shows('100000 nodes');
	for (let i = 0; i < CELLS; i += 50) {
		shell.paste('label here\n'.repeat(50).trim());
		shell.send(keys.enter);
		await shell.until(`${i + 50} cells`, () => shell.cell > i + 50);
	}
	const times: number[] = [];
	await shell.quiet(1000);
	for (const line of LINES) {
		for (let length = 1; length <= line.length; length++) {
			const pressed = performance.now();
			shell.send(line[length - 1]!);
			await frame(shell, line.slice(0, length));
			times.push(performance.now() - pressed);
			// A fast typist, not a machine.
			await new Promise((resolve) => setTimeout(resolve, 40));
		}
		shell.send(keys.ctrlC);
		await shell.quiet(100);
	}
	console.log(
		`key to frame: p50 ${percentile(times, 0.5)}, p95 ${percentile(times, 0.95)}, p99 ${percentile(times, 0.99)}, of ${times.length}`,
	);
	shell.kill();
} finally {
	rmSync(folder, { recursive: true, force: true });
}
