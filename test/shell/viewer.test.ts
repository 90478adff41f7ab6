import { describe, expect, it } from 'vitest';
import { painter } from '../../src/render/paint.ts';
import { text } from '../../src/session/answer.ts';
import { KeyReader } from '../../src/shell/keypress.ts';
import { reduceViewer, type ViewerState, viewerScreen, viewerState } from '../../src/shell/viewer.ts';

const paint = painter('none');
const PAGE = 5;

/** A viewer of lines `line 1` … `line 40`, after some keys. */
function viewer(...chunks: string[]): ViewerState {
	const lines = Array.from({ length: 40 }, (_line, i) => (i === 29 ? 'the Needle' : `line ${i + 1}`));
	const reader = new KeyReader();
	return chunks
		.flatMap((chunk) => [...reader.push(chunk), ...reader.flush()])
		.reduce((state, event) => reduceViewer(state, event, PAGE), viewerState([text(...lines)], paint, 40));
}

describe('the viewer', () => {
	it('scrolls and stays inside', () => {
		expect(viewer().top).toBe(0);
		expect(viewer('jj').top).toBe(2);
		expect(viewer('j', 'k', 'k').top).toBe(0);
		expect(viewer(' ').top).toBe(PAGE - 1);
		expect(viewer('\x1b[6~', '\x1b[5~').top).toBe(0);
		expect(viewer('G').top).toBe(40 - PAGE);
		expect(viewer('G', 'g').top).toBe(0);
	});

	it('searches, smart in case, goes on and round', () => {
		expect(viewer('/needle\r').top).toBe(29);
		expect(viewer('/Needle\r').top).toBe(29);
		expect(viewer('/NEEDLE\r').message).toBe('no line holds NEEDLE');
		expect(viewer('/line 3\r', 'n').top).toBe(30);
		expect(viewer('/line 1\r', 'N')).toMatchObject({ top: 18, message: 'search went round' });
	});

	it('gives up a search with Escape, and leaves with q', () => {
		expect(viewer('/abc', '\x1b')).toMatchObject({ query: undefined, done: false });
		expect(viewer('/q').done).toBe(false);
		expect(viewer('q').done).toBe(true);
		expect(viewer('\x1b').done).toBe(true);
	});

	it('draws exactly the screen', () => {
		const rows = viewerScreen(viewer('j'), 40, PAGE + 1, paint).split('\r\n');
		expect(rows).toHaveLength(PAGE + 1);
		expect(rows[0]).toBe('line 2');
		expect(rows.at(-1)).toContain('2–6 of 40');
		expect(viewerScreen(viewerState([], paint, 40), 40, 6, paint).split('\r\n')).toHaveLength(6);
	});

	it('cuts lines to the width and scrolls sideways', () => {
		const wide = viewerState([text('0123456789'.repeat(3))], paint, 20);
		expect(viewerScreen(wide, 20, 3, paint).split('\r\n')[0]).toBe('0123456789012345678…');
		const right = reduceViewer(wide, { kind: 'key', key: 'right' }, 2);
		expect(viewerScreen(right, 20, 3, paint).split('\r\n')[0]).toMatch(/^8901/);
	});
});
