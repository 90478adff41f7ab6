/** `set debug on`: the whole graph is checked after every step, and the step that broke it is named. */
import type { Graph } from '../graph/graph.ts';
import { checkGraph } from '../inspect/check.ts';
import type { Finding } from '../inspect/finding.ts';
import { type Answer, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';

const SHOWN = 5;

/** Findings of `after` that `before` did not have. */
function newFindings(before: Graph, after: Graph): Finding[] {
	if (before === after) return [];
	const key = (finding: Finding): string => `${finding.node}\n${finding.kind}\n${finding.message}`;
	const known = new Set(checkGraph(before).map(key));
	return checkGraph(after).filter((finding) => !known.has(key(finding)));
}

/** The step's answer with what it broke, where it broke something. */
export function withDebugCheck<D extends object>(
	answer: Answer<D>,
	step: number,
	before: Graph,
	after: Graph,
): Answer<D> {
	const findings = newFindings(before, after);
	if (findings.length === 0) return answer;
	const lines = findings
		.slice(0, SHOWN)
		.map((finding) => [
			span(`   ${finding.severity}: `, 'bad'),
			span(finding.node, 'name'),
			span(` ${finding.message} ${finding.mend}`),
		]);
	const more = findings.length > SHOWN ? [`   and ${findings.length - SHOWN} more: check`] : [];
	return {
		...answer,
		data: { ...answer.data, findings },
		blocks: [
			...answer.blocks,
			text(
				[span(`   step #${step} broke the graph: ${plural(findings.length, 'finding')}`, 'bad')],
				...lines,
				...more,
			),
		],
		next: [`undo`, 'check', ...(answer.next ?? [])],
	};
}
