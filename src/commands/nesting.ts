/** Keeps track of brackets and quotes while a line is read from left to right. */
export class Nesting {
	/** Open brackets. */
	depth = 0;
	/** The open quote: `"`, `'`, or `/` inside a regular expression; empty outside. */
	quote = '';
	#previous = ' ';
	#escaped = false;

	/**
	 * Takes the next character. A `'` opens a quote only where a word or a value begins, as in `--x='a b'`, so
	 * that an apostrophe does not; a `/` only after a colon, as in `name:/conv[0-9]/`.
	 * @returns whether the character itself stands outside all brackets and quotes.
	 */
	take(char: string): boolean {
		const outside = this.depth === 0 && this.quote === '';
		const previous = this.#previous;
		this.#previous = char;
		if (this.quote !== '') {
			if (this.#escaped) this.#escaped = false;
			else if (char === '\\' && this.quote !== "'") this.#escaped = true;
			else if (char === this.quote) this.quote = '';
			return false;
		}
		if (char === '"') this.quote = '"';
		else if (char === "'" && /[\s=([,:]/.test(previous)) this.quote = "'";
		else if (char === '/' && previous === ':') this.quote = '/';
		else if (char === '(' || char === '[') this.depth++;
		else if (char === ')' || char === ']') this.depth = Math.max(0, this.depth - 1);
		else return outside;
		return outside && this.quote === '' && this.depth === 0;
	}

	/** Whether everything that was opened is closed. */
	get closed(): boolean {
		return this.depth === 0 && this.quote === '';
	}
}
