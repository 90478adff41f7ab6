/** The scope that a word of a command names. */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { didYouMean } from '../graph/suggest.ts';
import { findScope, type Scope, scopeTree } from '../inspect/scopes.ts';
import type { Session } from '../session/session.ts';

/**
 * `a/b` inside where the session stands, else from the top; `/` the top, `..` one up, nothing where it stands.
 * @throws WhittleError `unknown` with the near ones.
 */
export function namedScope(session: Session, word: string | undefined): Scope {
	const tree = scopeTree(session.graph);
	const path = resolveScope(session, word);
	const found = path === undefined ? undefined : findScope(tree, path);
	if (found) return found;
	const hint = didYouMean(word ?? '', scopePaths(session.graph)) ?? 'tree';
	throw new WhittleError('unknown', `There is no scope \`${word ?? session.scope}\`.`, { hint });
}

function resolveScope(session: Session, word: string | undefined): string | undefined {
	if (word === undefined || word === '.') return session.scope;
	if (word.startsWith('/')) return word.replace(/^\/+|\/+$/g, '');
	if (/^\.\.(?:\/|$)/.test(word)) {
		const parts = session.scope === '' ? [] : session.scope.split('/');
		for (const part of word.split('/').filter((piece) => piece !== '')) {
			if (part === '..') parts.pop();
			else parts.push(part);
		}
		return parts.join('/');
	}
	const name = word.replace(/\/+$/, '');
	const tree = scopeTree(session.graph);
	const inside = session.scope === '' ? name : `${session.scope}/${name}`;
	return findScope(tree, inside) ? inside : name;
}

/** Paths of the scopes, outer ones first; as many as guessing and completion need. */
function scopePaths(graph: Graph, most = 2_000): string[] {
	const found: string[] = [];
	const open: Scope[] = [scopeTree(graph)];
	for (let at = 0; at < open.length && found.length < most; at++) {
		for (const child of open[at]!.children.values()) {
			found.push(child.path);
			open.push(child);
		}
	}
	return found;
}
