/** Reading whole files, in turns, with errors that name the file. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { WhittleError } from '../graph/error.ts';
import { finish, type Work } from '../graph/progress.ts';
import { fileError, systemError } from './file-error.ts';

/** Protobuf's own limit, and Node's for one read. */
const LARGEST = 2 ** 31 - 1;

/** Bytes that are read in a turn. */
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
