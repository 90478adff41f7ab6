import { encodingGraphDef } from '../formats/graph-def.ts';
import { encodingSavedModel } from '../formats/saved-model-write.ts';
import { printingGraphDef } from '../formats/text-graph-def.ts';
import { WhittleError } from '../graph/error.ts';
import { stage, type Work } from '../graph/progress.ts';
import { humanBytes } from '../inspect/humanize.ts';
import { text } from '../session/answer.ts';
import type { Session } from '../session/session.ts';
import { flag, option, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';
import { servedSignature } from './served-signature.ts';

/** Bytes compared in a turn. */
const PIECE = 1 << 23;

/** A protobuf message cannot be longer. */
const LIMIT = 2 ** 31;

const FORMATS = ['graphdef', 'text', 'saved-model'] as const;
type SavedFormat = (typeof FORMATS)[number];

export default defineCommand({
	name: 'save',
	group: 'graph',
	summary: 'write the current graph as a GraphDef or a SavedModel',
	details:
		'The file is written beside its place and then renamed, so that it is whole or not there. A file that ' +
		'exists with other content is left alone unless --force is given. A name ending in .pbtxt means text form; ' +
		'one that ends with / is the folder of a SavedModel, which has the inputs and outputs of the session as its ' +
		'signature, under the names that the model had for them.',
	args: {
		file: word('where to', { subject: 'file' }),
		text: flag('as protobuf text'),
		format: option('graphdef, text or saved-model, whatever the name says', { values: FORMATS }),
		force: flag('overwrite a file that exists'),
	},
	examples: ['save small.pb', 'save small.pbtxt', 'save small.pb --force', 'save served/'],
	scripted: 'always',

	async run(session, { file: place, text: asText, format: asked, force }, context) {
		const format = (asked as SavedFormat | undefined) ?? formatOf(place, asText);
		const file = format === 'saved-model' ? `${place.replace(/\/+$/, '')}/saved_model.pb` : place;
		const { bytes, unchanged, data } = await runPausing(
			saving(session, file, format, force),
			`save ${file}`,
			context,
		);
		session.markSaved();
		const what = unchanged ? 'already holds exactly this graph' : 'written';
		return {
			kind: 'text',
			data: { file, bytes, format: NAMES[format], written: !unchanged, ...data },
			blocks: [text(`${file} ${what} (${humanBytes(bytes)})`)],
		};
	},
});

const NAMES: Readonly<Record<SavedFormat, string>> = {
	graphdef: 'GraphDef',
	text: 'GraphDef text',
	'saved-model': 'SavedModel',
};

function formatOf(place: string, asText: boolean): SavedFormat {
	if (place.endsWith('/')) return 'saved-model';
	return asText || place.endsWith('.pbtxt') ? 'text' : 'graphdef';
}

interface Saved {
	readonly bytes: number;
	/** The file held them already. */
	readonly unchanged: boolean;
	/** What else is told of it. */
	readonly data: Readonly<Record<string, unknown>>;
}

function* saving(session: Session, file: string, format: SavedFormat, force: boolean): Work<Saved> {
	const { host } = session;
	const { pieces, data } = yield* stage(encoding(session, format), 0, 0.5);
	const bytes = pieces.reduce((total, piece) => total + piece.length, 0);
	if (format === 'graphdef' && bytes >= LIMIT) {
		throw new WhittleError(
			'file',
			`The graph takes ${humanBytes(bytes)}; a protobuf file holds at most 2 GiB.`,
			{
				hint: 'quantize_weights or round_weights make it smaller; --text has no such limit.',
			},
		);
	}
	if (host.exists(file) && !force && (yield* stage(holds(session, file, pieces, bytes), 0.5, 0.6)))
		return { bytes, unchanged: true, data };
	yield* stage(host.writingFile(file, pieces, { force, makeFolder: format === 'saved-model' }), 0.6, 1);
	return { bytes, unchanged: false, data };
}

function* encoding(
	session: Session,
	format: SavedFormat,
): Work<{ pieces: readonly Uint8Array[]; data: Saved['data'] }> {
	if (format === 'text') return { pieces: yield* printingGraphDef(session.graph), data: {} };
	if (format === 'graphdef') return { pieces: yield* encodingGraphDef(session.graph), data: {} };
	const signature = servedSignature(session);
	return { pieces: yield* encodingSavedModel(session.graph, signature), data: { signature } };
}

/** Whether a file is these bytes already: then there is nothing to overwrite, and a script can run again. */
function* holds(session: Session, file: string, pieces: readonly Uint8Array[], bytes: number): Work<boolean> {
	let content: Uint8Array;
	try {
		content = yield* session.host.readingFile(file);
	} catch {
		return false;
	}
	if (content.length !== bytes) return false;
	let at = 0;
	for (const piece of pieces) {
		for (let from = 0; from < piece.length; from += PIECE) {
			const part = piece.subarray(from, from + PIECE);
			if (Buffer.compare(content.subarray(at, at + part.length), part) !== 0) return false;
			at += part.length;
			yield { done: at, total: bytes };
		}
	}
	return true;
}
