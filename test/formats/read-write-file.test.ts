import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
	writevSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWholeFile } from '../../src/formats/read-file.ts';
import { writeWholeFile, writingFile } from '../../src/formats/write-file.ts';

let folder = '';
const place = (name: string): string => join(folder, name);
const names = (): string[] => readdirSync(folder).sort();

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'whittle-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (...pieces: readonly string[]): Uint8Array[] => pieces.map((piece) => Buffer.from(piece));

describe('writeWholeFile', () => {
	it('writes pieces in order, also when the system takes them in bits', () => {
		const pieces = Array.from({ length: 1500 }, (_, i) => Buffer.from(`${i},`));
		const bit = (file: number, parts: readonly Uint8Array[]) => writevSync(file, [parts[0]!.subarray(0, 2)]);
		writeWholeFile(place('a'), pieces, { write: bit });
		expect(String(readFileSync(place('a')))).toBe(pieces.join(''));
		expect(names()).toEqual(['a']);
	});

	it('leaves nothing behind when the disk is full, and the old file as it was', () => {
		writeFileSync(place('old'), 'precious');
		let calls = 0;
		const full = (file: number, parts: readonly Uint8Array[]): number => {
			if (calls++ > 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
			return writevSync(file, [parts[0]!.subarray(0, 1)]);
		};
		const write = (name: string) =>
			writeWholeFile(place(name), text('some', 'thing'), { force: true, write: full });
		expect(() => write('new')).toThrow(`${place('new')} cannot be written: No space left on device.`);
		calls = 0;
		expect(() => write('old')).toThrow('No space left on device');
		expect(names()).toEqual(['old']);
		expect(String(readFileSync(place('old')))).toBe('precious');
	});

	it('stopped at any of its turns leaves nothing behind, and the old file as it was', () => {
		writeFileSync(place('old'), 'precious');
		const pieces = Array.from({ length: 1500 }, () => Buffer.from('x'));
		for (const name of ['new', 'old']) {
			for (let turns = 1; ; turns++) {
				const work = writingFile(place(name), pieces, { force: true });
				let ended = false;
				for (let turn = 0; turn < turns && !ended; turn++) ended = work.next().done ?? false;
				if (ended) break;
				expect(names()).not.toEqual(['old']);
				work.return();
				expect(names()).toEqual(['old']);
				expect(String(readFileSync(place('old')))).toBe('precious');
			}
			expect(String(readFileSync(place(name)))).toBe(pieces.join(''));
			if (name === 'new') rmSync(place('new'));
		}
	});

	it('replaces a file only when told', () => {
		writeFileSync(place('a'), 'old');
		expect(() => writeWholeFile(place('a'), text('new'))).toThrow(`${place('a')} is there already.`);
		expect(String(readFileSync(place('a')))).toBe('old');
		writeWholeFile(place('a'), text('new'), { force: true });
		expect(String(readFileSync(place('a')))).toBe('new');
		expect(names()).toEqual(['a']);
	});

	it('does not replace a file that appears while it writes', () => {
		const meanwhile = (file: number, parts: readonly Uint8Array[]): number => {
			writeFileSync(place('a'), 'theirs');
			return writevSync(file, parts);
		};
		expect(() => writeWholeFile(place('a'), text('ours'), { write: meanwhile })).toThrow('is there already');
		expect(String(readFileSync(place('a')))).toBe('theirs');
		expect(names()).toEqual(['a']);
	});

	it('writes through a link and keeps the mode of the file behind it', () => {
		mkdirSync(place('real'));
		writeFileSync(place('real/file'), 'old');
		chmodSync(place('real/file'), 0o600);
		symlinkSync(place('real/file'), place('link'));
		writeWholeFile(place('link'), text('new'), { force: true });
		expect(realpathSync(place('link'))).toBe(realpathSync(place('real/file')));
		expect(String(readFileSync(place('real/file')))).toBe('new');
		expect(statSync(place('real/file')).mode & 0o777).toBe(0o600);
	});

	it('makes scripts executable and refuses folders', () => {
		writeWholeFile(place('run.sh'), text('#!/bin/sh\n'), { executable: true });
		expect(statSync(place('run.sh')).mode & 0o100).toBe(0o100);
		expect(() => writeWholeFile(folder, text('x'), { force: true })).toThrow('Is a directory');
		expect(() => writeWholeFile(place('no/such'), text('x'))).toThrow('No such file or directory');
	});

	it.skipIf(!existsSync('/dev/full'))('writes to what is no plain file in place', () => {
		expect(() => writeWholeFile('/dev/full', text('x'), { force: true })).toThrow('No space left on device');
		expect(existsSync('/dev/full')).toBe(true);
	});
});

describe('readWholeFile', () => {
	it('reads files, empty ones too', () => {
		writeFileSync(place('a'), 'bytes');
		writeFileSync(place('empty'), '');
		expect(String(Buffer.from(readWholeFile(place('a'))))).toBe('bytes');
		expect(readWholeFile(place('empty'))).toHaveLength(0);
	});

	it('says why it cannot', () => {
		expect(() => readWholeFile(place('none'))).toThrow(
			`${place('none')} cannot be read: No such file or directory.`,
		);
		expect(() => readWholeFile(folder)).toThrow('Is a directory');
		expect(() => readWholeFile('/dev/null')).toThrow('/dev/null is a device, not a file.');
	});
});
