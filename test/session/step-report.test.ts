import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../src/render/plain.ts';
import type { StepFacts } from '../../src/session/step-data.ts';
import { stepAnswer, stepsAnswer } from '../../src/session/step-report.ts';
import { defineTransform, type Loss, type TransformContext } from '../../src/transforms/define.ts';
import { keepNodes } from '../../src/transforms/keep-nodes.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { smallModel } from '../commands/models.ts';

type Apply = (context: TransformContext<Record<string, never>>) => ReturnType<typeof keepNodes>;

function factsOf(apply: Apply, changes: Partial<StepFacts> = {}, loss: Loss = 'exact'): StepFacts {
	const transform = defineTransform({
		name: 'invented',
		summary: 'for this test',
		origin: 'whittle',
		loss,
		params: {},
		examples: ['invented'],
		after: ['fold_constants'],
		apply,
	});
	const before = smallModel();
	const result = runTransform(before, transform, new Map(), { inputs: ['x'], outputs: ['y'] });
	const invocation = { name: 'invented', params: new Map(), start: 0, end: 8 };
	return {
		transform,
		invocation,
		before,
		result,
		step: 3,
		ms: 2,
		preview: false,
		ranBefore: new Set(),
		...changes,
	};
}

const textOf = (facts: StepFacts): string => renderPlain(stepAnswer(facts).blocks);

describe('stepAnswer', () => {
	it('counts ops that came, went, and changed under their name', () => {
		const facts = factsOf(({ graph }) =>
			keepNodes(graph, [
				...graph.nodes.slice(0, 4),
				graph.node('y')!.with({ name: 'z', op: 'Elu' }),
				graph.node('spare')!.with({ op: 'Zeros' }),
			]),
		);
		expect(stepAnswer(facts).data).toMatchObject({ added: ['z'], removed: ['y'], changed: ['spare'] });
		const line = textOf(facts);
		for (const part of ['−1 Relu', '+1 Elu', '−1 Const', '+1 Zeros', '1 changed'])
			expect(line).toContain(part);
	});

	it('tells reasons that differ only in the names that they quote once, without the names', () => {
		const facts = factsOf(({ graph, report }) => {
			for (const node of ['a', 'b', 'c', 'd']) report.skip(node, `its input \`${node}/w\` is no Const`);
			report.skip('e', 'its input `e/w` is no filter');
			return graph;
		});
		expect(textOf(facts)).toContain('   left a, b, c and 1 more: its input `…` is no Const\n');
		expect(textOf(facts)).toContain('   left e: its input `e/w` is no filter\n');
	});

	it('says what kind of loss a change may bring, and shows notes and warnings', () => {
		const facts = factsOf(
			({ graph, report }) => {
				report.note('one device cleared');
				report.warn('ranges are wide');
				return keepNodes(
					graph,
					graph.nodes.map((node) => (node.device ? node.with({ device: '' }) : node)),
				);
			},
			{},
			'lossy',
		);
		expect(textOf(facts)).toMatch(
			/2 changed {2}.* {2}lossy {2}2 ms\n {3}! ranges are wide\n {3}one device cleared\n$/,
		);
		expect(stepAnswer(facts).next).toEqual(['verify', 'diff', 'undo']);
	});

	it('gathers nodes that were left alone for one reason, with the hint', () => {
		const facts = factsOf(({ graph, report }) => {
			for (let i = 0; i < 5; i++) report.skip(`n${i}`, 'its input is no Const', 'fold_constants');
			for (let i = 0; i < 9; i++) report.skip('y', `reason ${i}`);
			return graph;
		});
		const text = textOf(facts);
		expect(text).toContain('   left n0, n1, n2 and 2 more: its input is no Const  → fold_constants\n');
		expect(text).toContain('   and 5 more reasons\n');
		expect(stepAnswer(facts).next?.[0]).toBe('fold_constants');
	});

	it('says what should have run before, when nothing changed', () => {
		const nothing: Apply = ({ graph }) => graph;
		expect(textOf(factsOf(nothing))).toContain('usually run after fold_constants');
		expect(textOf(factsOf(nothing, { ranBefore: new Set(['fold_constants']) }))).not.toContain('usually');
		expect(stepAnswer(factsOf(nothing)).data.note).toContain('nothing changed');
	});

	it('tells a mere change of order', () => {
		const facts = factsOf(({ graph }) => keepNodes(graph, graph.nodes.toReversed()));
		expect(stepAnswer(facts).data).toMatchObject({ reordered: true, changed: [] });
		expect(textOf(facts)).toContain('6 nodes  reordered');
	});

	it('speaks of a preview as of something that did not happen', () => {
		const facts = factsOf(({ graph }) => keepNodes(graph, graph.nodes.slice(0, -1)), { preview: true });
		expect(textOf(facts)).toMatch(/^would: 6 → 5 nodes {2}−1 Const {2}.*\(−\d+ %\)/);
		expect(stepAnswer(facts).data.preview).toBe(true);
		expect(stepAnswer(facts).next).toEqual([]);
	});

	it('joins the answers of one line', () => {
		const answer = stepAnswer(factsOf(({ graph }) => graph));
		expect(stepsAnswer([answer])).toBe(answer);
		expect(stepsAnswer([answer, answer]).data).toEqual({ steps: [answer.data, answer.data] });
	});
});
