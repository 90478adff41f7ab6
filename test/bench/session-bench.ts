/** What a person does in an open session beside transforming: going back and forth, saving, asking. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, BenchContext, ModelName } from './bench.ts';
import { BenchSession } from './bench-session.ts';
import { collectGarbage, median, spreadOf, timed } from './measure.ts';
import { models } from './models.ts';

/** Each is the first thing that an opened model is asked. */
const QUESTIONS = [
	['find', 'find op:Mul name:*layer_1*'],
	['find in values', 'find params:>3 -op:Identity'],
	['find by shape', 'find shape:[4]'],
	['find by flops', 'find flops:>3'],
	['find above', 'find above:output'],
	['counts', 'counts'],
	['ops', 'ops'],
	['summary', 'summary'],
	['inputs', 'inputs'],
	['outputs', 'outputs'],
	['params', 'params --by scope'],
	['flops', 'flops'],
	['tree', 'tree'],
	['ls', 'ls'],
	['show', 'show output'],
	['in', 'in output --depth 3'],
	['cone', 'cone output'],
	['path', 'path input output'],
	['const', 'const block_0/layer_0/weights'],
	['blocks', 'blocks'],
	['check', 'check'],
	['diff', 'diff 0'],
] as const;

/** Milliseconds for an answer, by model. */
const ANSWERS: readonly (readonly [ModelName, number])[] = [
	['smaller', 50],
	['small', 300],
];

export const sessionBench: Bench = {
	name: 'session',
	summary: 'undo, redo, goto, save, questions',

	async run(context) {
		for (const model of ['resnet', 'small', 'large'] as const) await history(context, model);
		for (const model of ['resnet', 'large'] as const) await save(context, model);
		for (const [model, limit] of ANSWERS) await questions(context, model, limit);
	},
};

async function history(context: BenchContext, model: ModelName): Promise<void> {
	const lines = { undo: 'undo', redo: 'redo', goto: 'goto 0' };
	const words = (['undo', 'redo', 'goto'] as const).filter((word) => context.wanted('session', word, model));
	if (words.length === 0) return;
	const opened = await BenchSession.open(context.file(model), models[model].inputs, models[model].outputs);
	await opened.run('strip_unused_nodes');
	await opened.run('obfuscate_names');
	const times = { undo: [] as number[], redo: [] as number[], goto: [] as number[] };
	for (let i = 0; i < context.repetitions; i++) {
		await opened.run('goto 2');
		for (const word of ['undo', 'redo', 'goto'] as const)
			times[word].push(await timed(() => opened.run(lines[word]), context.clock));
	}
	for (const what of words)
		context.add({
			...{ group: 'session', what, model, value: median(times[what]), unit: 'ms' },
			...{ spread: spreadOf(times[what]), limit: 5, limitOf: 'value' },
		});
}

/** Beside `cp` and `sync` of what was saved, in turn. */
async function save(context: BenchContext, model: ModelName): Promise<void> {
	if (!context.wanted('session', 'save', model) || process.platform === 'win32') return;
	const { inputs, outputs } = models[model];
	const opened = await BenchSession.open(context.file(model), inputs, outputs);
	await opened.run('remove_nodes(op=Identity)');
	const [saved, copy] = [join(context.folder, 'saved.pb'), join(context.folder, 'copy.pb')];
	const own: number[] = [];
	const theirs: number[] = [];
	for (let i = 0; i < context.repetitions; i++) {
		own.push(await timed(() => opened.run(`save ${saved} --force`)));
		theirs.push(await timed(() => execFileSync('sh', ['-c', `cp ${saved} ${copy} && sync ${copy}`])));
	}
	context.add({
		...{ group: 'session', what: 'save', model, value: median(own), unit: 'ms', spread: spreadOf(own) },
		...{ reference: median(theirs), limit: 1.5, limitOf: 'reference', note: 'wall; against cp and sync' },
	});
}

async function questions(context: BenchContext, model: ModelName, limit: number): Promise<void> {
	const { inputs, outputs } = models[model];
	for (const [what, line] of QUESTIONS) {
		if (!context.wanted('session', what, model)) continue;
		const times: number[] = [];
		for (let i = 0; i < context.repetitions; i++) {
			const opened = await BenchSession.open(context.file(model), inputs, outputs);
			if (line.startsWith('diff')) await opened.run('remove_nodes(op=Identity)');
			collectGarbage();
			times.push(await timed(() => opened.run(line), context.clock));
		}
		context.add({
			...{ group: 'session', what, model, value: median(times), unit: 'ms' },
			...{ spread: spreadOf(times), limit, limitOf: 'value' },
		});
	}
}
