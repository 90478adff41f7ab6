/** What a file format is: one declaration, one line in `index.ts`. */
import type { Graph } from '../graph/graph.ts';
import type { Work } from '../graph/progress.ts';
import type { FileSource } from './file-source.ts';

/** A model as it lies on disk. */
export interface ModelSource {
	/** As typed. */
	readonly path: string;
	/** The file's bytes; of a folder none. */
	readonly bytes: Uint8Array;
	readonly isFolder: boolean;
	/** The files beside it where they came out of the same archive; else they lie on disk. */
	readonly beside?: FileSource;
}

/** Which of several graphs in one file, where a format holds several. */
export interface OpenOptions {
	readonly tags?: string;
	readonly signature?: string;
}

export interface Format {
	/** What a person calls it: `GraphDef`, `SavedModel`. */
	readonly name: string;
	/** Whether the source looks like this format. Cheap: nothing is decoded. */
	sniff(source: ModelSource): boolean;
	/** In turns. @throws WhittleError `file` where it is not, after all. */
	read(source: ModelSource, options: OpenOptions): Work<Graph>;
	/** The file in pieces, for formats that can be written. */
	write?(graph: Graph): readonly Uint8Array[];
}
