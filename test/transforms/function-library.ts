/** Libraries of small functions, for tests. */
import { FunctionDefCodec, type NodeDef, NodeDefCodec } from '../../proto/codec.ts';
import type { Attr } from '../../src/graph/attr.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';
import { Node } from '../../src/graph/node.ts';
import { FieldWriter } from '../../src/graph/wire.ts';

export interface Body {
	readonly name: string;
	/** The dtype of the argument `x`; float without it. */
	readonly argument?: number;
	/** The name of a second argument, a float. */
	readonly second?: string;
	readonly nodes: readonly {
		name: string;
		op: string;
		inputs: readonly string[];
		attrs?: Record<string, Attr>;
	}[];
	/** What the result `z` is, and its dtype; float without it. */
	readonly result: string;
	readonly returns?: number;
	/** What a second result is, a float. */
	readonly other?: string;
	readonly controls?: Readonly<Record<string, string>>;
}

/** A library of functions with an argument `x` and a result `z`. */
export function library(...bodies: readonly Body[]): Uint8Array {
	const writer = new FieldWriter();
	for (const {
		name,
		argument = DT_FLOAT,
		second,
		nodes,
		result,
		returns = DT_FLOAT,
		other,
		controls = {},
	} of bodies) {
		writer.bytes(
			1,
			FunctionDefCodec.encode({
				signature: {
					name,
					input_arg: [{ name: 'x', type: argument }, ...(second ? [{ name: second, type: DT_FLOAT }] : [])],
					output_arg: [{ name: 'z', type: returns }, ...(other ? [{ name: 'other', type: DT_FLOAT }] : [])],
				},
				node_def: nodes.map(
					({ name, op, inputs, attrs = {} }) =>
						NodeDefCodec.decode(Buffer.concat(Node.of({ name, op, inputs, attrs }).encode())) as NodeDef,
				),
				ret: { z: result, ...(other ? { other } : {}) },
				control_ret: controls,
			}),
		);
	}
	return writer.finish();
}
