/** The kinds of argument a command can declare. */
import { WhittleError } from '../graph/error.ts';
import type { Argument, ArgumentSubject } from './define.ts';

interface Extra {
	readonly subject?: ArgumentSubject;
	readonly values?: readonly string[];
}

/** One word that must be there. */
export function word(summary: string, extra: Extra = {}): Argument<string> {
	return {
		kind: 'positional',
		summary,
		required: true,
		subject: extra.subject ?? 'text',
		...values(extra),
		read: (text) => checked(text!, extra),
	};
}

/** One word that may be left out. */
export function optionalWord(summary: string, extra: Extra = {}): Argument<string | undefined> {
	return {
		kind: 'positional',
		summary,
		required: false,
		subject: extra.subject ?? 'text',
		...values(extra),
		read: (text) => (text === undefined ? undefined : checked(text, extra)),
	};
}

/** All further words. */
export function words(
	summary: string,
	extra: Extra & { atLeast?: number } = {},
): Argument<readonly string[]> {
	return {
		kind: 'rest',
		summary,
		required: (extra.atLeast ?? 0) > 0,
		subject: extra.subject ?? 'text',
		read: (_text, rest) => rest,
	};
}

/** The rest of the line as it stands. */
export function line(summary: string, extra: Extra & { optional?: boolean } = {}): Argument<string> {
	return {
		kind: 'line',
		summary,
		required: !extra.optional,
		subject: extra.subject ?? 'text',
		read: (text) => text ?? '',
	};
}

/** `--name` */
export function flag(summary: string): Argument<boolean> {
	return { kind: 'flag', summary, required: false, subject: 'text', read: (text) => text !== undefined };
}

/** `--name TEXT` */
export function option(summary: string, extra: Extra = {}): Argument<string | undefined> {
	return { ...optionalWord(summary, extra), kind: 'option' };
}

/** `--name N`, a whole number from `min`. */
export function count(summary: string, extra: { min?: number } = {}): Argument<number | undefined> {
	return {
		kind: 'option',
		summary,
		required: false,
		subject: 'text',
		read: (text) => (text === undefined ? undefined : wholeNumber(text, extra.min ?? 0)),
	};
}

/** A whole number as a word, such as the N of `undo N`. */
export function optionalCount(summary: string, extra: { min?: number } = {}): Argument<number | undefined> {
	return { ...count(summary, extra), kind: 'positional' };
}

function wholeNumber(text: string, min: number): number {
	if (/^\d+$/.test(text) && Number(text) >= min) return Number(text);
	throw new WhittleError('usage', `\`${text}\` is no whole number from ${min}.`);
}

function checked(text: string, extra: Extra): string {
	if (!extra.values || extra.values.includes(text)) return text;
	throw new WhittleError('usage', `\`${text}\` is none of ${extra.values.join(', ')}.`);
}

function values(extra: Extra): { values?: readonly string[] } {
	return extra.values ? { values: extra.values } : {};
}
