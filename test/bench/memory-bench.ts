/** Memory of the program: with a model open, and after a hundred steps that leave every weight alone. */
import { execFileSync, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { builtProgram } from '../e2e/program.ts';
import type { Bench, BenchContext, ModelName } from './bench.ts';

const MEGABYTE = 2 ** 20;
const STEPS = 100;

export const memoryBench: Bench = {
	name: 'memory',
	summary: 'resident memory after opening, and after a hundred steps',

	async run(context) {
		for (const model of ['mtcnn', 'resnet', 'small', 'large'] as const)
			if (context.wanted('memory', 'open', model) || context.wanted('memory', 'steps', model))
				await memory(context, model);
	},
};

async function memory(context: BenchContext, model: ModelName): Promise<void> {
	const file = context.file(model);
	const child = spawn(process.execPath, [await builtProgram(), file, '--json'], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	/** Runs a line and gives what the process then holds, in megabytes. */
	const run = async (line: string): Promise<number> => {
		child.stdin.write(`${line}\n`);
		const { value } = await answers.next();
		if (!(JSON.parse(value) as { ok: boolean }).ok) throw new Error(`${line}: ${value}`);
		return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024;
	};
	const open = await run('counts');
	const size = statSync(file).size / MEGABYTE;
	const row = { group: 'memory', model, unit: 'MB', limitOf: 'value' } as const;
	context.add({
		...row,
		what: 'open',
		value: open,
		spread: [open, open],
		limit: Math.round(1.2 * size + 120),
	});
	if (model === 'resnet') {
		let after = open;
		for (let i = 0; i < STEPS; i++) {
			const [from, to] = i % 2 === 0 ? ['Relu', 'Relu6'] : ['Relu6', 'Relu'];
			after = await run(`rename_op(old_op_name=${from}, new_op_name=${to})`);
		}
		const more = after - open;
		context.add({
			...row,
			what: `steps`,
			value: more,
			spread: [more, more],
			limit: 60,
			note: `${STEPS} × rename_op`,
		});
	}
	child.stdin.end();
	await new Promise((resolve) => child.once('exit', resolve));
}
