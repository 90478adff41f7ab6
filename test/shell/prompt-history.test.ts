import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PromptHistory } from '../../src/shell/prompt-history.ts';

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the history of the prompt', () => {
	it('is there again in the next session, lines of several rows too', () => {
		const file = join(folder, 'deep', 'history');
		const first = new PromptHistory(file);
		first.add('summary');
		first.add('one \\\ntwo "three"');
		expect(new PromptHistory(file).lines).toEqual(['summary', 'one \\\ntwo "three"']);
		expect(statSync(file).mode & 0o077).toBe(0);
	});

	it('leaves out blanks and repetitions', () => {
		const history = new PromptHistory();
		for (const line of ['', '  ', 'undo', 'undo', 'redo', 'undo']) history.add(line);
		expect(history.lines).toEqual(['undo', 'redo', 'undo']);
	});

	it('passes over what a crash cut off, and goes without a file that cannot be written', () => {
		const file = join(folder, 'history');
		new PromptHistory(file).add('summary');
		appendFileSync(file, '"half a li');
		expect(new PromptHistory(file).lines).toEqual(['summary']);
		const nowhere = new PromptHistory(join(file, 'below'));
		nowhere.add('undo');
		expect(nowhere.lines).toEqual(['undo']);
		expect(readFileSync(file, 'utf8')).toContain('summary');
	});

	it('finds the newest that holds the query, then those with its letters in order', () => {
		const history = new PromptHistory();
		for (const line of ['fold_constants', 'find op:Const', 'counts', 'find op:Const']) history.add(line);
		expect(history.search('const', 0)).toBe('find op:Const');
		expect(history.search('const', 1)).toBe('fold_constants');
		expect(history.search('CONST', 0)).toBe('find op:Const');
		expect(history.search('fldcns', 0)).toBe('fold_constants');
		expect(history.search('zzz', 0)).toBeUndefined();
	});
});
