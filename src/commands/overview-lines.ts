/** What is said of a model when it is opened, before anybody asks. */
import type { Graph } from '../graph/graph.ts';
import { parseTensorId } from '../graph/names.ts';
import { type Candidate, findCandidates } from '../inspect/candidates.ts';
import { formatShape, shownShapes } from '../inspect/output-shapes.ts';
import { type Oddity, oddities } from '../inspect/overview.ts';
import { type Line, span } from '../session/answer.ts';

/** Inputs and outputs named one by one; `inputs` and `outputs` list all. */
const NAMED = 4;

export interface Overview {
	readonly lines: readonly Line[];
	readonly odd: readonly Oddity[];
}

/** The likely inputs and outputs with dtype and shape, and what is odd about the graph. */
export function overviewOf(graph: Graph): Overview {
	const { inputs, outputs } = findCandidates(graph);
	const odd = oddities(graph);
	return {
		lines: [
			...endpointLine(graph, 'in ', inputs.chosen, inputs.candidates),
			...endpointLine(graph, 'out', outputs.chosen, outputs.candidates),
			...odd.map(
				(oddity): Line => [
					span(oddity.level === 'warn' ? ' ! ' : ' · ', oddity.level === 'warn' ? 'warn' : 'dim'),
					span(oddity.text, oddity.level === 'warn' ? 'warn' : 'dim'),
					span(oddity.next ? `  (${oddity.next})` : '', 'dim'),
				],
			),
		],
		odd,
	};
}

function endpointLine(
	graph: Graph,
	label: string,
	chosen: readonly string[],
	candidates: readonly Candidate[],
): Line[] {
	if (chosen.length === 0) return [];
	const known = new Map(candidates.map((candidate) => [candidate.name, candidate]));
	const named = chosen.slice(0, NAMED).map((name) => parseTensorId(name));
	// Inferring shapes takes longer than opening a large file should.
	const small = graph.nodes.length <= 3_000;
	const shapesOf =
		small &&
		shownShapes(
			graph,
			named.map(({ name }) => graph.position.get(name)!),
		);
	const words = named.map(({ name: node, port }, i) => {
		const candidate = known.get(node);
		const inferred = (shapesOf ? shapesOf(graph.position.get(node)!)[port] : undefined) ?? candidate?.shape;
		const shape = inferred ? formatShape(inferred) : '';
		return `${chosen[i]} ${candidate?.dtype ?? ''}${shape}`.trim();
	});
	const more = chosen.length > NAMED ? ` and ${chosen.length - NAMED} more` : '';
	return [[span(` ${label} `, 'dim'), span(words.join(', '), 'name'), span(more, 'dim')]];
}
