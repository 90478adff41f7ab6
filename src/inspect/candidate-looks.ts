/** What the end of a graph looks like, and how much of the graph it needs: the ranking of possible outputs. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Proposal } from './candidate.ts';
import { reach } from './reach.ts';
import { rolesOf } from './roles.ts';
import type { Training } from './training.ts';

/** Nodes whose needs are measured: each costs a walk. */
const MOST_MEASURED = 48;
/** Edges walked for that in all. */
const MOST_STEPS = 2_000_000;

interface Look {
	readonly pattern: RegExp;
	readonly bonus: number;
	readonly what: string;
}

const opLooks: readonly Look[] = [
	{ pattern: /^(?:Softmax|LogSoftmax)$/, bonus: 0.2, what: 'a softmax' },
	{ pattern: /^(?:Sigmoid|ArgMax|TopK|TopKV2)$/, bonus: 0.15, what: 'a decision' },
	{ pattern: /NonMaxSuppression/, bonus: 0.18, what: 'detections' },
	{ pattern: /^_Retval$/, bonus: 0.2, what: 'a result of the function' },
	{ pattern: /^(?:L2Normalize)$/, bonus: 0.15, what: 'an embedding' },
];

const nameLooks: readonly Look[] = [
	{ pattern: /soft_?max|prob(?:s|abilit|\d|$)|predict/i, bonus: 0.15, what: 'named like probabilities' },
	{ pattern: /logit/i, bonus: 0.12, what: 'named like logits' },
	{
		pattern: /box|detection|landmark|anchor|heat_?map|score|class/i,
		bonus: 0.1,
		what: 'named like detections',
	},
	{ pattern: /embedding|feature|bottleneck|encod|latent/i, bonus: 0.1, what: 'named like an embedding' },
	{
		pattern: /out(?:put)?s?(?:$|[_\d/])|result|final/i,
		bonus: 0.12,
		what: 'named like a result',
	},
	{
		pattern: /loss|cost|cross_?entropy|error|accuracy|metric/i,
		bonus: -0.15,
		what: 'named like a loss or metric',
	},
];

/** TensorFlow 2 names what a function returns `Identity`, `Identity_1`, … at the top of the graph. */
const functionResult: Look = {
	pattern: /^Identity/,
	bonus: 0.12,
	what: 'named as TensorFlow 2 names results',
};

/** Proposals for nodes that nothing reads, the likeliest first. */
export function rankSinks(
	graph: Graph,
	sinks: readonly number[],
	training: Training | undefined,
): Proposal[] {
	const looks = sinks.map((position) => lookOf(graph.nodes[position]!));
	const order = sinks.map((_, i) => i).sort((a, b) => looks[b]!.bonus - looks[a]!.bonus || a - b);
	const shares = measure(
		graph,
		order.map((i) => sinks[i]!),
	);
	const trained = training && training.predictions.length > 0;
	const many = sinks.length > MOST_MEASURED;
	return order.map((i, rank) => {
		const position = sinks[i]!;
		const share = shares[rank];
		const look = looks[i]!;
		const leftover = look.leftover;
		const score = leftover
			? 0.15
			: Math.min(0.97, 0.45 + look.bonus + 0.3 * Math.sqrt(share ?? 0) - (trained ? 0.18 : 0));
		const chosen = !leftover && !look.metric && (!many || score > 0.6) && (!trained || look.bonus > 0);
		return {
			position,
			score,
			reason: reasonFor(look, share),
			group: leftover ? 'leftover' : look.metric ? 'loss' : 'prediction',
			chosen,
		};
	});
}

interface Appearance {
	readonly bonus: number;
	readonly what: readonly string[];
	/** What a loop or branch leaves behind rather than what a model answers. */
	readonly leftover: boolean;
	readonly metric: boolean;
}

/** What a node's op and name suggest. */
export function lookOf(node: Node): Appearance {
	const last = node.name.split('/').at(-1)!;
	const what: string[] = [];
	let bonus = 0;
	for (const look of opLooks) {
		if (!look.pattern.test(node.op)) continue;
		bonus += look.bonus;
		what.push(look.what);
	}
	const byName =
		nameLooks.find((look) => look.pattern.test(last)) ??
		nameLooks.find((look) => look.pattern.test(node.name)) ??
		(/^Identity(?:_\d+)?$/.test(node.name) ? functionResult : undefined);
	if (byName) {
		bonus += byName.bonus;
		what.push(byName.what);
	}
	const leftover = /^(?:Exit|RefExit|NextIteration|Switch|RefSwitch|Enter)$/.test(node.op);
	return { bonus, what, leftover, metric: (byName?.bonus ?? 0) < 0 };
}

function reasonFor(look: Appearance, share: number | undefined): string {
	const parts = look.leftover ? ['left over from a loop or branch'] : [...look.what, 'nothing reads it'];
	if (share !== undefined) parts.push(`needs ${Math.round(share * 100)} % of the graph`);
	return parts.join('; ');
}

/** The share of the graph's computing nodes that each of the first nodes needs. */
function measure(graph: Graph, positions: readonly number[]): (number | undefined)[] {
	const roles = rolesOf(graph);
	const counts = (at: number): boolean => roles[at] === 'compute' && graph.nodes[at]!.op !== 'Const';
	let all = 0;
	for (let i = 0; i < graph.nodes.length; i++) if (counts(i)) all++;
	let steps = 0;
	return positions.map((position, rank) => {
		if (rank >= MOST_MEASURED || steps > MOST_STEPS) return undefined;
		const needed = reach(graph, position, 'up');
		steps += needed.length;
		let sum = 0;
		for (const at of needed) if (counts(at)) sum++;
		return sum / Math.max(1, all);
	});
}
