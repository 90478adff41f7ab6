/** Ranking of candidates, and the names of a graph as candidates. */
import fuzzysort from 'fuzzysort';
import type { Graph } from '../graph/graph.ts';
import { plural } from '../session/figures.ts';
import { NameIndex } from './name-index.ts';

export interface Candidate {
	/** What is put into the line. */
	readonly text: string;
	/** What it is, in a few words. */
	readonly summary: string;
}

/** More candidates than anybody reads. */
const MOST = 100;
/** Above so many names letters in order are no longer searched for; parts of names are. */
const MOST_FUZZY = 20_000;

/** Those that begin as typed, then those that hold it, then those with its letters in order. */
export function matching(typed: string, known: readonly Candidate[]): readonly Candidate[] {
	if (typed === '') return known;
	const wanted = typed.toLowerCase();
	const begins = known.filter((item) => item.text.toLowerCase().startsWith(wanted));
	const holds = known.filter((item) => !begins.includes(item) && item.text.toLowerCase().includes(wanted));
	const found = [...begins, ...holds];
	if (found.length > 0 || typed.length < 2) return found;
	return fuzzysort.go(typed, known, { key: 'text', limit: 10, threshold: 0.3 }).map((result) => result.obj);
}

/**
 * Node names for what is typed: the next part of the name where many begin so (`pnet/` for 81 nodes), whole
 * names where few do.
 * @param scopesOnly leaves out names of nodes.
 */
export function completeNames(graph: Graph, typed: string, scopesOnly = false): readonly Candidate[] {
	const index = NameIndex.of(graph);
	const begins = nextParts(graph, index, typed, scopesOnly);
	if (scopesOnly) return begins;
	const known = new Set(begins.map((item) => item.text));
	const holds = typed === '' ? [] : index.holding(typed, MOST).filter((name) => !known.has(name));
	const found = [
		...begins,
		...holds.filter((name) => !name.startsWith(typed)).map((name) => nodeCandidate(graph, name)),
	];
	if (found.length > 0 || typed.length < 2 || graph.nodes.length > MOST_FUZZY) return found.slice(0, MOST);
	return fuzzysort
		.go(typed, index.sorted, { limit: 20, threshold: 0.2 })
		.map((result) => nodeCandidate(graph, result.target));
}

function nodeCandidate(graph: Graph, name: string): Candidate {
	return { text: name, summary: graph.node(name)?.op ?? '' };
}

/** So few names are shown whole. */
const FEW = 10;

/** Names cut behind the next `/` where more than one name shares that part. */
function nextParts(graph: Graph, index: NameIndex, typed: string, scopesOnly: boolean): Candidate[] {
	const [start, end] = index.range(typed);
	if (!scopesOnly && end - start <= FEW)
		return index.sorted.slice(start, end).map((name) => nodeCandidate(graph, name));
	return index
		.groups(typed, MOST)
		.filter((group) => !scopesOnly || group.text.endsWith('/'))
		.map(({ text, count }) =>
			graph.has(text) ? nodeCandidate(graph, text) : { text, summary: plural(count, 'node') },
		);
}

/** Op types in the graph, the most frequent first. */
export function opTypes(graph: Graph, typed: string): readonly Candidate[] {
	const known = [...graph.byOp]
		.sort(([, a], [, b]) => b.length - a.length)
		.map(([op, nodes]) => ({ text: op, summary: `${nodes.length} in the graph` }));
	return matching(typed, known);
}
