/** Cuts a script into statements: at line ends and `;`, outside brackets and quotes, comments taken out. */
import { Nesting } from './nesting.ts';
import { repairLine } from './repair.ts';

export interface Statement {
	/** Without its comment; never blank. */
	readonly text: string;
	/** The line it begins on, counted from 1. */
	readonly line: number;
}

/** A statement of more lines is taken for one that was never closed. */
const MOST_LINES = 1000;

/** All statements of a text. */
export function splitStatements(text: string): Statement[] {
	const reader = new StatementReader();
	return [...reader.push(text), ...reader.end()];
}

/**
 * Cuts text that arrives in pieces. A line that ends inside brackets or quotes, or with a backslash, goes on
 * with the next one; where it is never closed, each of its lines is a statement of its own.
 */
export class StatementReader {
	#line = 1;
	#rest = '';
	/** Lines of a statement that is not complete yet. */
	#open: string[] = [];

	/** @returns the statements that are complete by now. */
	push(text: string): Statement[] {
		const lines = (this.#rest + text).split('\n');
		this.#rest = lines.pop()!;
		return lines.flatMap((line) => this.#take(line.replace(/\r$/, '')));
	}

	/** @returns what is left when no more text comes. */
	end(): Statement[] {
		const found = this.#rest === '' ? [] : this.#take(this.#rest);
		this.#rest = '';
		const together = cut(this.#open.join('\n'), this.#line - this.#open.length);
		if (!together.closed) return [...found, ...this.#apart()];
		this.#open = [];
		return [...found, ...together.statements];
	}

	#take(line: string): Statement[] {
		const first = this.#line - this.#open.length;
		this.#line++;
		this.#open.push(line);
		const { statements, closed, continued } = cut(this.#open.join('\n'), first);
		if (!closed || continued) return this.#open.length < MOST_LINES ? [] : this.#apart();
		this.#open = [];
		return statements;
	}

	/** The lines of a statement that is never closed, each for itself. */
	#apart(): Statement[] {
		const first = this.#line - this.#open.length;
		const open = this.#open;
		this.#open = [];
		return open.flatMap((line, i) => cut(line, first + i).statements);
	}
}

interface Cut {
	readonly statements: Statement[];
	/** No bracket or quote is open at the end. */
	readonly closed: boolean;
	/** It ends with a backslash. */
	readonly continued: boolean;
}

function cut(typed: string, firstLine: number): Cut {
	const text = repairLine(typed);
	const statements: Statement[] = [];
	const nesting = new Nesting();
	let line = firstLine;
	let begun = { line, text: '', blank: true };
	const finish = (): void => {
		if (!begun.blank) statements.push({ text: begun.text.trim(), line: begun.line });
		begun = { line, text: '', blank: true };
	};
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		if (char === '#' && nesting.closed && startsComment(text, i, begun.blank)) {
			const end = text.indexOf('\n', i);
			if (end < 0) break;
			i = end - 1;
			continue;
		}
		const outside = nesting.take(char);
		if (begun.blank) begun.line = line;
		if (char === '\n') line++;
		if (outside && char === ';') finish();
		else {
			// A line that goes on is one line from here on, so that the statement can be read again: by a journal.
			begun.text += outside && char === '\n' ? ' ' : char;
			begun.blank &&= /\s/.test(char);
		}
	}
	finish();
	// A regular expression ends with its line at the latest: `feed x=a:/b` opens none.
	const closed = nesting.closed || (nesting.depth === 0 && nesting.quote === '/');
	return { statements, closed, continued: /\\[ \t]*$/.test(typed) };
}

/** `#` begins a comment where a word would begin, unless it is a step's number as in `goto #3`. */
function startsComment(text: string, at: number, first: boolean): boolean {
	if (first) return true;
	return /\s/.test(text[at - 1]!) && !/^#\d+(?![\w.])/.test(text.slice(at, at + 12));
}
