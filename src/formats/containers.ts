/** The formats that hold a graph with more around it: SavedModel folders and files, and MetaGraphDefs. */
import { basename, dirname, join } from 'node:path';
import { stage, type Work } from '../graph/progress.ts';
import type { Format, ModelSource } from './define.ts';
import { diskFiles, readInside } from './disk-files.ts';
import { readingMetaGraph } from './meta-graph.ts';
import { checkpointPrefix, openCheckpoint } from './open-checkpoint.ts';
import { readingSavedModel, withContext } from './saved-model.ts';
import { firstWord, headText, isMetaGraph, isSavedModel } from './sniff.ts';
import { parsingMessage } from './text-parse.ts';
import { messageSchema } from './text-schema.ts';

/** A folder with `saved_model.pb` or `.pbtxt`, or that file itself. */
export const savedModel: Format = {
	name: 'SavedModel',
	sniff: (source) => (source.isFolder ? fileIn(source.path) !== undefined : holds(source, savedModelKind)),
	*read({ path, bytes, isFolder, beside }, options) {
		const file = isFolder ? diskFiles.read(fileIn(path)!) : bytes;
		const folder = isFolder ? path : dirname(path);
		const assets = join(folder, 'assets');
		const asset = (name: string): Uint8Array =>
			beside ? beside.read(join(assets, basename(name))) : readInside(assets, name);
		const message = yield* stage(binary(file, 'SavedModel'), 0, 0.5);
		return yield* stage(readingSavedModel(message, folder, beside ?? diskFiles, asset, options), 0.5, 1);
	},
};

/** The `.meta` file of a checkpoint, which lies beside it under the same name; or one alone. */
export const metaGraph: Format = {
	name: 'MetaGraph',
	sniff: (source) => !source.isFolder && holds(source, metaGraphKind),
	*read({ path, bytes }, options) {
		const prefix = path.replace(/\.meta(\.pbtxt|txt)?$/, '');
		const found = prefix === path ? undefined : checkpointPrefix(prefix, diskFiles);
		const variables = found === undefined ? undefined : openCheckpoint(found, diskFiles);
		const message = yield* stage(binary(bytes, 'MetaGraphDef'), 0, 0.5);
		const meta = yield* stage(readingMetaGraph(message), 0.5, 1);
		return withContext(meta, options.signature, variables);
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

function* binary(bytes: Uint8Array, message: string): Work<Uint8Array> {
	return headText(bytes) === undefined ? bytes : yield* parsingMessage(bytes, messageSchema(message));
}
