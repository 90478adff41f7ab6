/** Ranking of candidates, and the names of a graph as candidates. */
import fuzzysort from 'fuzzysort';
import type { Graph } from '../graph/graph.ts';

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
	const begins: string[] = [];
	const holds: string[] = [];
	const wanted = typed.toLowerCase();
	for (const node of graph.nodes) {
		if (node.name.startsWith(typed)) begins.push(node.name);
		else if (wanted !== '' && holds.length < MOST && node.name.toLowerCase().includes(wanted))
			holds.push(node.name);
	}
	const parts = nextParts(graph, begins, typed.length, scopesOnly);
	if (scopesOnly) return parts;
	if (begins.length > 0) return [...parts, ...holds.map((name) => nodeCandidate(graph, name))].slice(0, MOST);
	if (holds.length > 0 || typed.length < 2 || graph.nodes.length > MOST_FUZZY)
		return holds.map((name) => nodeCandidate(graph, name));
	return fuzzysort
		.go(typed, [...graph.position.keys()], { limit: 20 })
		.map((result) => nodeCandidate(graph, result.target));
}

function nodeCandidate(graph: Graph, name: string): Candidate {
	return { text: name, summary: graph.node(name)?.op ?? '' };
}

/** Names cut behind the next `/` where more than one name shares that part. */
function nextParts(graph: Graph, names: readonly string[], length: number, scopesOnly: boolean): Candidate[] {
	const counts = new Map<string, number>();
	for (const name of names) {
		const slash = name.indexOf('/', length);
		const part = slash < 0 || names.length <= 10 ? name : name.slice(0, slash + 1);
		if (scopesOnly && slash < 0) continue;
		const key = scopesOnly ? name.slice(0, slash + 1) : part;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return [...counts].map(([text, count]) =>
		text.endsWith('/')
			? { text, summary: `${count} node${count === 1 ? '' : 's'}` }
			: nodeCandidate(graph, text),
	);
}

/** Op types in the graph, the most frequent first. */
export function opTypes(graph: Graph, typed: string): readonly Candidate[] {
	const known = [...graph.byOp]
		.sort(([, a], [, b]) => b.length - a.length)
		.map(([op, nodes]) => ({ text: op, summary: `${nodes.length} in the graph` }));
	return matching(typed, known);
}
