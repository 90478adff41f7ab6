/** Models inside gzip and zip files: unpacked in memory, with a bound on what a file may become. */
import { basename, dirname, join } from 'node:path/posix';
import { Gunzip, type UnzipFileInfo, unzipSync } from 'fflate';
import { WhittleError } from '../graph/error.ts';
import type { Work } from '../graph/progress.ts';
import type { ModelSource } from './define.ts';
import { wholeFiles } from './file-source.ts';
import { startsWith } from './sniff.ts';

/** Bytes that a packed file may have when unpacked, and how many for each of its own beyond the first 64 MiB. */
const MOST_BYTES = 1 << 30;
const HARMLESS_BYTES = 1 << 26;
const MOST_RATIO = 100;
/** Bytes given to the unpacker at a time: so many are unpacked before the bound is looked at. */
const CHUNK = 1 << 16;
const MOST_ENTRIES = 100_000;
/** Names in an archive that can be models. */
const MODEL = /\.(pb|pbtxt|meta|graphdef)$/i;

/** What a packed file holds instead of itself; undefined for a file that is not packed, or holds no model. */
export function* unpacking(source: ModelSource): Work<ModelSource | undefined> {
	if (source.isFolder) return undefined;
	if (startsWith(source.bytes, [0x1f, 0x8b])) return yield* gunzipped(source);
	if (startsWith(source.bytes, 'PK\x03\x04')) return unzipped(source);
	return undefined;
}

function* gunzipped({ path, bytes }: ModelSource): Work<ModelSource | undefined> {
	const most = mostBytes(bytes);
	const pieces: Uint8Array[] = [];
	let total = 0;
	const gunzip = new Gunzip((piece) => {
		total += piece.length;
		if (total > most) throw tooLarge(path, most);
		pieces.push(piece);
	});
	try {
		for (let at = 0; at < bytes.length; at += CHUNK) {
			gunzip.push(bytes.subarray(at, at + CHUNK), at + CHUNK >= bytes.length);
			yield { done: at, total: bytes.length };
		}
	} catch (error) {
		throw broken(path, 'gzip', error);
	}
	if (total === 0) throw broken(path, 'gzip', undefined);
	const content = Buffer.concat(pieces);
	// A tar archive inside is told by its magic; what it holds is for tar to unpack.
	if (startsWith(content, 'ustar', 257)) return undefined;
	return { path: path.replace(/\.gz$/i, ''), bytes: content, isFolder: false };
}

function unzipped({ path, bytes }: ModelSource): ModelSource | undefined {
	const names: string[] = [];
	let largest = 0;
	let entries = 0;
	const listed = (file: UnzipFileInfo): boolean => {
		if (++entries > MOST_ENTRIES) throw broken(path, 'zip', new Error('it has too many entries'));
		if (MODEL.test(file.name) && !isHidden(file.name)) {
			names.push(file.name);
			largest = Math.max(largest, file.originalSize);
		}
		return false;
	};
	try {
		unzipSync(bytes, { filter: listed });
	} catch (error) {
		throw broken(path, 'zip', error);
	}
	if (names.length === 0) return undefined;
	const saved = names.filter((name) => /^saved_model\.pb(txt)?$/.test(basename(name)));
	if (saved.length === 1) return savedModelIn(path, bytes, saved[0]!);
	if (names.length > 1) {
		throw new WhittleError('file', `${path} is a zip archive with ${names.length} models in it.`, {
			hint: `Unpack it and open one of them: ${names.slice(0, 5).join(', ')}.`,
		});
	}
	const most = mostBytes(bytes);
	if (largest > most) throw tooLarge(path, most);
	const [name] = names;
	try {
		// The library makes a buffer of the size that the archive says, and fails beyond it.
		const content = unzipSync(bytes, { filter: (file) => file.name === name })[name!]!;
		return { path: `${path}:${name}`, bytes: content, isFolder: false };
	} catch (error) {
		throw broken(path, 'zip', error);
	}
}

/** A SavedModel with its variables and assets, in memory. */
function savedModelIn(path: string, bytes: Uint8Array, name: string): ModelSource {
	const folder = dirname(name) === '.' ? '' : `${dirname(name)}/`;
	const most = mostBytes(bytes);
	let total = 0;
	const wanted = (file: UnzipFileInfo): boolean => {
		const rest = file.name.startsWith(folder) ? file.name.slice(folder.length) : '';
		if (file.name !== name && !/^(variables|assets)\/[^/]+$/.test(rest)) return false;
		total += file.originalSize;
		if (total > most) throw tooLarge(path, most);
		return true;
	};
	let unzipped: Record<string, Uint8Array>;
	try {
		unzipped = unzipSync(bytes, { filter: wanted });
	} catch (error) {
		throw broken(path, 'zip', error);
	}
	// The slash keeps a model at the archive's root apart from what lies beside the archive.
	const place = (entry: string): string => join(`${path}:`, entry);
	const files = new Map(Object.entries(unzipped).map(([entry, content]) => [place(entry), content]));
	const beside = wholeFiles((file) => {
		const content = files.get(file);
		if (!content) throw new WhittleError('file', `${file} is not in the archive.`);
		return content;
	});
	return { path: place(name), bytes: unzipped[name]!, isFolder: false, beside };
}

function isHidden(name: string): boolean {
	return name.startsWith('__MACOSX/') || basename(name).startsWith('.');
}

/** Weights become a few times larger; what becomes a hundred times larger is made to fill the memory. */
function mostBytes(bytes: Uint8Array): number {
	return Math.min(MOST_BYTES, Math.max(HARMLESS_BYTES, bytes.length * MOST_RATIO));
}

function tooLarge(path: string, most: number): WhittleError {
	return new WhittleError('file', `${path} becomes larger than ${most >> 20} MiB when unpacked.`, {
		hint: 'Unpack it yourself if you trust it, and open the model inside.',
	});
}

function broken(path: string, kind: string, error: unknown): WhittleError {
	if (error instanceof WhittleError) return error;
	const reason = error instanceof Error && error.message ? `: ${error.message}` : '';
	return new WhittleError('file', `${path} is no intact ${kind} file${reason}.`, {
		hint: 'Copy or download it again.',
		cause: error,
	});
}
