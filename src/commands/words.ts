/** Cuts the text of a command into words, as a shell does. */
import { Nesting } from './nesting.ts';

export interface Word {
	/** Without quotes. */
	readonly text: string;
	/** Where it stands in the line, quotes included. */
	readonly start: number;
	readonly end: number;
}

/**
 * Words between blanks; quotes and brackets hold them together. Quotes are taken off where they open at the
 * beginning of a word or after `=`.
 * @param offset where `text` stands in the line.
 */
export function splitWords(text: string, offset = 0): Word[] {
	const words: Word[] = [];
	const brackets = balanced(text);
	let nesting = new Nesting();
	let start = -1;
	const finish = (end: number): void => {
		if (start >= 0)
			words.push({ text: unquote(text.slice(start, end)), start: offset + start, end: offset + end });
		start = -1;
	};
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		const blank = /\s/.test(char);
		if (blank && nesting.quote === '' && (nesting.depth === 0 || !brackets)) {
			finish(i);
			nesting = new Nesting();
			continue;
		}
		nesting.take(char);
		if (start < 0) start = i;
	}
	finish(text.length);
	return words;
}

function balanced(text: string): boolean {
	const nesting = new Nesting();
	for (const char of text) nesting.take(char);
	return nesting.closed;
}

function unquote(word: string): string {
	return word.replace(/(^|=)"((?:[^"\\]|\\.)*)"|(^|=)'([^']*)'/gs, (_all, a, double, b, single) =>
		double === undefined ? `${b}${single}` : `${a}${(double as string).replace(/\\(["\\])/g, '$1')}`,
	);
}
