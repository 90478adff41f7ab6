/** Writing whole files: beside their place and renamed, in turns, with errors that name the file. */
import {
	closeSync,
	fdatasyncSync,
	fstatSync,
	fsyncSync,
	linkSync,
	lstatSync,
	openSync,
	realpathSync,
	renameSync,
	type Stats,
	statSync,
	unlinkSync,
	writevSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WhittleError } from '../graph/error.ts';
import { finish, type Work } from '../graph/progress.ts';
import { codeOf, fileError, systemError } from './file-error.ts';

export interface WriteOptions {
	/** Whether a file that is there may be replaced. */
	readonly force?: boolean;
	readonly executable?: boolean;
	/** The system's write call; tests give one that fails. */
	readonly write?: (file: number, pieces: readonly Uint8Array[]) => number;
}

/** {@link writingFile} in one go. */
export function writeWholeFile(
	path: string,
	pieces: readonly Uint8Array[],
	options: WriteOptions = {},
): void {
	finish(writingFile(path, pieces, options));
}

/**
 * Writes beside the place and renames, so that a reader sees the old file or the new one, never a half. Works in turns.
 * @throws WhittleError `file`; nothing is left behind then, nor where the work is stopped.
 */
export function* writingFile(
	path: string,
	pieces: readonly Uint8Array[],
	options: WriteOptions = {},
): Work<void> {
	const { force = false, executable = false, write = writevSync } = options;
	let temporary: string | undefined;
	try {
		const before = statOf(path);
		if (before?.isDirectory()) throw systemError('EISDIR');
		if (before && !force) throw alreadyThere(path);
		if (before && !before.isFile()) {
			yield* writeTo(openSync(path, 'w'), pieces, write);
			return;
		}
		// A link keeps pointing where it does; the file it points to is the one replaced.
		const target = before ? realpathSync(path) : path;
		const mode = before ? before.mode & 0o777 : executable ? 0o777 : 0o666;
		temporary = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.tmp`);
		yield* writeTo(openSync(temporary, 'wx', mode), pieces, write);
		if (force) renameSync(temporary, target);
		else renameIfFree(temporary, target, path);
		temporary = undefined;
		syncFolder(dirname(target));
	} catch (error) {
		throw fileError(`${path} cannot be written`, error);
	} finally {
		if (temporary !== undefined) removeQuietly(temporary);
	}
}

function* writeTo(
	file: number,
	pieces: readonly Uint8Array[],
	write: (file: number, pieces: readonly Uint8Array[]) => number,
): Work<void> {
	try {
		yield* writeAll(file, pieces, write);
		if (fstatSync(file).isFile()) fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

/** Bytes that are written in a turn. */
const PIECE = 1 << 23;
/** At most so many pieces go to the system in one call. */
const BATCH = 512;
/** Bytes after which the disk is waited for: else all of a large file would be waited for at its end. */
const SYNCED = 1 << 25;

function* writeAll(
	file: number,
	pieces: readonly Uint8Array[],
	write: (file: number, pieces: readonly Uint8Array[]) => number,
): Work<void> {
	const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
	let done = 0;
	let unsynced = 0;
	let batch: Uint8Array[] = [];
	let bytes = 0;
	const flush = (): void => {
		// The system may take less than it was given.
		while (batch.length > 0) batch = restAfter(batch, write(file, batch));
		bytes = 0;
	};
	for (const piece of pieces) {
		for (let at = 0; at < piece.length; at += PIECE) {
			const part = piece.subarray(at, at + PIECE);
			if (batch.length >= BATCH || bytes + part.length > PIECE) {
				done += bytes;
				unsynced += bytes;
				flush();
				if (unsynced >= SYNCED) {
					if (fstatSync(file).isFile()) fdatasyncSync(file);
					unsynced = 0;
				}
				yield { done, total };
			}
			batch.push(part);
			bytes += part.length;
		}
	}
	flush();
}

function restAfter(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
	let left = written;
	let first = 0;
	while (first < pieces.length && left >= pieces[first]!.length) left -= pieces[first++]!.length;
	const rest = pieces.slice(first);
	if (left > 0) rest[0] = rest[0]!.subarray(left);
	return rest;
}

/** Gives the finished file its name, unless somebody has taken it in the meantime. */
function renameIfFree(temporary: string, target: string, path: string): void {
	try {
		linkSync(temporary, target);
		unlinkSync(temporary);
	} catch (error) {
		if (codeOf(error) === 'EEXIST') throw alreadyThere(path);
		// File systems without links: look, then rename.
		if (statOf(target)) throw alreadyThere(path);
		renameSync(temporary, target);
	}
}

function alreadyThere(path: string): WhittleError {
	return new WhittleError('file', `${path} is there already.`, {
		hint: 'Choose another name, or replace it with --force.',
	});
}

function statOf(path: string): Stats | undefined {
	try {
		return statSync(path);
	} catch (error) {
		if (codeOf(error) === 'ENOENT' && !isDanglingLink(path)) return undefined;
		throw error;
	}
}

function isDanglingLink(path: string): boolean {
	return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** After a rename the folder itself must reach the disk; not every system can do that. */
function syncFolder(path: string): void {
	try {
		const folder = openSync(path, 'r');
		try {
			fsyncSync(folder);
		} finally {
			closeSync(folder);
		}
	} catch {
		// The file is whole; only its name may be lost by a crash of the whole machine.
	}
}

function removeQuietly(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// It was never made.
	}
}
