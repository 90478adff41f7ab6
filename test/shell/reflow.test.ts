import { describe, expect, it } from 'vitest';
import { eraseWrapped, type Frame, reflowOf } from '../../src/shell/reflow.ts';

/** Two wide lines, the prompt, and a wide line below it. */
const frame: Frame = {
	lines: ['─'.repeat(100), 'x'.repeat(90), 'whittle[1]> ', 'y'.repeat(60)],
	cursor: { x: 12, y: 2 },
};

describe('a frame in a terminal that became narrower', () => {
	it('is erased from its first row, and Ink finds the cursor where it expects it', () => {
		const written = eraseWrapped(frame, 50, { wraps: true, sinks: false });
		expect(written).toBe('\r\x1b[4A\x1b[J\n\n\n\n\x1b[2A');
	});

	it('is found below where the cursor sinks', () => {
		const written = eraseWrapped(frame, 50, { wraps: true, sinks: true });
		expect(written).toBe('\r\x1b[5A\x1b[J\n\n\n\n\x1b[2A');
	});

	it('is left to Ink where nothing wraps', () => {
		expect(eraseWrapped(frame, 100, { wraps: true, sinks: false })).toBe('');
		expect(eraseWrapped(frame, 50, { wraps: false, sinks: false })).toBe('');
	});

	it('never moves by nothing: that would be one row', () => {
		const atTop: Frame = { lines: ['whittle[1]> ', 'y'.repeat(60)], cursor: { x: 12, y: 0 } };
		expect(eraseWrapped(atTop, 50, { wraps: true, sinks: false })).toBe('\r\x1b[J\n\n\x1b[2A');
	});

	it('terminals differ', () => {
		expect(reflowOf({ TERM: 'xterm-256color', TERM_PROGRAM: 'vscode' })).toEqual({
			wraps: true,
			sinks: true,
		});
		expect(reflowOf({ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' })).toEqual({
			wraps: true,
			sinks: false,
		});
		expect(reflowOf({ TERM: 'xterm', XTERM_VERSION: 'XTerm(390)' }).wraps).toBe(false);
		expect(reflowOf({ TERM: 'linux' }).wraps).toBe(false);
	});
});
