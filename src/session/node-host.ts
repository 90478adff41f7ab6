/** The machine that whittle runs on, as a session sees it: its files, and the bundled model. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { OpenOptions } from '../formats/define.ts';
import { diskFiles } from '../formats/disk-files.ts';
import { fileError, systemReason } from '../formats/file-error.ts';
import type { FileSource } from '../formats/file-source.ts';
import { encodeGraphDef } from '../formats/graph-def.ts';
import { expandHome } from '../formats/home-path.ts';
import { openingGraph } from '../formats/index.ts';
import { readingFile } from '../formats/read-file.ts';
import { writingFile } from '../formats/write-file.ts';
import { WhittleError } from '../graph/error.ts';
import { finish, stage, type Work } from '../graph/progress.ts';
import { didYouMean } from '../graph/suggest.ts';
import { buildMtcnn } from '../models/mtcnn.ts';
import type { Host, OpenModel } from './host.ts';

/** Bytes hashed at a time. */
const CHUNK = 1 << 24;

/** What `open` takes beside files: models that are made on the spot. */
const bundled: Readonly<Record<string, typeof buildMtcnn>> = { mtcnn: buildMtcnn };

export class NodeHost implements Host {
	readonly fileSource: FileSource = {
		size: (path) => diskFiles.size(expandHome(path)),
		read: (path, start, end) => diskFiles.read(expandHome(path), start, end),
		exists: (path) => diskFiles.exists(expandHome(path)),
	};

	/** @throws WhittleError `file` that says what the file is, or that it is not there. */
	openModel(path: string, options: OpenOptions = {}): OpenModel {
		return finish(this.reading(path, options));
	}

	*reading(path: string, options: OpenOptions = {}): Work<OpenModel> {
		const place = expandHome(path);
		if (Object.hasOwn(bundled, path) && !existsSync(place)) return bundledModel(path);
		const isFolder = isFolderAt(place);
		const bytes = isFolder ? new Uint8Array(0) : yield* stage(readingHere(place), 0, 0.5);
		const { format, graph } = yield* stage(openingGraph({ path: place, bytes, isFolder }, options), 0.5, 1);
		return {
			path,
			format: format.name,
			graph,
			...(isFolder ? folderFacts(place) : { fileBytes: bytes.length, digest: once(() => sha256([bytes])) }),
		};
	}

	readFile(path: string): Uint8Array {
		return finish(this.readingFile(path));
	}

	readingFile(path: string): Work<Uint8Array> {
		return readingHere(expandHome(path));
	}

	*writingFile(
		path: string,
		pieces: readonly Uint8Array[],
		{ makeFolder = false, ...options }: { force?: boolean; executable?: boolean; makeFolder?: boolean } = {},
	): Work<void> {
		const place = expandHome(path);
		let made = makeFolder ? makeFolders(dirname(place)) : undefined;
		try {
			yield* writingFile(place, pieces, options);
			made = undefined;
		} finally {
			if (made !== undefined) rmSync(made, { recursive: true });
		}
	}

	exists(path: string): boolean {
		return existsSync(expandHome(path));
	}
}

/** A bundled model looks like a file of its name. */
function bundledModel(name: string): OpenModel {
	const graph = bundled[name]!();
	const pieces = encodeGraphDef(graph);
	return {
		path: name,
		fileName: `${name}.pb`,
		format: 'GraphDef',
		graph,
		fileBytes: pieces.reduce((total, piece) => total + piece.length, 0),
		digest: once(() => sha256(pieces)),
	};
}

/** Size and digest of a folder: of its files' paths and contents, in the order of their paths. */
function folderFacts(folder: string): Pick<OpenModel, 'fileBytes' | 'digest'> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	const fileBytes = files.reduce((total, file) => total + statSync(file).size, 0);
	const digest = once(() => {
		const hash = createHash('sha256');
		for (const file of files) {
			hash.update(`${relative(folder, file)}\n`);
			const size = diskFiles.size(file);
			for (let at = 0; at < size; at += CHUNK) hash.update(diskFiles.read(file, at, at + CHUNK));
		}
		return hash.digest('hex');
	});
	return { fileBytes, digest };
}

/** @returns the outermost folder that was not there before, if any. */
function makeFolders(folder: string): string | undefined {
	try {
		return mkdirSync(folder, { recursive: true });
	} catch (error) {
		throw fileError(`${folder} cannot be made`, error);
	}
}

function isFolderAt(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function sha256(pieces: readonly Uint8Array[]): string {
	const hash = createHash('sha256');
	for (const piece of pieces) hash.update(piece);
	return hash.digest('hex');
}

function once<T>(compute: () => T): () => T {
	let value: { of: T } | undefined;
	return () => {
		value ??= { of: compute() };
		return value.of;
	};
}

/** The whole file; where it is not there, names files beside it that are. */
function* readingHere(path: string): Work<Uint8Array> {
	try {
		return yield* readingFile(path);
	} catch (error) {
		if (!(error instanceof WhittleError) || systemReason(error.cause) !== 'No such file or directory')
			throw error;
		throw error.retold({ hint: didYouMean(basename(path), namesIn(dirname(path))) });
	}
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
