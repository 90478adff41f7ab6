/** What the three transforms share that merge what stands before a Conv2D into it. */
import type { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import { requiredAttr } from './const-node.ts';
import type { Reporter } from './define.ts';
import type { Match } from './match.ts';
import { reportMisses } from './near-miss.ts';
import type { Pattern } from './pattern.ts';
import { replaceMatches } from './replace-matches.ts';

/** The attributes that a fused op takes over; what it has no attribute for is lost. */
export function convAttrs(conv: Node): Record<string, Attr> {
	return {
		T: requiredAttr(conv, 'T'),
		padding: requiredAttr(conv, 'padding'),
		strides: requiredAttr(conv, 'strides'),
	};
}

/** Image and size. @throws WhittleError `transform` where they are not there. */
export function resizeInputs(resize: Node): readonly string[] {
	if (resize.inputs.length >= 2) return resize.inputs.slice(0, 2);
	throw new WhittleError('transform', `\`${resize.name}\` has ${resize.inputs.length} inputs, not 2`);
}

/** One pass, with its reports. @param before what was looked for before a Conv2D. */
export function* fusePass(
	graph: Graph,
	pattern: Pattern,
	report: Reporter,
	transform: string,
	before: string,
	fuse: (match: Match) => Node[],
): Work<Graph> {
	const replaced = yield* replaceMatches(graph, pattern, (match) => {
		const conv = match.node('conv');
		const format = conv.attr('data_format')?.string;
		if (format !== undefined && format !== 'NHWC')
			report.warn(`\`${conv.name}\` is ${format}; the fused op works on NHWC alone`);
		if (conv.attr('dilations')?.ints?.some((rate) => rate !== 1))
			report.warn(`\`${conv.name}\` has dilations, which the fused op does not have`);
		return fuse(match);
	});
	yield* reportMisses({ graph, patterns: [pattern], last: [replaced], again: transform }, report);
	if (replaced.matches.length === replaced.rolledBack.length)
		report.note(`no ${before} of its own stands before a Conv2D`);
	return replaced.graph;
}
