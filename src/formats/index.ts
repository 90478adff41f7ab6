/** The formats that whittle opens: the one list, in the order in which they are tried. */
import { messageOf, WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { finish, stage, type Work } from '../graph/progress.ts';
import { metaGraph, savedModel } from './containers.ts';
import type { Format, ModelSource, OpenOptions } from './define.ts';
import { foreignFile, isForeignArchive } from './foreign.ts';
import { encodeGraphDef, readingGraphDef } from './graph-def.ts';
import { unpacking } from './packed.ts';
import { firstWord, headText, isGraphDef } from './sniff.ts';
import { printGraphDef, readingTextGraphDef } from './text-graph-def.ts';

const textGraphDef: Format = {
	name: 'GraphDef text',
	sniff: ({ bytes }) => {
		const text = headText(bytes);
		const fields = ['node', 'library', 'versions', 'version', 'debug_info'];
		return text !== undefined && fields.includes(firstWord(text));
	},
	read: ({ bytes }) => readingTextGraphDef(bytes),
	write: printGraphDef,
};

const graphDef: Format = {
	name: 'GraphDef',
	sniff: ({ bytes }) => isGraphDef(bytes),
	read: ({ bytes }) => readingGraphDef(bytes),
	write: encodeGraphDef,
};

export const formats: readonly Format[] = [textGraphDef, savedModel, metaGraph, graphDef];

/**
 * The graph in a file or folder, whatever it is called.
 * @throws WhittleError `file` that says what the file is instead, and what to do.
 */
export function openGraph(source: ModelSource, options: OpenOptions = {}): OpenedGraph {
	return finish(openingGraph(source, options));
}

export interface OpenedGraph {
	readonly format: Format;
	readonly graph: Graph;
}

/** {@link openGraph} in turns. */
export function* openingGraph(source: ModelSource, options: OpenOptions = {}): Work<OpenedGraph> {
	const inside = isForeignArchive(source) ? undefined : yield* stage(unpacking(source), 0, 0.5);
	return yield* inside ? stage(openPlain(inside, options), 0.5, 1) : openPlain(source, options);
}

/** What is not packed, or was unpacked: never twice, since a file can be made to hold itself. */
function* openPlain(source: ModelSource, options: OpenOptions): Work<OpenedGraph> {
	const own = formats.find((format) => format.sniff(source));
	const known = own === undefined || own === graphDef ? foreignFile(source) : undefined;
	if (known) throw known;
	if (!own) {
		const what = source.isFolder ? 'a folder without a SavedModel in it' : 'no TensorFlow graph';
		throw new WhittleError('file', `${source.path} is ${what}.`, {
			hint: source.isFolder
				? 'Name the file in it: a GraphDef (.pb, .pbtxt) or the MetaGraph (.meta) of a checkpoint.'
				: 'whittle opens GraphDefs (.pb, .pbtxt), SavedModels, and MetaGraphs (.meta).',
		});
	}
	try {
		return { format: own, graph: yield* own.read(source, options) };
	} catch (error) {
		throw notThatFormat(source, own, error);
	}
}

function notThatFormat(source: ModelSource, format: Format, error: unknown): WhittleError {
	// Readers of several files name the one at fault, or what was asked for and is not there.
	if (error instanceof WhittleError && (source.isFolder || error.hint !== undefined)) return error;
	const reason = messageOf(error);
	const cut = reason.includes('truncated');
	return new WhittleError(
		'file',
		cut
			? `${source.path} is cut off: the ${format.name} goes on after its ${source.bytes.length} bytes.`
			: `${source.path} is no valid ${format.name}. ${reason}`,
		cut ? { hint: 'Copy or download it again.', cause: error } : { cause: error },
	);
}
