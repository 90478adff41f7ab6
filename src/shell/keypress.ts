/**
 * What a terminal sends, as keys. Ink's own reader loses keys that arrive together and takes a paste apart
 * (see docs/shell.md), so the shell reads the bytes itself.
 */

export type KeyEvent =
	/** Printable characters, in one piece as they came. */
	| { readonly kind: 'text'; readonly text: string }
	/** A bracketed paste, whole; line ends are `\n`. */
	| { readonly kind: 'paste'; readonly text: string }
	/** Any other key: `enter`, `ctrl+a`, `alt+b`, `shift+tab`, `up`, `escape`, … */
	| { readonly kind: 'key'; readonly key: string };

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';

/** `ESC [ … letter` and `ESC O letter`. */
const letters: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	F: 'end',
	H: 'home',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
	Z: 'shift+tab',
};

/** `ESC [ number ~`. */
const numbers: Readonly<Record<number, string>> = {
	1: 'home',
	2: 'insert',
	3: 'delete',
	4: 'end',
	5: 'pageup',
	6: 'pagedown',
	7: 'home',
	8: 'end',
	15: 'f5',
};

const controls: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'ctrl+j',
	'\t': 'tab',
	'\x7f': 'backspace',
	'\b': 'ctrl+h',
	'\x00': 'ctrl+space',
	'\x1c': 'ctrl+\\',
	'\x1d': 'ctrl+]',
	'\x1e': 'ctrl+^',
	'\x1f': 'ctrl+_',
};

/** Turns chunks of input into keys; keeps what is not complete yet. */
export class KeyReader {
	#rest = '';

	/** @param chunk decoded input, whole characters. */
	push(chunk: string): KeyEvent[] {
		this.#rest += chunk;
		const events: KeyEvent[] = [];
		while (this.#rest !== '') {
			const taken = this.#take(events);
			if (taken === 0) break;
			this.#rest = this.#rest.slice(taken);
		}
		return events;
	}

	/** Whether a sequence has begun; after a moment it must be a lone Escape: {@link flush}. */
	get pending(): boolean {
		return this.#rest !== '';
	}

	/** Whether a paste has begun and not ended. */
	get inPaste(): boolean {
		return this.#rest.startsWith(PASTE_START);
	}

	/** Nothing more has come: what is kept is what it looks like. */
	flush(): KeyEvent[] {
		const rest = this.#rest;
		this.#rest = '';
		if (rest === '') return [];
		if (rest.startsWith(PASTE_START))
			return [{ kind: 'paste', text: rest.slice(PASTE_START.length).replace(/\r\n?/g, '\n') }];
		const events: KeyEvent[] = [{ kind: 'key', key: 'escape' }];
		if (rest.length > 1) events.push(...this.push(rest.slice(1)));
		return events;
	}

	/** Adds the next event. @returns characters used; 0 when more must come first. */
	#take(events: KeyEvent[]): number {
		const text = this.#rest;
		if (text[0] === '\x1b') return this.#takeEscape(events);
		const printable = /^[^\x00-\x1f\x7f]+/.exec(text)?.[0];
		if (printable !== undefined) {
			events.push({ kind: 'text', text: printable });
			return printable.length;
		}
		const code = text.charCodeAt(0);
		const key = controls[text[0]!] ?? `ctrl+${String.fromCharCode(code + 96)}`;
		events.push({ kind: 'key', key });
		// Enter is sometimes sent as CR LF.
		return text.startsWith('\r\n') ? 2 : 1;
	}

	#takeEscape(events: KeyEvent[]): number {
		const text = this.#rest;
		if (text.length === 1) return 0;
		if (text.startsWith(PASTE_START)) {
			const end = text.indexOf(PASTE_END);
			if (end < 0) return 0;
			events.push({ kind: 'paste', text: text.slice(PASTE_START.length, end).replace(/\r\n?/g, '\n') });
			return end + PASTE_END.length;
		}
		if (text[1] === '[') {
			const sequence = /^\x1b\[([0-9;:<=>?]*)([ -/]*)([@-~])/.exec(text);
			if (!sequence) return /^\x1b\[[0-9;:<=>?]*[ -/]*$/.test(text) && text.length < 64 ? 0 : 2;
			const key = keyOfSequence(sequence[1]!, sequence[3]!);
			if (key) events.push({ kind: 'key', key });
			return sequence[0].length;
		}
		if (text[1] === 'O') {
			if (text.length < 3) return 0;
			const key = letters[text[2]!];
			if (key) events.push({ kind: 'key', key });
			return 3;
		}
		if (text[1] === '\x1b') {
			events.push({ kind: 'key', key: 'escape' });
			return 1;
		}
		const character = String.fromCodePoint(text.codePointAt(1)!);
		const plain =
			controls[character] ??
			(character < ' ' ? `ctrl+${String.fromCharCode(character.charCodeAt(0) + 96)}` : character);
		events.push({ kind: 'key', key: `alt+${plain}` });
		return 1 + character.length;
	}
}

/** A control sequence as a key; undefined for reports and keys that nobody asked for. */
function keyOfSequence(parameters: string, final: string): string | undefined {
	const [first = 1, second = 1] = parameters.split(';').map((part) => Number.parseInt(part, 10) || 1);
	if (final === 'u') return unicodeKey(first, second);
	if (final === '~' && first === 27) return unicodeKey(Number(parameters.split(';')[2] ?? 0), second);
	const name = final === '~' ? numbers[first] : letters[final];
	return name && withModifiers(name, second);
}

/** CSI-u: the key's code point and its modifiers. */
function unicodeKey(code: number, modifiers: number): string | undefined {
	const named: Readonly<Record<number, string>> = {
		9: 'tab',
		13: 'enter',
		27: 'escape',
		32: 'space',
		127: 'backspace',
	};
	if (code <= 0 || code > 0x10ffff) return undefined;
	return withModifiers(named[code] ?? String.fromCodePoint(code).toLowerCase(), modifiers);
}

/** Modifiers are sent as one more than their bits: 1 shift, 2 alt, 4 control. */
function withModifiers(key: string, modifiers: number): string {
	const bits = modifiers - 1;
	const shift = bits & 1 && !key.startsWith('shift+') ? 'shift+' : '';
	return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${shift}${key}`;
}
