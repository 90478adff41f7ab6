import { type Line, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { count } from './arguments.ts';
import { defineCommand } from './define.ts';
import { compareStep, differenceText, lossBetween, runBaseline, TOLERANCES } from './verify-steps.ts';

export default defineCommand({
	name: 'bisect',
	group: 'prove',
	summary: 'find the first step whose result differs, and the node where it begins',
	details:
		'Every step from the first to the current one is run on the same inputs and held against the graph as opened, within what the steps up to it may cost (see `help verify`).',
	args: { seed: count('seed of the random inputs; 1 unless given') },
	examples: ['bisect'],
	scripted: 'asked',

	async run(session, { seed = 1 }, context) {
		const [root, ...steps] = session.history.pathTo();
		const baseline = await runBaseline(session, root!, session.history.current, seed, context);
		const tested: { step: number; equal: boolean; relL2: number }[] = [];
		for (const step of steps) {
			const tolerance = TOLERANCES[lossBetween(session, root!.id, step.id)];
			const verdict = await compareStep(baseline, step, tolerance, context);
			const worst = verdict.outputs.reduce((most, { relL2 }) => Math.max(most, relL2), 0);
			tested.push({ step: step.id, equal: verdict.equal, relL2: worst });
			if (verdict.equal) continue;
			const { firstDifference } = verdict;
			const lines: Line[] = [
				[span('✗ ', 'bad'), span(`step #${step.id} is the first that differs: `), span(step.input, 'strong')],
			];
			if (firstDifference) {
				const { node, op } = firstDifference;
				lines.push([
					span('   it begins at '),
					span(node, 'name'),
					span(` (${op}), which ${differenceText(firstDifference)}`),
				]);
			}
			for (const { node, op, reason } of verdict.notRun.filter(({ broken }) => broken))
				lines.push([span('   no longer runs: ', 'bad'), span(node, 'name'), span(` (${op}): ${reason}`)]);
			for (const warning of step.result?.warnings ?? [])
				lines.push([span('   the step had warned: ', 'warn'), span(warning)]);
			return {
				kind: 'text',
				data: {
					step: step.id,
					transform: step.invocation?.name ?? null,
					input: step.input,
					node: firstDifference?.node ?? null,
					firstDifference,
					outputs: verdict.outputs,
					notRun: verdict.notRun,
					tested,
					seed,
				},
				blocks: [text(...lines)],
				failed: true,
				next: [`goto ${step.parent}`],
			};
		}
		return {
			kind: 'text',
			data: { step: null, transform: null, input: null, node: null, firstDifference: null, tested, seed },
			blocks: [
				text([span('✓ ', 'good'), span(`${plural(steps.length, 'step')}, all equal to the graph as opened`)]),
			],
		};
	},
});
