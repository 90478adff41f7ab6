/** How TensorFlow's tools read a graph: as binary, then as text, whatever the file is called (spec: core-and-rewiring 2). */

import { systemReason } from '../formats/file-error.ts';
import { readGraphDef } from '../formats/graph-def.ts';
import { readWholeFile } from '../formats/read-file.ts';
import { isMetaGraph, isSavedModel } from '../formats/sniff.ts';
import { messageOf, WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';

export type Loaded =
	| { readonly graph: Graph }
	| {
			/** The tool's message. */
			readonly error: string;
			/** Where the text parser stopped, for the log. */
			readonly detail: string | undefined;
	  };

/** @param path the file to open. An empty file is an empty graph. */
export async function loadGraph(path: string): Promise<Loaded> {
	let bytes: Uint8Array;
	try {
		bytes = readWholeFile(path);
	} catch (error) {
		return { error: `${fileMessage(path, error)}\n\t (for file ${path})`, detail: undefined };
	}
	try {
		// They parse as one, in a way, but no node in them is one.
		if (isSavedModel(bytes) || isMetaGraph(bytes)) throw new WhittleError('file', 'another message');
		return { graph: readGraphDef(bytes) };
	} catch (binary) {
		try {
			// The text format brings protobuf's tables with it, which binary files do without.
			const { readTextGraphDef } = await import('../formats/text-graph-def.ts');
			return { graph: readTextGraphDef(bytes) };
		} catch (text) {
			const reason = messageOf(binary).includes('truncated')
				? 'Read less bytes than requested'
				: `Can't parse ${path} as binary proto`;
			return {
				error: `${reason}\n\t (both text and binary parsing failed for file ${path})`,
				detail: `Error parsing text-format tensorflow.GraphDef: ${messageOf(text)}`,
			};
		}
	}
}

/** `F; No such file or directory`, as the tools say it. */
export function fileMessage(path: string, error: unknown): string {
	const cause = error instanceof WhittleError ? error.cause : error;
	const reason = systemReason(cause);
	return reason === undefined ? messageOf(error) : `${path}; ${reason}`;
}
