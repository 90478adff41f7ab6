/** *Did you mean*: the known words nearest to a mistyped one. */
import { distance } from 'fastest-levenshtein';
import { WhittleError } from './error.ts';

/**
 * Known words within a third of the typed word's length in edits, that it is a part of, or that it shortens
 * (`min_size` for `minimum_size`), nearest first.
 * @param most how many to give.
 */
export function nearest(typed: string, known: Iterable<string>, most = 3): string[] {
	const wanted = typed.toLowerCase();
	const allowed = Math.max(1, Math.floor(wanted.length / 3));
	const found: { word: string; score: number }[] = [];
	for (const word of known) {
		const candidate = word.toLowerCase();
		const part = wanted.length >= 3 && (candidate.includes(wanted) || shortens(wanted, candidate));
		if (!part && Math.abs(candidate.length - wanted.length) > allowed) continue;
		const edits = isSwap(wanted, candidate) ? 1 : distance(wanted, candidate);
		if (edits <= allowed) found.push({ word, score: edits });
		else if (part) found.push({ word, score: allowed + edits / (candidate.length + 1) });
	}
	found.sort((a, b) => a.score - b.score);
	return found.slice(0, most).map((item) => item.word);
}

/** `Did you mean a or b?`, or undefined when nothing is near. */
export function didYouMean(typed: string, known: Iterable<string>): string | undefined {
	const words = nearest(typed, known);
	if (words.length === 0) return undefined;
	const last = words.pop()!;
	return `Did you mean ${words.length > 0 ? `${words.join(', ')} or ${last}` : last}?`;
}

/** The error of a node that is not there, with names of nodes that it may be a slip for. */
export function noSuchNode(name: string, nodeNames: Iterable<string>): WhittleError {
	return new WhittleError('unknown', `There is no node \`${name}\`.`, { hint: didYouMean(name, nodeNames) });
}

/** Two neighbouring letters in the wrong order: one slip of the fingers, but two edits. */
function isSwap(a: string, b: string): boolean {
	if (a.length !== b.length) return false;
	let i = 0;
	while (i < a.length && a[i] === b[i]) i++;
	return i < a.length - 1 && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** Whether a word has at least half of another's letters, in their order. */
function shortens(short: string, long: string): boolean {
	if (short.length * 2 < long.length || short[0] !== long[0]) return false;
	let at = 0;
	for (const letter of long) if (letter === short[at]) at++;
	return at === short.length;
}
