import { encodeGraphDef } from '../formats/graph-def.ts';
import { printGraphDef } from '../formats/text-graph-def.ts';
import { WhittleError } from '../graph/error.ts';
import { humanBytes } from '../inspect/humanize.ts';
import { text } from '../session/answer.ts';
import type { Session } from '../session/session.ts';
import { flag, word } from './arguments.ts';
import { defineCommand } from './define.ts';

/** A protobuf message cannot be longer. */
const LIMIT = 2 ** 31;

export default defineCommand({
	name: 'save',
	group: 'graph',
	summary: 'write the current graph as a GraphDef',
	details:
		'The file is written beside its place and then renamed, so that it is whole or not there. A file that ' +
		'exists with other content is left alone unless --force is given. A name ending in .pbtxt means text form.',
	args: {
		file: word('where to', { subject: 'file' }),
		text: flag('as protobuf text'),
		force: flag('overwrite a file that exists'),
	},
	examples: ['save small.pb', 'save small.pbtxt', 'save small.pb --force'],
	scripted: 'always',

	run(session, { file, text: asText, force }) {
		const textForm = asText || file.endsWith('.pbtxt');
		const pieces = textForm ? printGraphDef(session.graph) : encodeGraphDef(session.graph);
		const bytes = pieces.reduce((total, piece) => total + piece.length, 0);
		if (!textForm && bytes >= LIMIT) {
			throw new WhittleError(
				'file',
				`The graph takes ${humanBytes(bytes)}; a protobuf file holds at most 2 GiB.`,
				{
					hint: 'quantize_weights or round_weights make it smaller; --text has no such limit.',
				},
			);
		}
		const unchanged = session.host.exists(file) && !force && holds(session, file, pieces, bytes);
		if (!unchanged) session.host.writeFile(file, pieces, { force });
		session.markSaved();
		const what = unchanged ? 'already holds exactly this graph' : 'written';
		return {
			kind: 'text',
			data: { file, bytes, format: textForm ? 'GraphDef text' : 'GraphDef', written: !unchanged },
			blocks: [text(`${file} ${what} (${humanBytes(bytes)})`)],
		};
	},
});

/** Whether a file is these bytes already: then there is nothing to overwrite, and a script can run again. */
function holds(session: Session, file: string, pieces: readonly Uint8Array[], bytes: number): boolean {
	let content: Uint8Array;
	try {
		content = session.host.readFile(file);
	} catch {
		return false;
	}
	if (content.length !== bytes) return false;
	let at = 0;
	return pieces.every((piece) => {
		const same = Buffer.compare(content.subarray(at, at + piece.length), piece) === 0;
		at += piece.length;
		return same;
	});
}
