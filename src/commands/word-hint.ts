/** What a word at the beginning of a line may have meant, when it is no command: something of the open graph. */
import { sourceOf } from '../graph/names.ts';
import { NodeIndex } from '../inspect/node-index.ts';
import type { Session } from '../session/session.ts';

/** Shorter parts are in too many names to be meant. */
const SHORTEST_PART = 3;

/**
 * A sentence for a step's number, an op type, a node, a scope or, where no command is near, a part of names.
 * @param near the commands that are near, as a sentence; answered where the graph has nothing of just that name.
 */
export function wordHint(session: Session, word: string, near?: string): string | undefined {
	if (!session.isOpen || word === '') return near;
	const step = /^#?(\d+)$/.exec(word)?.[1];
	if (step !== undefined)
		return Number(step) < session.history.steps.length ? `\`goto ${step}\` goes to step ${step}.` : near;
	const { graph } = session;
	if (graph.byOp.has(word)) return `It is an op type of this graph: \`find op:${word}\`.`;
	if (graph.has(sourceOf(word))) return `It is a node: \`show ${word}\`.`;
	const scope = word.replace(/\/+$/, '');
	if (graph.nodes.some((node) => node.name.startsWith(`${scope}/`))) return `It is a scope: \`ls ${scope}\`.`;
	const part = word.toLowerCase();
	if (near) return near;
	if (part.length < SHORTEST_PART || /[^\w./-]/.test(part)) return undefined;
	const named = NodeIndex.of(graph).lowerNames.some((name) => name.includes(part));
	return named ? `Names of nodes have it: \`find ${word}\`.` : undefined;
}
