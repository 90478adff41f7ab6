/** {@link FileSource} on the real file system: only what is asked for is read. */
import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { WhittleError } from '../graph/error.ts';
import { fileError } from './file-error.ts';
import type { FileSource } from './file-source.ts';

export const diskFiles: FileSource = {
	size: (path) => guarded(path, () => statSync(path).size),
	read: (path, start = 0, end) =>
		guarded(path, () =>
			readRange(path, start, Math.min(end ?? Number.POSITIVE_INFINITY, statSync(path).size)),
		),
	exists(path) {
		try {
			return statSync(path).isFile();
		} catch {
			return false;
		}
	},
};

function guarded<T>(path: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw fileError(`${path} cannot be read`, error);
	}
}

/** A file of a folder, unless a link leads out of the folder. @throws WhittleError `file`. */
export function readInside(folder: string, name: string): Uint8Array {
	const path = join(folder, basename(name));
	return guarded(path, () => {
		const real = realpathSync(path);
		if (dirname(real) !== realpathSync(folder))
			throw new WhittleError('file', `${path} leads out of the model: it is a link to ${real}.`);
		return readRange(real, 0, statSync(real).size);
	});
}

/** Shorter than asked for where the file ends before `end`. */
function readRange(path: string, start: number, end: number): Uint8Array {
	const bytes = Buffer.allocUnsafeSlow(Math.max(0, end - start));
	const file = openSync(path, 'r');
	try {
		let length = 0;
		while (length < bytes.length) {
			const count = readSync(file, bytes, length, bytes.length - length, start + length);
			if (count === 0) break;
			length += count;
		}
		return bytes.subarray(0, length);
	} finally {
		closeSync(file);
	}
}
