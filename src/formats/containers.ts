/** The formats that hold a graph with more around it: SavedModel folders and files, and MetaGraphDefs. */
import { dirname, join } from 'node:path';
import type { Format, ModelSource } from './define.ts';
import { diskFiles } from './disk-files.ts';
import { readMetaGraph } from './meta-graph.ts';
import { checkpointPrefix, openCheckpoint } from './open-checkpoint.ts';
import { readSavedModel, withContext } from './saved-model.ts';
import { firstWord, headText, isMetaGraph, isSavedModel } from './sniff.ts';
import { parseMessage } from './text-parse.ts';
import { messageSchema } from './text-schema.ts';

/** A folder with `saved_model.pb` or `.pbtxt`, or that file itself. */
export const savedModel: Format = {
	name: 'SavedModel',
	sniff: (source) => (source.isFolder ? fileIn(source.path) !== undefined : holds(source, savedModelKind)),
	read({ path, bytes, isFolder }, options) {
		const file = isFolder ? diskFiles.read(fileIn(path)!) : bytes;
		return readSavedModel(binary(file, 'SavedModel'), isFolder ? path : dirname(path), diskFiles, options);
	},
};

/** The `.meta` file of a checkpoint, which lies beside it under the same name; or one alone. */
export const metaGraph: Format = {
	name: 'MetaGraph',
	sniff: (source) => !source.isFolder && holds(source, metaGraphKind),
	read({ path, bytes }, options) {
		const prefix = path.replace(/\.meta(\.pbtxt|txt)?$/, '');
		const found = prefix === path ? undefined : checkpointPrefix(prefix, diskFiles);
		const variables = found === undefined ? undefined : openCheckpoint(found, diskFiles);
		return withContext(readMetaGraph(binary(bytes, 'MetaGraphDef')), options.signature, variables);
	},
};

interface Kind {
	readonly isBinary: (bytes: Uint8Array) => boolean;
	/** Fields that a text of this kind begins with. */
	readonly words: readonly string[];
}

const savedModelKind: Kind = { isBinary: isSavedModel, words: ['saved_model_schema_version', 'meta_graphs'] };
const metaGraphKind: Kind = { isBinary: isMetaGraph, words: ['meta_info_def', 'graph_def'] };

function holds({ bytes }: ModelSource, { isBinary, words }: Kind): boolean {
	const text = headText(bytes);
	return text === undefined ? isBinary(bytes) : words.includes(firstWord(text));
}

function fileIn(folder: string): string | undefined {
	return ['saved_model.pb', 'saved_model.pbtxt'].map((name) => join(folder, name)).find(diskFiles.exists);
}

function binary(bytes: Uint8Array, message: string): Uint8Array {
	return headText(bytes) === undefined ? bytes : parseMessage(bytes, messageSchema(message));
}
