/**
 * What a person probably means by the inputs and outputs of a graph. `summarize_graph` lists every Placeholder
 * and everything that nobody reads; this ranks, says why, and puts aside what belongs to training, saving and
 * starting the model.
 */
import { dtypeName } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, stage, type Work } from '../graph/progress.ts';
import { outputDtypes } from '../ops/signature.ts';
import type { Candidate, Proposal, Proposals, PutAside } from './candidate.ts';
import { functionCandidates } from './candidate-functions.ts';
import { inputCandidates } from './candidate-inputs.ts';
import { outputCandidates } from './candidate-outputs.ts';
import { findTraining } from './training.ts';

export type { Candidate, PutAside } from './candidate.ts';

export interface CandidateSide {
	/** Best first, at most {@link MOST_CANDIDATES}. */
	readonly candidates: readonly Candidate[];
	/** What transforms use until somebody chooses, in the file's order: `node`, or `node:1` for a further output. */
	readonly chosen: readonly string[];
	readonly aside: readonly PutAside[];
	/** Candidates found in all. */
	readonly total: number;
}

export interface Candidates {
	readonly inputs: CandidateSide;
	readonly outputs: CandidateSide;
}

/** A screenful. */
export const MOST_CANDIDATES = 24;
/** With more equals than this a list says nothing: only the best are chosen then. */
const MOST_CHOSEN = 64;

const known = new WeakMap<Graph, Candidates>();

/** Linear in the graph; the answer stays with the graph value. */
export function findCandidates(graph: Graph): Candidates {
	return known.get(graph) ?? finish(findingCandidates(graph));
}

/** {@link findCandidates} in turns, each linear in the graph. */
export function* findingCandidates(graph: Graph): Work<Candidates> {
	let found = known.get(graph);
	if (!found) {
		yield* stage(graph.indexed(), 0, 0.4);
		const training = findTraining(graph);
		yield { done: 0.6, total: 1 };
		const outputs = outputCandidates(graph, training);
		yield { done: 0.8, total: 1 };
		const chosen = outputs.proposals.filter((p) => p.chosen).map((p) => p.position);
		found = {
			inputs: side(graph, inputCandidates(graph, chosen), functionCandidates(graph, 'inputs')),
			outputs: side(graph, outputs, functionCandidates(graph, 'outputs')),
		};
		known.set(graph, found);
	}
	return found;
}

function side(graph: Graph, { proposals, aside }: Proposals, others: readonly Candidate[]): CandidateSide {
	const ranked = [...proposals].sort((a, b) => b.score - a.score || a.position - b.position);
	const chosen = ranked.filter((proposal) => proposal.chosen).slice(0, MOST_CHOSEN);
	return {
		candidates: [
			...ranked.slice(0, MOST_CANDIDATES).map((proposal) => describe(graph, proposal)),
			...others,
		].slice(0, MOST_CANDIDATES),
		chosen: chosen
			.sort((a, b) => a.position - b.position)
			.flatMap(({ position, ports = [0] }) =>
				ports.map((port) => tensorName(graph.nodes[position]!.name, port)),
			),
		aside,
		total: proposals.length + others.length,
	};
}

/** As people write it: the first output of a node is called like the node. */
function tensorName(node: string, port: number): string {
	return port === 0 ? node : `${node}:${port}`;
}

function describe(graph: Graph, proposal: Proposal): Candidate {
	const node = graph.nodes[proposal.position]!;
	const dtype = declaredDtype(graph, node);
	return {
		name: node.name,
		op: node.op,
		dtype: dtype === undefined ? null : dtypeName(dtype),
		shape: declaredShape(node),
		score: Math.round(proposal.score * 1000) / 1000,
		reason: proposal.reason,
		group: proposal.group,
	};
}

function declaredDtype(graph: Graph, node: Node): number | undefined {
	return (
		node.attr('dtype')?.type ??
		outputDtypes(node, graph.functions)?.[0] ??
		(node.attr('output_types') ?? node.attr('component_types'))?.types?.[0] ??
		node.attr('T')?.type
	);
}

/** The shape that a node itself tells; inference knows more, and is asked where that matters. */
function declaredShape(node: Node): readonly number[] | null {
	const single = node.attr('shape')?.shape;
	if (single !== undefined) return single;
	for (const name of ['_output_shapes', 'output_shapes', 'shapes']) {
		const first = node.attr(name)?.value.list?.shape[0];
		if (first) return first.unknown_rank ? null : first.dim.map((dim) => Number(dim.size));
	}
	return null;
}
