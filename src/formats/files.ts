/** Files in and out: what a reader or a writer of models needs of the file system, with errors that name the file. */
import {
	closeSync,
	fdatasyncSync,
	fstatSync,
	fsyncSync,
	linkSync,
	lstatSync,
	openSync,
	readSync,
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

/** Protobuf's own limit, and Node's for one read. */
const LARGEST = 2 ** 31 - 1;

/** Bytes of a file that are read or written in a turn. */
const PIECE = 1 << 23;

/** The whole file. @throws WhittleError `file` with the system's reason. */
export function readWholeFile(path: string): Uint8Array {
	return finish(readingFile(path));
}

/** {@link readWholeFile} in turns. */
export function* readingFile(path: string): Work<Uint8Array> {
	let file: number | undefined;
	try {
		file = openSync(path, 'r');
		const stats = fstatSync(file);
		if (stats.isDirectory()) throw systemError('EISDIR');
		if (stats.isCharacterDevice() || stats.isBlockDevice())
			throw new WhittleError('file', `${path} is a device, not a file.`);
		const sized = stats.isFile() && stats.size > 0;
		return sized ? yield* readSized(file, path, stats.size) : readToEnd(file, path);
	} catch (error) {
		throw fileError(`${path} cannot be read`, error);
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

function* readSized(file: number, path: string, size: number): Work<Uint8Array> {
	if (size > LARGEST) throw tooLarge(path, size);
	const bytes = Buffer.allocUnsafeSlow(size);
	let length = 0;
	while (length < size) {
		const count = readSync(file, bytes, length, Math.min(PIECE, size - length), null);
		if (count === 0) break;
		length += count;
		if (length < size) yield { done: length, total: size };
	}
	return bytes.subarray(0, length);
}

/** For pipes, and for files of `/proc` that say they are empty. */
function readToEnd(file: number, path: string): Uint8Array {
	const pieces: Buffer[] = [];
	let total = 0;
	for (;;) {
		const piece = Buffer.allocUnsafe(1 << 20);
		const count = readSync(file, piece, 0, piece.length, null);
		if (count === 0) return Buffer.concat(pieces);
		total += count;
		if (total > LARGEST) throw tooLarge(path, total);
		pieces.push(piece.subarray(0, count));
	}
}

function tooLarge(path: string, size: number): WhittleError {
	return new WhittleError('file', `${path} has ${size} bytes; a protobuf message holds at most 2 GiB.`);
}

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

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'No such file or directory',
	EISDIR: 'Is a directory',
	ENOTDIR: 'Not a directory',
	EACCES: 'Permission denied',
	EPERM: 'Operation not permitted',
	ENOSPC: 'No space left on device',
	EDQUOT: 'Disk quota exceeded',
	EFBIG: 'File too large',
	EROFS: 'Read-only file system',
	ELOOP: 'Too many levels of symbolic links',
	ENAMETOOLONG: 'File name too long',
	EIO: 'Input/output error',
	EMFILE: 'Too many open files',
	ENOMEM: 'Cannot allocate memory',
};

/** The system's reason as C says it: `No such file or directory`; undefined for another kind of error. */
export function systemReason(error: unknown): string | undefined {
	const code = codeOf(error);
	return code === undefined ? undefined : (reasons[code] ?? code);
}

function systemError(code: string): Error {
	return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string | undefined {
	const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
	return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** An error of the system as a sentence: `F cannot be read: No such file or directory.` */
export function fileError(what: string, error: unknown): WhittleError {
	if (error instanceof WhittleError) return error;
	const reason = systemReason(error) ?? (error instanceof Error ? error.message : String(error));
	return new WhittleError('file', `${what}: ${reason}.`, { cause: error });
}
