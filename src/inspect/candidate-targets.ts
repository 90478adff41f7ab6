/** What a caller of a training graph runs for its effect. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Proposal } from './candidate.ts';
import { reach } from './reach.ts';
import type { Role } from './roles.ts';

/** What a caller runs for its effect: the training step, the merged summary, the one op that starts everything. */
export function targets(graph: Graph, roles: readonly Role[], lowered: boolean): Proposal[] {
	const kinds: {
		group: string;
		reason: string;
		score: number;
		covers: (at: number) => boolean;
		is: (node: Node) => boolean;
	}[] = [
		{
			group: 'training step',
			reason: 'runs every update of a variable',
			score: 0.72,
			covers: (at) => roles[at] === 'optimizer' && /Apply[A-Z]/.test(graph.nodes[at]!.op),
			is: (node) => /^(?:NoOp|AssignAdd|AssignAddVariableOp|Identity)$/.test(node.op),
		},
		{
			group: 'summary',
			reason: 'all summaries in one',
			score: 0.66,
			covers: (at) => roles[at] === 'summary' && graph.nodes[at]!.op !== 'MergeSummary',
			is: (node) => node.op === 'MergeSummary',
		},
		{
			group: 'start',
			reason: 'sets the variables up',
			score: 0.64,
			covers: (at) => /^(?:Assign|AssignVariableOp)$/.test(graph.nodes[at]!.op),
			is: (node) => node.op === 'NoOp' && !/(?:^|\/)save/.test(node.name),
		},
	];
	const found: Proposal[] = [];
	for (const { group, reason, score, covers, is } of kinds) {
		const position = broadest(graph, covers, is);
		if (position === undefined || found.some((p) => p.position === position)) continue;
		found.push({ position, score: lowered ? score * 0.6 : score, reason, group, chosen: false });
	}
	return found;
}

/** Of the nodes that nothing reads and `is` fits, the one that needs most of what `covers` marks. */
function broadest(
	graph: Graph,
	covers: (at: number) => boolean,
	is: (node: Node) => boolean,
): number | undefined {
	const { readerStart } = graph.topology;
	let best: number | undefined;
	let most = 0;
	let tried = 0;
	for (let i = graph.nodes.length - 1; i >= 0 && tried < 12; i--) {
		const node = graph.nodes[i]!;
		if (!is(node) || node.inputs.length === 0 || readerStart[i] !== readerStart[i + 1]) continue;
		tried++;
		let count = 0;
		for (const at of reach(graph, i, 'up')) if (covers(at)) count++;
		if (count > most || (count === most && count > 0)) {
			most = count;
			best = i;
		}
	}
	return best;
}
