/** The syntax of queries: text to expression, with the place of every part (grammar: query.peggy). */
import { WhittleError } from '../graph/error.ts';
import { SyntaxError as ParserError, parse } from './query-parser.js';

interface Placed {
	/** Offsets in the query's text. */
	readonly start: number;
	readonly end: number;
}

/** A value without AND, OR and NOT. */
export type Leaf =
	| (Placed & { readonly type: 'text'; readonly text: string; readonly quoted: boolean })
	| (Placed & { readonly type: 'regex'; readonly source: string; readonly flags: string })
	| (Placed & { readonly type: 'compare'; readonly operator: Operator; readonly text: string });

/** What a field is compared with. */
export type Value =
	| Leaf
	| (Placed & { readonly type: 'and' | 'or'; readonly terms: readonly Value[] })
	| (Placed & { readonly type: 'not'; readonly term: Value });

export type Operator = '>' | '<' | '>=' | '<=' | '=' | '!=';

/** A query. */
export type Expression =
	| (Placed & { readonly type: 'and' | 'or'; readonly terms: readonly Expression[] })
	| (Placed & { readonly type: 'not'; readonly term: Expression })
	| (Placed & {
			readonly type: 'field';
			readonly field: Placed & { readonly name: string };
			readonly value: Value;
	  })
	| (Placed & { readonly type: 'word'; readonly text: string; readonly quoted: boolean });

/** Longer queries are somebody's file, not a question. */
const MOST_CHARACTERS = 20_000;

/**
 * @returns undefined for an empty query, which every node fits.
 * @throws WhittleError `usage` with the place.
 */
export function parseQuery(text: string): Expression | undefined {
	if (text.trim() === '') return undefined;
	if (text.length > MOST_CHARACTERS)
		throw new WhittleError('usage', `A query has at most ${MOST_CHARACTERS} characters.`);
	try {
		return parse(text);
	} catch (error) {
		if (error instanceof ParserError) throw explain(text, error);
		if (error instanceof RangeError)
			throw new WhittleError('usage', 'The query is nested too deep.', { cause: error });
		throw error;
	}
}

function explain(text: string, error: ParserError): WhittleError {
	const start = error.location.start.offset;
	const rest = text.slice(start);
	const span = { start, length: Math.max(1, /^\S*/.exec(rest)![0].length) };
	const opened = openBracket(text);
	if (opened !== undefined && (rest === '' || text[opened] === '"')) {
		const close = text[opened] === '"' ? 'quotation mark' : text[opened] === '[' ? '`]`' : '`)`';
		return new WhittleError('usage', `The query ends before its ${close}.`, {
			span: { start: opened, length: 1 },
		});
	}
	if (rest === '') {
		const field = /([A-Za-z_.]+):\s*$/.exec(text)?.[1];
		const message = field ? `\`${field}:\` needs a value.` : 'The query ends where a word should follow.';
		return new WhittleError('usage', message, { span });
	}
	return new WhittleError('usage', `The query cannot be read from \`${shorten(rest)}\` on.`, {
		hint: 'Words with blanks, brackets or colons stand in quotation marks; `help find` shows the syntax.',
		span,
	});
}

/** The last bracket or quotation mark that nothing closes. */
function openBracket(text: string): number | undefined {
	const open: number[] = [];
	for (let i = 0; i < text.length; i++) {
		const character = text[i]!;
		const quoted = open.length > 0 && text[open.at(-1)!] === '"';
		if (quoted && character === '\\') i++;
		else if (character === '"') {
			if (quoted) open.pop();
			else open.push(i);
		} else if (quoted) continue;
		else if (character === '(' || character === '[') open.push(i);
		else if (character === ')' || character === ']') open.pop();
	}
	return open.at(-1);
}

function shorten(text: string): string {
	return text.length > 24 ? `${text.slice(0, 24)}…` : text;
}
