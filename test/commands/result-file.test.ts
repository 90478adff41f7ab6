import { expect, test } from 'vitest';
import { resultPath, writeResult } from '../../src/commands/result-file.ts';
import { Session } from '../../src/session/session.ts';
import { MemoryHost } from '../session/memory-host.ts';
import { quietContext } from './shell.ts';

function write(host: MemoryHost, redirect: string, ...pieces: readonly string[]): Promise<void> {
	const bytes = pieces.map((piece) => Buffer.from(piece));
	return writeResult(new Session(host), redirect, bytes, quietContext());
}

test('a file that is there with other content is not replaced', async () => {
	const host = new MemoryHost({ 'a.csv': 'mine' });
	await expect(write(host, 'a.csv', 'new')).rejects.toThrow('a.csv is there already, with other content.');
	expect(host.text('a.csv')).toBe('mine');
});

test('unless it says `>!`', async () => {
	const host = new MemoryHost({ 'a.csv': 'mine' });
	await write(host, '! a.csv', 'new');
	expect(resultPath('! a.csv')).toBe('a.csv');
	expect(host.text('a.csv')).toBe('new');
});

test('the same content again is no news', async () => {
	const host = new MemoryHost({ 'a.csv': 'same' });
	await write(host, 'a.csv', 'sa', 'me');
	expect(host.text('a.csv')).toBe('same');
});
