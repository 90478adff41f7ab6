/**
 * Stage 2 of `quantize_nodes`: a fake quant moves before the ops that only pass values on (spec: quantizing 5.2).
 *
 *   before   a = Relu(x), b = MaxPool(a), fq = FakeQuantWithMinMaxVars(b, min, max)
 *   after    fq_hoisted = FakeQuantWithMinMaxVars(x, min, max), a = Relu(fq_hoisted), fq = MaxPool(a)
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Work } from '../graph/progress.ts';
import type { Match } from './match.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { replaceMatches } from './replace-matches.ts';

const DEEPEST = 3;

/** Chains of three ops, then of two, then of one. Any op will do for a link that has one data input. */
export function* hoistFakeQuants(graph: Graph): Work<Graph> {
	let current = graph;
	for (let depth = DEEPEST; depth > 0; depth--) {
		const pass = yield* replaceMatches(current, chainPattern(depth), (match) => hoist(match, depth));
		current = pass.graph;
	}
	return current;
}

function chainPattern(depth: number): Pattern {
	const links = Array.from({ length: depth }, (_, i) => `${' '.repeat(i + 2)}*  link${i}`);
	const base = `${' '.repeat(depth + 2)}*  base`;
	return parsePattern(
		['FakeQuantWithMinMaxVars  fake', ...links, base, '  Const  min', '  Const  max'].join('\n'),
	);
}

function hoist(match: Match, depth: number): Node[] {
	const fake = match.head;
	const links = Array.from({ length: depth }, (_, i) => match.node(`link${i}`));
	const source = links.at(-1)!.inputs[0]!;
	const hoisted = fake.with({ name: `${fake.name}_hoisted`, inputs: fake.inputs.with(0, source) });
	const moved = links.map((link, i) => {
		const inputs = i === depth - 1 ? link.inputs.with(0, hoisted.name) : link.inputs;
		return link.with({ inputs, name: i === 0 ? fake.name : link.name });
	});
	return [hoisted, match.node('min'), match.node('max'), ...moved, match.node('base')];
}
