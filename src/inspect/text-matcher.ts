/** Texts against wildcards and regular expressions, in time that no file can stretch. */
import safeRegex from 'safe-regex2';
import { WhittleError } from '../graph/error.ts';

export type TextTest = (text: string) => boolean;

/** Of longer texts only the beginning is looked at: even a safe expression takes the cube of the length. */
const MOST_REGEX_TEXT = 500;

/** @throws WhittleError `usage` for what is no regular expression, or one that could take forever. */
export function regexTest(source: string, flags: string, span: { start: number; length: number }): TextTest {
	let regex: RegExp;
	try {
		regex = new RegExp(source, flags.replace(/[gy]/g, ''));
	} catch (error) {
		const what =
			error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'invalid';
		throw new WhittleError('usage', `This is no regular expression: ${what}.`, { span });
	}
	if (!safeRegex(regex)) {
		throw new WhittleError('usage', 'This regular expression could take forever on a long name.', {
			hint: 'It repeats something that itself repeats, such as (a+)+; write it with one repetition.',
			span,
		});
	}
	return (text) => regex.test(text.length > MOST_REGEX_TEXT ? text.slice(0, MOST_REGEX_TEXT) : text);
}

function hasWildcard(pattern: string): boolean {
	return /[*?]/.test(pattern);
}

/** `*` stands for any characters, `/` included; `?` for one. */
export function wildcardTest(pattern: string): TextTest {
	if (!hasWildcard(pattern)) return (text) => text === pattern;
	const star = pattern.indexOf('*');
	const simple = star === pattern.length - 1 && !pattern.includes('?');
	if (simple) {
		const prefix = pattern.slice(0, -1);
		return (text) => text.startsWith(prefix);
	}
	return (text) => fits(pattern, text);
}

/** Goes back to the last star only, so that the time is at most text × pattern. */
function fits(pattern: string, text: string): boolean {
	let p = 0;
	let t = 0;
	let starAt = -1;
	let resume = 0;
	while (t < text.length) {
		if (p < pattern.length && pattern[p] === '*') {
			starAt = p++;
			resume = t;
		} else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
			p++;
			t++;
		} else if (starAt >= 0) {
			p = starAt + 1;
			t = ++resume;
		} else return false;
	}
	while (p < pattern.length && pattern[p] === '*') p++;
	return p === pattern.length;
}
