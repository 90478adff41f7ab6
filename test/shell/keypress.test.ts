import { describe, expect, it } from 'vitest';
import { type KeyEvent, KeyReader } from '../../src/shell/keypress.ts';

/** Events as short text: `a` for a key, `"a"` for text, `<a>` for a paste. */
function shown(events: readonly KeyEvent[]): string[] {
	return events.map((event) => {
		if (event.kind === 'key') return event.key;
		return event.kind === 'text' ? `"${event.text}"` : `<${event.text}>`;
	});
}

function read(...chunks: string[]): string[] {
	const reader = new KeyReader();
	return shown(chunks.flatMap((chunk) => reader.push(chunk)));
}

describe('keys', () => {
	it.each([
		['\r', 'enter'],
		['\n', 'ctrl+j'],
		['\t', 'tab'],
		['\x1b[Z', 'shift+tab'],
		['\x7f', 'backspace'],
		['\x1b[3~', 'delete'],
		['\x01', 'ctrl+a'],
		['\x03', 'ctrl+c'],
		['\x1a', 'ctrl+z'],
		['\x1f', 'ctrl+_'],
		['\x1b[A', 'up'],
		['\x1bOA', 'up'],
		['\x1b[H', 'home'],
		['\x1b[1~', 'home'],
		['\x1bOF', 'end'],
		['\x1b[5~', 'pageup'],
		['\x1b[1;5C', 'ctrl+right'],
		['\x1b[1;3D', 'alt+left'],
		['\x1b[3;5~', 'ctrl+delete'],
		['\x1bb', 'alt+b'],
		['\x1b\x7f', 'alt+backspace'],
		['\x1b\r', 'alt+enter'],
		['\x1bOP', 'f1'],
	])('%j is one key', (bytes, key) => {
		expect(read(bytes)).toEqual([key]);
	});

	it('reads CSI-u, as newer terminals send modified keys', () => {
		expect(read('\x1b[99;5u', '\x1b[13;3u', '\x1b[127;5u', '\x1b[27u')).toEqual([
			'ctrl+c',
			'alt+enter',
			'ctrl+backspace',
			'escape',
		]);
		expect(read('\x1b[27;5;99~')).toEqual(['ctrl+c']);
	});

	it('takes apart keys that arrive together', () => {
		expect(read('ab\x7f\x7f\x1b[D\rcd')).toEqual(['"ab"', 'backspace', 'backspace', 'left', 'enter', '"cd"']);
	});

	it('keeps a sequence that arrives in pieces', () => {
		expect(read('\x1b', '[', '1;', '5', 'C', 'x')).toEqual(['ctrl+right', '"x"']);
	});

	it('keeps text of any script in one piece', () => {
		expect(read('层/卷积 e\u0301 👩‍👩‍👧')).toEqual(['"层/卷积 e\u0301 👩‍👩‍👧"']);
	});

	it('says nothing of reports and keys that nobody knows', () => {
		expect(read('\x1b[0n\x1b[?62;4cq')).toEqual(['"q"']);
	});
});

describe('escape', () => {
	it('is a key of its own once nothing follows', () => {
		const reader = new KeyReader();
		expect(reader.push('\x1b')).toEqual([]);
		expect(reader.pending).toBe(true);
		expect(shown(reader.flush())).toEqual(['escape']);
		expect(reader.pending).toBe(false);
	});

	it('pressed twice is two keys', () => {
		const reader = new KeyReader();
		const events = [...reader.push('\x1b\x1b'), ...reader.flush()];
		expect(shown(events)).toEqual(['escape', 'escape']);
	});

	it('before an unfinished sequence is a key, and the rest is text', () => {
		const reader = new KeyReader();
		reader.push('\x1b[');
		expect(shown(reader.flush())).toEqual(['escape', '"["']);
	});
});

describe('bracketed paste', () => {
	it('is one event, with line feeds, whatever it holds', () => {
		expect(read('\x1b[200~bazel-bin/x \\\r\n--a=b \\\r\x1b[A\x03\x1b[201~\r')).toEqual([
			'<bazel-bin/x \\\n--a=b \\\n\x1b[A\x03>',
			'enter',
		]);
	});

	it('may arrive in pieces, cut anywhere', () => {
		const bytes = 'x\x1b[200~one\rtwo\x1b[201~y';
		for (let at = 1; at < bytes.length; at++)
			expect(read(bytes.slice(0, at), bytes.slice(at)).join(' ')).toMatch(/^"x" <one\ntwo> "y"$/);
	});

	it('whose end never comes is what has come', () => {
		const reader = new KeyReader();
		reader.push('\x1b[200~one\r');
		expect(reader.inPaste).toBe(true);
		expect(shown(reader.flush())).toEqual(['<one\n>']);
		expect(shown(reader.push('x'))).toEqual(['"x"']);
	});
});
