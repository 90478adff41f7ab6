/** The program as it is published: a whole run of `transform_graph`, and how long a person waits for the prompt. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { builtProgram } from '../e2e/program.ts';
import { TestTerminal } from '../e2e/terminal.ts';
import type { Bench, BenchContext, ModelName } from './bench.ts';
import { median, spreadOf } from './measure.ts';
import { type BenchModel, models } from './models.ts';
import { CHAIN } from './transform-bench.ts';

export const programBench: Bench = {
	name: 'program',
	summary: 'whole process: transform_graph, first prompt',

	async run(context) {
		const wanted = (what: string, model: string): boolean => context.wanted('program', what, model);
		for (const model of ['mtcnn', 'resnet'] as const)
			if (wanted('transform_graph', model)) await transformGraph(context, model);
		for (const [model, limit] of [
			['mtcnn', 250],
			['small', 1000],
			['large', 600],
		] as const)
			if (wanted('prompt', model) || wanted('ready', model)) await prompt(context, model, limit);
	},
};

async function transformGraph(context: BenchContext, model: ModelName): Promise<void> {
	const program = await builtProgram();
	const { inputs, outputs }: BenchModel = models[model];
	const file = context.file(model);
	const args = [
		...[program, 'transform_graph', `--in_graph=${file}`, `--out_graph=${join(context.folder, 'out.pb')}`],
		...[`--inputs=${inputs.join(',')}`, `--outputs=${outputs.join(',')}`, `--transforms=${CHAIN}`],
	];
	const own: number[] = [];
	const theirs: number[] = [];
	for (let i = 0; i < context.repetitions; i++) {
		const started = performance.now();
		execFileSync(process.execPath, args, { stdio: 'ignore' });
		own.push(performance.now() - started);
		const reference = await context.reference?.time({ file, inputs, outputs, transforms: CHAIN }, 'wall');
		if (reference !== undefined) theirs.push(reference);
	}
	context.add({
		group: 'program',
		what: 'transform_graph',
		model,
		value: median(own),
		unit: 'ms',
		spread: spreadOf(own),
		...(theirs.length > 0 ? { reference: median(theirs) } : {}),
		...(model === 'mtcnn' ? { limit: 400, limitOf: 'value' } : { limit: 1, limitOf: 'reference' }),
		note: 'wall; against the call alone',
	});
}

/** From the start to the first prompt, and to the status bar that tells what the model is. */
async function prompt(context: BenchContext, model: ModelName, limit: number): Promise<void> {
	const program = await builtProgram();
	const file = context.file(model);
	const times: Record<'prompt' | 'ready', number[]> = { prompt: [], ready: [] };
	for (let i = 0; i < context.repetitions; i++) {
		const cwd = mkdtempSync(join(context.folder, 'home-'));
		const started = performance.now();
		const terminal = new TestTerminal([program, file], { cwd });
		await seen(terminal, /whittle\[1\]> /);
		times.prompt.push(performance.now() - started);
		await seen(terminal, /\d nodes/);
		times.ready.push(performance.now() - started);
		terminal.kill();
		await terminal.ended();
	}
	for (const what of ['prompt', 'ready'] as const)
		context.add({
			group: 'program',
			what,
			model,
			value: median(times[what]),
			unit: 'ms',
			spread: spreadOf(times[what]),
			...(what === 'prompt' ? { limit } : {}),
			limitOf: 'value',
			note: what === 'ready' ? 'wall; the model is open and its status shown' : 'wall',
		});
}

/** Looks at what was written, not at the screen, every millisecond. */
async function seen(terminal: TestTerminal, text: RegExp): Promise<void> {
	while (!text.test(terminal.output.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, ''))) {
		if (terminal.exitCode !== undefined) throw new Error(`the program ended: ${terminal.output}`);
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
}
