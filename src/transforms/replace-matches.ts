/** Puts other nodes in the place of what a pattern matches, as the C++ tool does (spec: folding 2.4). */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { keepNodes } from './keep-nodes.ts';
import { findMatches, type Match } from './match.ts';
import type { Pattern } from './pattern.ts';

/**
 * The nodes that take the place of a match, at once or, where that takes long, in turns.
 * @param needed its nodes that somebody outside it reads: name → the first reader's name.
 */
export type Generator = (
	match: Match,
	needed: ReadonlyMap<string, string>,
) => readonly Node[] | Work<readonly Node[]>;

export interface ReplaceOptions {
	/** Let nodes vanish that others read: the generator, or a later step, rewires them. Default false. */
	readonly allowInconsistencies?: boolean;
	/** Names of heads to pass over. */
	readonly except?: ReadonlySet<string>;
}

/** A match that stayed, because a node that would have vanished has another reader. */
export interface RolledBack {
	readonly head: string;
	readonly node: string;
	readonly reader: string;
}

export interface Replaced {
	/** Nodes and nothing else (see {@link keepNodes}). */
	readonly graph: Graph;
	readonly matches: readonly Match[];
	readonly rolledBack: readonly RolledBack[];
}

/**
 * One pass. A head gives its place to the new nodes; the other nodes of a match vanish unless they are among
 * them. Where a node that somebody else reads would vanish, the match's own nodes are put back, breadth first.
 */
export function* replaceMatches(
	graph: Graph,
	pattern: Pattern,
	generate: Generator,
	options: ReplaceOptions = {},
): Work<Replaced> {
	const matches = yield* stage(findMatches(graph, pattern, options.except), 0, 0.3);
	if (matches.length === 0) return { graph: keepNodes(graph, graph.nodes), matches, rolledBack: [] };
	const byHead = new Map(matches.map((match) => [match.head.name, match]));
	const matched = new Uint8Array(graph.nodes.length);
	for (const match of matches) for (const i of match.positions) matched[i] = 1;
	const vanishing = namesWithTwins(graph, matched);
	const result: Node[] = [];
	const rolledBack: RolledBack[] = [];
	const share = (i: number): number => 0.3 + (0.7 * i) / graph.nodes.length;
	for (let i = 0; i < graph.nodes.length; i++) {
		if (isTurn(i)) yield { done: share(i), total: 1 };
		const node = graph.nodes[i]!;
		if (!matched[i] && !vanishing?.has(node.name)) {
			result.push(node);
			continue;
		}
		const match = byHead.get(node.name);
		if (!match) continue;
		const own = match.nodes;
		const readers = outsideReaders(graph, own);
		const made = generate(match, readers);
		const fresh = 'next' in made ? yield* stage(made, share(i), share(i + 1)) : made;
		const lost = options.allowInconsistencies ? undefined : missing(readers, fresh);
		if (lost) rolledBack.push({ head: node.name, ...lost });
		for (const item of lost ? own : fresh) result.push(item);
	}
	return { graph: keepNodes(graph, result), matches, rolledBack };
}

/** Names of matched nodes, where the graph has several nodes of one name; the tool goes by names. */
function namesWithTwins(graph: Graph, matched: Uint8Array): ReadonlySet<string> | undefined {
	if (graph.position.size === graph.nodes.length) return undefined;
	return new Set(graph.nodes.filter((_, i) => matched[i]).map((node) => node.name));
}

/** Name of a node of the match → somebody outside who reads it. */
function outsideReaders(graph: Graph, own: readonly Node[]): Map<string, string> {
	const { readerStart, reader } = graph.topology;
	const names = new Set(own.map((node) => node.name));
	const found = new Map<string, string>();
	for (const name of names) {
		const i = graph.position.get(name)!;
		for (let e = readerStart[i]!; e < readerStart[i + 1]!; e++) {
			const other = graph.nodes[reader[e]!]!.name;
			if (names.has(other)) continue;
			found.set(name, other);
			break;
		}
	}
	return found;
}

function missing(
	readers: ReadonlyMap<string, string>,
	fresh: readonly Node[],
): { node: string; reader: string } | undefined {
	const names = new Set(fresh.map((node) => node.name));
	for (const [node, reader] of readers) if (!names.has(node)) return { node, reader };
	return undefined;
}
