/** GraphDef in protobuf's text format (`.pbtxt`): read through the binary form, printed as C++ prints it. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { finish, stage, type Work } from '../graph/progress.ts';
import { readingGraphDef, serializingGraphDef } from './graph-def.ts';
import { parsingMessage } from './text-parse.ts';
import { printingMessage, printMessage } from './text-print.ts';
import { messageSchema } from './text-schema.ts';

/** @throws WhittleError `file` with line and column where the text is no GraphDef. */
export function readTextGraphDef(text: Uint8Array): Graph {
	return finish(readingTextGraphDef(text));
}

/** {@link readTextGraphDef} in turns. */
export function* readingTextGraphDef(text: Uint8Array): Work<Graph> {
	const bytes = yield* stage(parsingMessage(text, messageSchema('GraphDef')), 0, 0.8);
	return yield* stage(readingGraphDef(bytes), 0.8, 1);
}

/** The text in pieces. @throws WhittleError `file` where a part of the graph is no message. */
export function printGraphDef(graph: Graph): Uint8Array[] {
	return finish(printingGraphDef(graph));
}

/** {@link printGraphDef} in turns. */
export function* printingGraphDef(graph: Graph): Work<Uint8Array[]> {
	const bytes = yield* stage(serializingGraphDef(graph), 0, 0.2);
	return yield* stage(printingMessage(bytes, messageSchema('GraphDef')), 0.2, 1);
}

/** One node's text, its fields at the margin. */
export function printNodeDef(node: Node): Uint8Array[] {
	return printMessage(Buffer.concat(node.encode()), messageSchema('NodeDef'));
}
