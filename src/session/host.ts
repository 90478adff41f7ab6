/** The machine as a session sees it: tests and the library give their own. */
import type { FileSource } from '../formats/file-source.ts';
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';

/** A model file as it was opened. */
export interface OpenModel {
	/** As typed. */
	readonly path: string;
	/** What it is called where that is not its path: `mtcnn.pb` for the bundled model. */
	readonly fileName?: string;
	/** `GraphDef`, `GraphDef text`, `SavedModel`, …: what the file is. */
	readonly format: string;
	readonly graph: Graph;
	/** Bytes of the file (of all files of a folder). */
	readonly fileBytes: number;
	/** sha256 of the file in hex; computed when asked for. */
	readonly digest: () => string;
}

/** What a session needs from the machine. */
export interface Host {
	/** Reads a model, in turns. @throws WhittleError `file`. */
	reading(path: string, options?: { tags?: string; signature?: string }): Work<OpenModel>;
	readFile(path: string): Uint8Array;
	/** The same in turns. */
	readingFile(path: string): Work<Uint8Array>;
	/** Files read in part, for those that are too large to be read whole. */
	readonly fileSource?: FileSource | undefined;
	/**
	 * Writes beside and renames, in turns; refuses to overwrite unless `force`. `makeFolder` makes the folder it lies
	 * in.
	 */
	writingFile(
		path: string,
		pieces: readonly Uint8Array[],
		options?: { force?: boolean; executable?: boolean; makeFolder?: boolean },
	): Work<void>;
	exists(path: string): boolean;
}
