/** The node that a word of a command names. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { didYouMean } from '../graph/suggest.ts';
import type { Session } from '../session/session.ts';

/**
 * Its position: by its full name, by its name inside the scope that the session stands in, by its last part
 * where only one node has it. A port or `^` may be written.
 * @throws WhittleError `unknown` with the near ones.
 */
export function namedNode(session: Session, word: string): number {
	const { graph, scope } = session;
	for (const name of [word, sourceOf(word)]) {
		const inside = scope === '' ? undefined : graph.position.get(`${scope}/${name}`);
		const position = inside ?? graph.position.get(name);
		if (position !== undefined) return position;
	}
	const ending = endingWith(graph, sourceOf(word));
	if (ending.length === 1) return ending[0]!;
	const hint =
		ending.length > 1
			? `Several end so: ${ending
					.slice(0, 4)
					.map((at) => graph.nodes[at]!.name)
					.join(', ')}.`
			: (didYouMean(word, graph.position.keys()) ?? `find ${word}`);
	throw new WhittleError('unknown', `There is no node \`${word}\`.`, { hint });
}

function endingWith(graph: Graph, name: string): number[] {
	const found: number[] = [];
	const tail = `/${name}`;
	for (let i = 0; i < graph.nodes.length && found.length < 8; i++)
		if (graph.nodes[i]!.name.endsWith(tail)) found.push(i);
	return found;
}
