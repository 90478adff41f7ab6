/** The parser that `scripts/generate-query-parser.ts` makes of query.peggy. */
import type { Expression } from './query-syntax.ts';

/** @throws {ParserError} with the place. */
export function parse(text: string): Expression;

declare class ParserError extends Error {
	readonly location: {
		readonly start: { readonly offset: number };
		readonly end: { readonly offset: number };
	};
}

export { ParserError as SyntaxError };
