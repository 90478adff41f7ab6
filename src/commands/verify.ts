import type { OutputVerdict, Verdict } from '../evaluate/verify.ts';
import { WhittleError } from '../graph/error.ts';
import { type Answer, type Block, type Line, span, text } from '../session/answer.ts';
import { formatPercent, plural } from '../session/figures.ts';
import { count, flag, option, optionalWord } from './arguments.ts';
import { defineCommand } from './define.ts';
import { compareStep, differenceText, lossBetween, runBaseline, TOLERANCES } from './verify-steps.ts';
import { verifyWithTensorflow } from './verify-tensorflow.ts';

export default defineCommand({
	name: 'verify',
	group: 'prove',
	summary: 'run the original and the current graph on the same inputs and compare',
	details: `Inputs are seeded random numbers of the declared shapes, or what \`feed\` gave. Each output must stay within what the steps may cost: exact transforms nothing, numeric ones a relative L2 norm of 1e-4, lossy ones 0.2; new NaN and other shapes never pass. Where an output differs, the first node that gives something else is named.

Exit code 4 in a script when it does not hold. \`verify --auto\` verifies after every step from then on.`,
	args: {
		against: optionalWord('the step to compare with; 0, the graph as opened, unless given', {
			subject: 'step',
		}),
		seed: count('seed of the random inputs; 1 unless given'),
		tolerance: option('the relative L2 norm that passes, in place of what the steps may cost'),
		auto: flag('verify after every step'),
		engine: option('what runs the graphs', { values: ['whittle', 'tensorflow'] }),
	},
	examples: ['verify', 'verify 2', 'verify --seed 7 --tolerance 1e-6'],
	scripted: 'always',

	async run(session, args, context) {
		const { seed = 1 } = args;
		if (args.auto) {
			session.settings.set('verify', 'auto');
			return {
				kind: 'text',
				data: { auto: true },
				blocks: [text('every step is verified from here on; `set verify off` ends it')],
			};
		}
		const step = session.history.find(args.against ?? '0');
		const { current } = session.history;
		const loss = lossBetween(session, step.id, current.id);
		const tolerance = readTolerance(args.tolerance) ?? TOLERANCES[loss];
		if (args.engine === 'tensorflow') {
			const { verdict, made } = await verifyWithTensorflow(session, step, seed, tolerance, context);
			return verifyAnswer(
				{ ...verdict, against: step.id, step: current.id, seed, loss, tolerance, engine: 'tensorflow' },
				made,
			);
		}
		const baseline = await runBaseline(session, step, current, seed, context);
		const verdict = await compareStep(baseline, current, tolerance, context);
		const data = { ...verdict, against: step.id, step: current.id, seed, loss, tolerance, engine: 'whittle' };
		return verifyAnswer(
			data,
			baseline.inputs.made.map(({ node }) => node.name),
		);
	},
});

function readTolerance(typed: string | undefined): number | undefined {
	if (typed === undefined) return undefined;
	const value = Number(typed);
	if (Number.isFinite(value) && value >= 0) return value;
	throw new WhittleError('usage', `\`${typed}\` is no tolerance.`, { hint: 'A number such as 1e-5.' });
}

interface VerifyData extends Verdict {
	readonly against: number;
	readonly step: number;
	readonly seed: number;
	readonly loss: string;
	readonly tolerance: number;
	readonly engine: string;
}

function verifyAnswer(data: VerifyData, made: readonly string[]): Answer<VerifyData> {
	const lines: Line[] = [headline(data)];
	const { firstDifference } = data;
	if (firstDifference) {
		const { node, op } = firstDifference;
		lines.push([
			span('   the difference begins at '),
			span(node, 'name'),
			span(` (${op}), which ${differenceText(firstDifference)}`),
		]);
	}
	for (const { node, op, reason, broken } of data.notRun) {
		const tone = broken ? 'bad' : 'warn';
		lines.push([
			span(`   ${broken ? 'no longer runs' : 'not run'}: `, tone),
			span(node, 'name'),
			span(` (${op}): ${reason}`),
		]);
	}
	const empty = data.outputs.filter(({ shape, sameShape }) => sameShape && shape.includes(0));
	for (const { name } of empty)
		lines.push([
			span(`   ${name} is empty for these inputs: nothing was compared (feed gives better ones)`, 'warn'),
		]);
	if (made.length > 0) lines.push([span(`   random inputs (seed ${data.seed}): ${made.join(', ')}`, 'dim')]);
	const blocks: Block[] = [text(...lines), outputTable(data.outputs)];
	return {
		kind: 'table',
		data,
		blocks,
		...(data.equal ? {} : { failed: true, next: data.step > 1 ? ['bisect', 'undo'] : ['undo'] }),
	};
}

function headline(data: VerifyData): Line {
	const within = data.tolerance === 0 ? 'to the bit' : `within a relative L2 norm of ${data.tolerance}`;
	const what = data.loss === 'interface' ? 'exact' : data.loss;
	const rule = `${within}, as ${what} steps allow`;
	const sides = `#${data.step} against #${data.against}`;
	if (data.equal && data.step === data.against)
		return [
			span('✓ ', 'good'),
			span(`nothing to compare: the graph is that of #${data.against}. It runs, and gives `),
			span(`${plural(data.outputs.length, 'output')}.`),
		];
	if (data.equal)
		return [span('✓ ', 'good'), span(`${plural(data.outputs.length, 'output')} of ${sides} agree ${rule}`)];
	const bad = data.outputs.filter(({ ok }) => !ok).length + data.notRun.filter(({ broken }) => broken).length;
	return [span('✗ ', 'bad'), span(`${plural(bad, 'output')} of ${sides} differ: not equal ${rule}`)];
}

function outputTable(outputs: readonly OutputVerdict[]): Block {
	const figure = (value: number): string =>
		value === 0 ? '0' : Number.isFinite(value) ? value.toExponential(2) : '∞';
	return {
		type: 'table',
		columns: [
			{ name: '' },
			{ name: 'output', shrink: true, tone: 'name' },
			{ name: 'shape' },
			{ name: 'max |Δ|', align: 'right' },
			{ name: 'max rel', align: 'right' },
			{ name: 'rel L2', align: 'right' },
			{ name: 'arg-max', align: 'right' },
		],
		rows: outputs.map((one) => [
			one.ok ? '✓' : '✗',
			one.name,
			`[${one.shape.join(',')}]`,
			one.newNaN > 0 ? 'NaN' : figure(one.maxAbs),
			figure(one.maxRel),
			figure(one.relL2),
			one.argmaxAgree === null ? '' : formatPercent(one.argmaxAgree),
		]),
	};
}
