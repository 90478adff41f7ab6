/** Binary GraphDef: found in place on reading, written slice by slice. */
import { WhittleError } from '../graph/error.ts';
import { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import { finish, isTurn, stage, type Work } from '../graph/progress.ts';
import { TextTable } from '../graph/text-table.ts';
import { BYTES, FieldReader, FieldWriter } from '../graph/wire.ts';

/**
 * Reads a serialized GraphDef. The graph keeps views on `bytes`, which must not change afterwards.
 * @throws WhittleError `file` where the bytes are no GraphDef.
 */
export function readGraphDef(bytes: Uint8Array): Graph {
	return finish(readingGraphDef(bytes));
}

/** {@link readGraphDef} in turns. */
export function* readingGraphDef(bytes: Uint8Array): Work<Graph> {
	const nodes: Node[] = [];
	const texts = new TextTable(bytes);
	const library: Uint8Array[] = [];
	const versions: Uint8Array[] = [];
	let rest: FieldWriter | undefined;
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field === 1 && reader.wire === BYTES) {
			const count = nodes.push(Node.read(bytes, reader.start, reader.end, texts));
			if (isTurn(count)) yield { done: reader.end, total: bytes.length };
		} else if (reader.field === 2 && reader.wire === BYTES) library.push(reader.slice);
		else if (reader.field === 4 && reader.wire === BYTES) versions.push(reader.slice);
		else {
			rest ??= new FieldWriter();
			rest.raw(bytes.subarray(reader.tagStart, reader.end));
		}
	}
	return new Graph(nodes, {
		library: joined(library),
		versions: joined(versions),
		rest: rest?.finish(),
		source: bytes,
	});
}

/** A message field given several times is one message: their bytes joined. */
function joined(parts: readonly Uint8Array[]): Uint8Array | undefined {
	return parts.length > 1 ? Buffer.concat(parts) : parts[0];
}

/** {@link encodingGraphDef} in one go. */
export function encodeGraphDef(graph: Graph): Uint8Array[] {
	return finish(encodingGraphDef(graph));
}

/**
 * The serialized GraphDef in pieces, in field order (`node`, `library`, `versions`, the rest). An untouched
 * graph is its file, byte for byte. Large values are views: nothing is copied.
 */
export function* encodingGraphDef(graph: Graph): Work<Uint8Array[]> {
	if (graph.parts.source) return [graph.parts.source];
	const pieces: Uint8Array[] = [];
	let writer = new FieldWriter(1 << 16);
	let pending = 0;
	const flush = (): void => {
		if (pending > 0) pieces.push(writer.finish());
		writer = new FieldWriter(1 << 16);
		pending = 0;
	};
	for (const [i, node] of graph.nodes.entries()) {
		if (isTurn(i)) yield { done: i, total: graph.nodes.length };
		const parts = node.encode();
		let length = 0;
		for (const part of parts) length += part.length;
		writer.tag(1, BYTES).varint(length);
		pending += length + 11;
		for (const part of parts) {
			if (part.length < 1 << 14) writer.raw(part);
			else {
				flush();
				pieces.push(part);
			}
		}
		if (pending > 1 << 20) flush();
	}
	const { library, versions, rest } = graph.parts;
	if (library) writer.bytes(2, library);
	if (rest) {
		// Field 3 (the deprecated version) stands before `versions` only by number; parsers take any order.
		writer.raw(rest);
	}
	if (versions) writer.bytes(4, versions);
	pieces.push(writer.finish());
	return pieces.filter((piece) => piece.length > 0);
}

/** {@link encodeGraphDef} in one buffer. @throws WhittleError beyond protobuf's limit of 2 GiB. */
export function serializeGraphDef(graph: Graph): Uint8Array {
	return finish(serializingGraphDef(graph));
}

/** {@link serializeGraphDef} in turns. */
export function* serializingGraphDef(graph: Graph): Work<Uint8Array> {
	const pieces = yield* stage(encodingGraphDef(graph), 0, 0.5);
	const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
	if (total >= 2 ** 31) {
		throw new WhittleError('file', `The graph takes ${total} bytes; a protobuf message holds at most 2 GiB.`);
	}
	if (pieces.length === 1) return pieces[0]!;
	const bytes = Buffer.allocUnsafeSlow(total);
	let length = 0;
	for (const piece of pieces) {
		bytes.set(piece, length);
		length += piece.length;
		yield { done: total + length, total: 2 * total };
	}
	return bytes;
}
