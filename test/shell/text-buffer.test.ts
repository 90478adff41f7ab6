import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as edit from '../../src/shell/text-buffer.ts';

/** A buffer from its text, the cursor where `|` stands. */
function buffer(marked: string): edit.TextBuffer {
	const cursor = marked.indexOf('|');
	return { ...edit.emptyBuffer, text: marked.replace('|', ''), cursor };
}

function shown({ text, cursor }: edit.TextBuffer): string {
	return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

type Edit = (buffer: edit.TextBuffer) => edit.TextBuffer;

describe('editing', () => {
	const cases: readonly [string, Edit, string, string][] = [
		['backspace', edit.backspace, 'fold|_x', 'fol|_x'],
		['backspace at the start', edit.backspace, '|fold', '|fold'],
		['backspace of a family', edit.backspace, 'a👩‍👩‍👧|b', 'a|b'],
		['backspace of a combined letter', edit.backspace, 'ae\u0301|', 'a|'],
		['backspace of a wide letter', edit.backspace, '卷积|', '卷|'],
		['delete', edit.deleteForward, 'a|👩‍👩‍👧b', 'a|b'],
		['delete at the end', edit.deleteForward, 'ab|', 'ab|'],
		['left over a flag', edit.left, '🇩🇪🇫🇷|', '🇩🇪|🇫🇷'],
		['right over a flag', edit.right, '|🇩🇪🇫🇷', '🇩🇪|🇫🇷'],
		['word left', edit.wordLeft, 'remove_nodes(op=Identity|', 'remove_nodes(op=|Identity'],
		['word left over signs', edit.wordLeft, 'remove_nodes(|', '|remove_nodes('],
		['word right', edit.wordRight, '|remove_nodes(op=Identity)', 'remove_nodes|(op=Identity)'],
		['line start', edit.lineStart, 'one\ntwo|', 'one\n|two'],
		['line end', edit.lineEnd, 'o|ne\ntwo', 'one|\ntwo'],
		['kill to end', edit.killToEnd, 'o|ne\ntwo', 'o|\ntwo'],
		['kill to end at the end joins lines', edit.killToEnd, 'one|\ntwo', 'one|two'],
		['kill to start', edit.killToStart, 'one\ntw|o', 'one\n|o'],
		['kill word back', edit.killWordBack, 'a/b_c|', 'a/|'],
		['kill blank word back', edit.killBlankWordBack, 'find op:Const x/y |z', 'find op:Const |z'],
		['kill word forward', edit.killWordForward, 'find| op:Const', 'find|:Const'],
	];
	it.each(cases)('%s', (_what, change, before, after) => {
		expect(shown(change(buffer(before)))).toBe(after);
	});

	it('goes up and down at the same column, and nowhere from the outer lines', () => {
		expect(shown(edit.up(buffer('one\ntwo\nth|ree'))!)).toBe('one\ntw|o\nthree');
		expect(shown(edit.down(buffer('long line|\nab'))!)).toBe('long line\nab|');
		expect(edit.up(buffer('on|e\ntwo'))).toBeUndefined();
		expect(edit.down(buffer('one\ntw|o'))).toBeUndefined();
	});
});

describe('kill and yank', () => {
	it('brings back what was killed', () => {
		const killed = edit.killToStart(buffer('fold_constants|'));
		expect(shown(edit.yank(killed))).toBe('fold_constants|');
	});

	it('joins kills that follow each other, in the order of the text', () => {
		const killed = edit.killWordBack(edit.killWordBack(buffer('one two|')));
		expect(killed.kills).toEqual(['one two']);
	});

	it('keeps kills apart that something stands between', () => {
		const first = edit.killWordBack(buffer('one two|'));
		const second = edit.killToStart(edit.left(first));
		expect(second.kills).toEqual(['one', 'two']);
	});

	it('turns through older kills after a yank', () => {
		const two = { ...buffer('|'), kills: ['new', 'old'] };
		const yanked = edit.yank(two);
		expect(shown(yanked)).toBe('new|');
		expect(shown(edit.yankPop(yanked))).toBe('old|');
		expect(shown(edit.yankPop(edit.yankPop(yanked)))).toBe('new|');
		expect(shown(edit.yankPop(two))).toBe('|');
	});
});

describe('undo', () => {
	it('takes back typing word by word', () => {
		let typed = edit.emptyBuffer;
		for (const letter of 'find op:Const') typed = edit.insert(typed, letter);
		expect(shown(edit.undo(typed))).toBe('find|');
		expect(shown(edit.undo(edit.undo(typed)))).toBe('|');
	});

	it('takes back a paste as a whole', () => {
		const pasted = edit.insert(edit.insert(edit.emptyBuffer, 'a'), 'one\ntwo three', true);
		expect(shown(edit.undo(pasted))).toBe('a|');
	});
});

describe('laws, on random edits', () => {
	const letters = fc.constantFrom('a', '_', ' ', '\n', '卷', 'e\u0301', '👩‍👩‍👧', '🇩🇪', '/');
	const changes: readonly Edit[] = [
		edit.backspace,
		edit.deleteForward,
		edit.left,
		edit.right,
		edit.wordLeft,
		edit.wordRight,
		edit.lineStart,
		edit.lineEnd,
		(b) => edit.up(b) ?? b,
		(b) => edit.down(b) ?? b,
		edit.killToEnd,
		edit.killToStart,
		edit.killWordBack,
		edit.killBlankWordBack,
		edit.killWordForward,
		edit.yank,
		edit.yankPop,
		edit.undo,
	];
	const step = fc.oneof(
		letters.map(
			(letter): Edit =>
				(b) =>
					edit.insert(b, letter),
		),
		fc.constantFrom(...changes),
	);

	it('the cursor stays inside the text, never within a surrogate pair', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const { text, cursor } = steps.reduce((b, change) => change(b), edit.emptyBuffer);
				expect(cursor).toBeGreaterThanOrEqual(0);
				expect(cursor).toBeLessThanOrEqual(text.length);
				expect(text.slice(0, cursor).isWellFormed()).toBe(true);
				expect(text.isWellFormed()).toBe(true);
			}),
		);
	});

	it('undone often enough, the line is empty again', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
				let b = steps.reduce((before, change) => change(before), edit.emptyBuffer);
				while (b.past.length > 0) b = edit.undo(b);
				expect(b.text).toBe('');
			}),
		);
	});
});
