import { expect, test } from 'vitest';
import { resultPath, writeResult } from '../../src/commands/result-file.ts';
import { Session } from '../../src/session/session.ts';

/** A session over files in memory. */
function session(files: Map<string, string>): Session {
	return new Session({
		reading: () => {
			throw new Error('no models here');
		},
		readFile: (path) => Buffer.from(files.get(path)!),
		writeFile: (path, pieces) => files.set(path, Buffer.concat(pieces).toString()),
		exists: (path) => files.has(path),
	});
}

test('a file that is there with other content is not replaced', () => {
	const files = new Map([['a.csv', 'mine']]);
	expect(() => writeResult(session(files), 'a.csv', [Buffer.from('new')])).toThrow(
		'a.csv is there already, with other content.',
	);
	expect(files.get('a.csv')).toBe('mine');
});

test('unless it says `>!`', () => {
	const files = new Map([['a.csv', 'mine']]);
	writeResult(session(files), '! a.csv', [Buffer.from('new')]);
	expect(files.get('a.csv')).toBe('new');
	expect(resultPath('! a.csv')).toBe('a.csv');
});

test('the same content again is no news', () => {
	const files = new Map([['a.csv', 'same']]);
	writeResult(session(files), 'a.csv', [Buffer.from('sa'), Buffer.from('me')]);
	expect(files.get('a.csv')).toBe('same');
});
