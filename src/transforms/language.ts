/** The `--transforms` mini language, read by the C++ tool's own state machine (spec: core-and-rewiring 3). */
import { WhittleError } from '../graph/error.ts';
import type { GivenParameters } from './parameters.ts';

/** One transform to run. */
export interface Invocation {
	readonly name: string;
	readonly params: GivenParameters;
	/** Where it stands in the text. */
	readonly start: number;
	readonly end: number;
}

const SPACE = /[ \t\n\v\f\r]*/y;
const WORD = /[A-Za-z0-9_]+/y;
const BARE = /[A-Za-z0-9\-./_]+/y;
const QUOTED = /(?:\\[\s\S]|[^"\\])*"/y;

/**
 * Parses a list of transforms. Text that ends inside a parameter list silently drops that transform, as in
 * the tool; {@link endsInsideParameters} tells.
 * @throws WhittleError `usage` with the tool's message and the place.
 */
export function parseTransforms(text: string): Invocation[] {
	const found: Invocation[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (!match) return undefined;
		at = pattern.lastIndex;
		return match[0];
	};
	const fail = (what: string): never => {
		throw new WhittleError('usage', `Looking for ${what}, but found ${text.slice(at)}`, {
			span: { start: at, length: Math.max(1, text.length - at) },
		});
	};
	while (at < text.length) {
		take(SPACE);
		if (at >= text.length) break;
		const start = at;
		const name = take(WORD) ?? fail('transform name');
		const params = new Map<string, string[]>();
		if (text[at] !== '(') {
			found.push({ name, params, start, end: at });
			continue;
		}
		at++;
		while (at < text.length && text[at] !== ')') {
			if (text[at] === ',') at++;
			take(SPACE);
			const key = take(WORD) ?? fail('parameter name');
			if (text[at] !== '=') fail('=');
			at++;
			// The tool is in another state here: text that ends now drops the transform without an error.
			if (at >= text.length) break;
			const value = takeValue();
			const values = params.get(key);
			if (values) values.push(value);
			else params.set(key, [value]);
			if (text[at] === '"') at++;
			if (text[at] === "'") at++;
		}
		if (at >= text.length) break;
		at++;
		found.push({ name, params, start, end: at });
	}
	return found;

	function takeValue(): string {
		if (text[at] !== '"') return take(BARE) ?? fail('parameter name');
		at++;
		const quoted = take(QUOTED) ?? fail('parameter name');
		return quoted.slice(0, -1);
	}
}

/** Whether a well-formed text ends inside a parameter list, so that its last transform would be dropped. */
export function endsInsideParameters(text: string): boolean {
	const last = parseTransforms(text).at(-1)?.end ?? 0;
	return text.slice(last).trim() !== '';
}

/** An invocation as the language writes it; values are quoted where they must be. */
export function formatInvocation(invocation: Pick<Invocation, 'name' | 'params'>): string {
	const parts: string[] = [];
	for (const [key, values] of invocation.params) {
		for (const value of values)
			parts.push(`${key}=${/^[A-Za-z0-9\-./_]+$/.test(value) ? value : `"${value}"`}`);
	}
	return parts.length > 0 ? `${invocation.name}(${parts.join(', ')})` : invocation.name;
}
