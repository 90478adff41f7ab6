/** The graphs that the goldens were made from, whatever container they lie in. */
import { readFileSync } from 'node:fs';
import textFormat from 'protobufjs/ext/textformat.js';
import type protobuf from 'protobufjs/light.js';
import { GraphDefCodec, SavedModelCodec } from '../../proto/codec.ts';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { FieldReader } from '../../src/graph/wire.ts';
import { sharedPath } from '../shared.ts';

let last: { file: string; graph: Graph } | undefined;

/** A graph of `shared/graphs` by its path there. The last one is kept: cases come file by file. */
export function loadGraph(file: string): Graph {
	if (last?.file !== file) last = { file, graph: readGraphDef(graphDefBytes(file)) };
	return last.graph;
}

function graphDefBytes(file: string): Uint8Array {
	const content = readFileSync(sharedPath('graphs', file));
	const text = file.endsWith('.pbtxt');
	if (file.endsWith('saved_model.pb') || file.endsWith('saved_model.pbtxt')) {
		const model = text ? fromText(SavedModelCodec.type, content) : content;
		return messageField(messageField(model, 2), 2);
	}
	if (file.endsWith('.meta')) return messageField(content, 2);
	return text ? fromText(GraphDefCodec.type, content) : content;
}

function fromText(type: protobuf.Type, content: Buffer): Uint8Array {
	return type.encode(textFormat.fromText(type, content.toString('utf8'))).finish();
}

/** The first length-delimited field of a number: SavedModel.meta_graphs and MetaGraphDef.graph_def are both 2. */
function messageField(bytes: Uint8Array, field: number): Uint8Array {
	const reader = new FieldReader(bytes);
	while (reader.next()) if (reader.field === field) return reader.slice;
	throw new Error(`no field ${field}`);
}
