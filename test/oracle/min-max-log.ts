/** Made-up logs for freeze_requantization_ranges. */
import type { Graph } from '../../src/graph/graph.ts';
import type { Choices } from './choices.ts';

/** Lines for the graph's ranges, with others between, as a run writes them; now and then none, or not quite such. */
export function minMaxLog(pick: Choices, graph: Graph): string {
	const names = (graph.byOp.get('RequantizationRange') ?? []).map((node) => node.name);
	if (pick.chance(0.05)) names.push('nowhere');
	const lines = ['2026-11-24 10:00:00.000001: I some/file.cc:40] starting'];
	for (let count = pick.below(30); count > 0 && names.length > 0; count--) {
		const [min, max] = [-pick.below(1000) / 77, pick.below(3000) / 97];
		const mark = pick.chance(0.95) ? '__requant_min_max:' : '__other:';
		const [low, high] = pick.chance(0.97) ? [String(min), String(max)] : [min.toFixed(3), 'x'];
		lines.push(`I logging_ops.cc:79] ;${pick.one(names)}__print__;${mark}[${low}][${high}]`);
	}
	return `${lines.join('\n')}\n`;
}
