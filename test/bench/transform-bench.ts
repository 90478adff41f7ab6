/** Each transform as a step in an open session, held against the C++ tool's call on the same file. */

import { transforms } from '../../src/transforms/index.ts';
import { CHAIN_STEPS } from '../chain.ts';
import type { Bench, ModelName } from './bench.ts';
import { BenchSession } from './bench-session.ts';
import { collectGarbage, median, spreadOf, timed } from './measure.ts';
import { type BenchModel, models } from './models.ts';

/** The walk-through's chain. */
export const CHAIN = CHAIN_STEPS.join(' ');

/** What transforms are given that do nothing, or nothing worth measuring, without arguments. */
const LINES: Readonly<Record<string, string>> = {
	remove_nodes: 'remove_nodes(op=Identity, op=CheckNumerics)',
	remove_attribute: 'remove_attribute(attribute_name=T)',
	rename_attribute: 'rename_attribute(old_attribute_name=T, new_attribute_name=U)',
	rename_node: 'rename_node(old_node_name=input, new_node_name=image)',
	rename_op: 'rename_op(old_op_name=Mul, new_op_name=Multiply)',
	set_device: 'set_device(device="/cpu:0")',
	round_weights: 'round_weights(num_steps=256)',
	fold_constants: 'fold_constants(ignore_errors=true)',
	insert_logging: 'insert_logging(op=Relu, show_name=true)',
	freeze_requantization_ranges: '',
};

/** Those that must read every weight. */
const READS_WEIGHTS = new Set([
	'quantize_weights',
	'round_weights',
	'merge_duplicate_nodes',
	'quantize_nodes',
]);

/** Milliseconds. */
const LONG = 10_000;

const MODELS: readonly ModelName[] = ['resnet', 'small', 'mobilenet'];

/** Name and line of everything the C++ tool has, and of the walk-through's chain. */
export function transformLines(): (readonly [what: string, line: string])[] {
	const lines = transforms
		.filter(({ origin }) => origin === 'tensorflow')
		.map(({ name }) => [name, LINES[name] ?? name] as const)
		.filter(([, line]) => line !== '');
	return [...lines, ['chain', CHAIN]];
}

export const transformBench: Bench = {
	name: 'transforms',
	summary: 'each transform as a step in an open session',

	async run(context) {
		for (const model of MODELS) {
			for (const [what, line] of transformLines()) {
				if (!context.wanted('transforms', what, model)) continue;
				const { inputs, outputs }: BenchModel = models[model];
				const file = context.file(model);
				const own: number[] = [];
				const theirs: number[] = [];
				let problem: string | undefined;
				for (let i = 0; i < context.repetitions && problem === undefined; i++) {
					const opened = await BenchSession.open(file, inputs, outputs);
					collectGarbage();
					own.push(
						await timed(() => opened.run(line), context.clock).catch((error: unknown) => {
							problem = String(error);
							return Number.NaN;
						}),
					);
					// Some calls take the tool minutes: once is enough then.
					if (theirs.some((ms) => ms > LONG)) continue;
					const reference = await context.reference?.time(
						{ file, inputs, outputs, transforms: line },
						context.clock,
					);
					if (reference !== undefined) theirs.push(reference);
				}
				if (problem !== undefined) {
					process.stderr.write(`${model} ${what}: ${problem}\n`);
					continue;
				}
				context.add({
					group: 'transforms',
					what,
					model,
					value: median(own),
					unit: 'ms',
					spread: spreadOf(own),
					...(theirs.length > 0 ? { reference: median(theirs) } : {}),
					...(model === 'mobilenet'
						? {}
						: { limit: READS_WEIGHTS.has(what) || what === 'chain' ? 0.5 : 0.2 }),
					limitOf: 'reference',
					note: `first ${own[0]!.toFixed(0)} ms`,
				});
			}
		}
	},
};
