/** SavedModel: a folder with `saved_model.pb` (or `.pbtxt`), `variables/` and `assets/`. */
import { join } from 'node:path/posix';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelContext } from '../graph/model-context.ts';
import { sourceOf } from '../graph/names.ts';
import type { Work } from '../graph/progress.ts';
import { BYTES, FieldReader } from '../graph/wire.ts';
import { Checkpoint } from './checkpoint.ts';
import type { CheckpointReader } from './checkpoint-reader.ts';
import type { FileSource } from './file-source.ts';
import { defaultSignature, isInternalSignature, type MetaGraph, readingMetaGraph } from './meta-graph.ts';
import { addObjectGraphKeys, variableKeys } from './variable-keys.ts';

export interface SavedModelChoice {
	/** Tags separated by commas; needed where the file holds several graphs without `serve`. */
	readonly tags?: string | undefined;
	readonly signature?: string | undefined;
}

/** The graphs of a serialized SavedModel. @throws WhittleError `file`. */
function* readingMetaGraphs(bytes: Uint8Array): Work<MetaGraph[]> {
	const found: MetaGraph[] = [];
	const reader = new FieldReader(bytes);
	while (reader.next())
		if (reader.field === 2 && reader.wire === BYTES) found.push(yield* readingMetaGraph(reader.slice));
	return found;
}

/**
 * The chosen graph, with signatures, variables and assets in its context.
 * @param folder where `variables/` lies.
 * @param asset reads a file of the assets by its bare name.
 * @throws WhittleError `file` where tags or signature are not there.
 */
export function* readingSavedModel(
	bytes: Uint8Array,
	folder: string,
	files: FileSource,
	asset: (name: string) => Uint8Array,
	choice: SavedModelChoice,
): Work<Graph> {
	const chosen = chooseGraph(yield* readingMetaGraphs(bytes), choice.tags, folder);
	const prefix = join(folder, 'variables', 'variables');
	const variables = files.exists(`${prefix}.index`) ? new Checkpoint(prefix, files) : undefined;
	return withContext(chosen, choice.signature, variables, asset);
}

/** A MetaGraph's graph with its context; of a bare `.meta` file there may be a checkpoint of the same name. */
export function withContext(
	meta: MetaGraph,
	signatureName: string | undefined,
	variables: CheckpointReader | undefined,
	asset?: (name: string) => Uint8Array,
): Graph {
	const signature = defaultSignature(meta.signatures, signatureName);
	if (signatureName !== undefined && !signature) {
		throw new WhittleError('file', `The model has no signature \`${signatureName}\`.`, {
			hint: `It has ${meta.signatures.map((item) => item.name).join(', ') || 'none'}.`,
		});
	}
	const keys = variableKeys(meta.graph);
	if (variables) addObjectGraphKeys(meta.graph, variables, keys);
	const context: ModelContext = {
		signatures: meta.signatures.filter((item) => !isInternalSignature(item.name)),
		signature,
		tags: meta.tags,
		variables,
		variableKeys: keys,
		asset,
		assetFiles: new Map(
			meta.assets.map(({ tensor_info, filename }) => [sourceOf(tensor_info?.name ?? ''), filename]),
		),
		meta: meta.bytes,
	};
	return meta.graph.with(meta.graph.nodes, { ...meta.graph.parts, context });
}

function chooseGraph(graphs: readonly MetaGraph[], tags: string | undefined, folder: string): MetaGraph {
	const name = (graph: MetaGraph): string => graph.tags.join(',') || '(no tags)';
	const all = graphs.map(name).join('; ');
	if (graphs.length === 0) throw new WhittleError('file', `${folder} holds no graph.`);
	if (tags !== undefined) {
		const wanted = new Set(
			tags
				.split(',')
				.map((tag) => tag.trim())
				.filter(Boolean),
		);
		const fitting = graphs.find(
			(graph) => graph.tags.length === wanted.size && graph.tags.every((tag) => wanted.has(tag)),
		);
		if (fitting) return fitting;
		throw new WhittleError('file', `${folder} has no graph with the tags ${tags}.`, {
			hint: `It has ${all}.`,
		});
	}
	const serving = graphs.find((graph) => graph.tags.length === 1 && graph.tags[0] === 'serve');
	if (serving ?? graphs.length === 1) return serving ?? graphs[0]!;
	throw new WhittleError('file', `${folder} holds ${graphs.length} graphs.`, {
		hint: `Choose one with --tags: ${all}.`,
	});
}
