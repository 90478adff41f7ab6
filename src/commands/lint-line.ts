/** What is wrong with a line before Enter, and what its words mean: the shell underlines and hints. */
import type { Session } from '../session/session.ts';
import { usageOf } from './argument-values.ts';
import { transformPlace } from './complete-transforms.ts';
import { commandByName } from './index.ts';
import { parseLine } from './parse.ts';

export interface Lint {
	readonly start: number;
	readonly end: number;
	readonly message: string;
}

/**
 * The first fault of a line that is still being typed. A word at the cursor is not finished, so nothing is said
 * of it yet, nor of a bracket that is still open.
 */
export function lintLine(session: Session, text: string, cursor: number): Lint | undefined {
	if (text.trim() === '') return undefined;
	const parsed = parseLine(text, session.aliases);
	if (parsed.kind !== 'error' || !parsed.error.span) return undefined;
	const { start, length } = parsed.error.span;
	const end = Math.min(start + length, text.length);
	if (start >= text.length || cursor <= end) return undefined;
	return { start, end, message: [parsed.error.message, parsed.error.hint].filter(Boolean).join(' ') };
}

/** The parameters of the transform or command that the cursor is in: `remove_nodes(op=…, max_inputs=1)`. */
export function usageHint(text: string, cursor: number): string | undefined {
	const head = text.slice(0, cursor);
	const [, word = ''] = /^\s*([^\s(]+)/.exec(head) ?? [];
	const command = commandByName(word);
	const place = transformPlace(head, 0);
	if (place.inside && place.transform) {
		const params = Object.entries(place.transform.params).map(([name, p]) =>
			p.fallback === undefined ? `${name}=…` : `${name}=${p.fallback}`,
		);
		return `${place.transform.name}(${params.join(', ')})`;
	}
	if (!command || !head.includes(' ')) return undefined;
	return usageOf(command);
}
