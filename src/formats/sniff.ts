/** Looks at the beginning of a file and tells what could be in it. */
import { BYTES, FieldReader, VARINT } from '../graph/wire.ts';

/** Bytes of the beginning that decide. */
const HEAD = 4096;

/** Whether a file starts with these characters or bytes. */
export function startsWith(bytes: Uint8Array, start: string | readonly number[], offset = 0): boolean {
	const wanted = typeof start === 'string' ? Buffer.from(start, 'latin1') : start;
	for (let i = 0; i < wanted.length; i++) if (bytes[offset + i] !== wanted[i]) return false;
	return true;
}

/** The beginning of a file as text; undefined where it holds control characters, as every binary format does. */
export function headText(bytes: Uint8Array): string | undefined {
	const head = bytes.subarray(0, HEAD);
	for (const byte of head) if ((byte < 32 && (byte < 9 || byte > 13)) || byte === 127) return undefined;
	return Buffer.from(head)
		.toString('utf8')
		.replace(/^\uFEFF/, '');
}

/** The name of the first field of a protobuf text file; empty where it does not begin with one. */
export function firstWord(text: string): string {
	return /^(?:\s|#[^\n]*(?:\n|$))*([A-Za-z_]\w*)\s*[:{<]/.exec(text)?.[1] ?? '';
}

/** A top-level field of a protobuf message. */
interface Outline {
	readonly field: number;
	readonly wire: number;
	readonly start: number;
	readonly end: number;
}

/** The first fields of a message, as many as can be read. */
function outline(bytes: Uint8Array, start = 0, end = bytes.length, most = 50): Outline[] {
	const fields: Outline[] = [];
	const reader = new FieldReader(bytes, start, end);
	try {
		while (fields.length < most && reader.next())
			fields.push({ field: reader.field, wire: reader.wire, start: reader.start, end: reader.end });
	} catch {
		// Cut off, or no message: what was there so far decides.
	}
	return fields;
}

/** SavedModel: a version number, then MetaGraphDefs. */
export function isSavedModel(bytes: Uint8Array): boolean {
	const [version, graph, ...more] = outline(bytes);
	if (version?.field !== 1 || version.wire !== VARINT) return false;
	if (!graph) return startsWith(bytes, [0x12], version.end);
	return [graph, ...more].every((field) => field.field === 2 && field.wire === BYTES);
}

/** MetaGraphDef: a GraphDef in field 2, beside a `meta_info_def` that is no node. */
export function isMetaGraph(bytes: Uint8Array): boolean {
	const fields = outline(bytes);
	if (fields.filter((field) => field.field === 1).length > 1) return false;
	if (fields.some((field) => field.wire !== BYTES)) return false;
	const graph = fields.find((field) => field.field === 2);
	const first = graph && outline(bytes, graph.start, graph.end, 1)[0];
	return first !== undefined && first.field === 1 && isNode(bytes, first);
}

/** Whether a field could be a NodeDef: a readable name and op. */
function isNode(bytes: Uint8Array, place: Outline): boolean {
	const parts = outline(bytes, place.start, place.end, 3);
	const named = parts.filter((part) => part.field <= 2 && part.wire === BYTES);
	return (
		named.length > 0 &&
		named.every(({ start, end }) => end > start && !/[\s\x00-\x1f]/.test(latin1(bytes.subarray(start, end))))
	);
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
}

/** ModelProto of ONNX: `ir_version` first, a graph in field 7. */
export function isOnnx(bytes: Uint8Array): boolean {
	const fields = outline(bytes);
	if (fields[0]?.field !== 1 || fields[0].wire !== VARINT) return false;
	return fields.some((field) => (field.field === 7 || field.field === 8) && field.wire === BYTES);
}

/** The index file of a checkpoint is a sorted table with LevelDB's magic number at its end. */
export function isCheckpointIndex(bytes: Uint8Array): boolean {
	return (
		bytes.length >= 48 &&
		startsWith(bytes, [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], bytes.length - 8)
	);
}

/** Whether the file could begin a GraphDef: with a node, a library, versions or debug info. */
export function isGraphDef(bytes: Uint8Array): boolean {
	return [0x0a, 0x12, 0x18, 0x22, 0x2a].includes(bytes[0] ?? -1);
}
