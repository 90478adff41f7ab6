/** The functions of a graph, read when asked for. */
import { type FunctionDef, FunctionDefCodec } from '../../proto/codec.ts';
import { Node } from './node.ts';
import { decodeText } from './text.ts';
import { decodeOrThrow, FieldReader } from './wire.ts';

/** One FunctionDef in place. */
export class GraphFunction {
	readonly name: string;
	readonly bytes: Uint8Array;
	#nodes: readonly Node[] | undefined;
	#definition: FunctionDef | undefined;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
		this.name = signatureName(bytes);
	}

	/** The body. Its input strings are `argument`, `node:output:index`, `^node`. */
	get nodes(): readonly Node[] {
		if (!this.#nodes) {
			const nodes: Node[] = [];
			const reader = new FieldReader(this.bytes);
			while (reader.next())
				if (reader.field === 3) nodes.push(Node.read(this.bytes, reader.start, reader.end));
			this.#nodes = nodes;
		}
		return this.#nodes;
	}

	/** The whole message: signature, attributes, return map. @throws WhittleError `file` where the bytes are none. */
	get definition(): FunctionDef {
		this.#definition ??= decodeOrThrow(() => FunctionDefCodec.decode(this.bytes), 'A function');
		return this.#definition;
	}
}

export class FunctionLibrary {
	/** In the file's order. */
	readonly functions: readonly GraphFunction[];
	readonly #byName: ReadonlyMap<string, GraphFunction>;

	/** @param bytes a serialized FunctionDefLibrary. */
	constructor(bytes: Uint8Array | undefined) {
		const functions: GraphFunction[] = [];
		if (bytes) {
			const reader = new FieldReader(bytes);
			while (reader.next()) if (reader.field === 1) functions.push(new GraphFunction(reader.slice));
		}
		this.functions = functions;
		this.#byName = new Map(functions.map((f) => [f.name, f]));
	}

	get(name: string): GraphFunction | undefined {
		return this.#byName.get(name);
	}
}

function signatureName(bytes: Uint8Array): string {
	const reader = new FieldReader(bytes);
	while (reader.next()) {
		if (reader.field !== 1) continue;
		const signature = new FieldReader(bytes, reader.start, reader.end);
		while (signature.next()) {
			if (signature.field === 1) return decodeText(bytes, signature.start, signature.end);
		}
	}
	return '';
}
