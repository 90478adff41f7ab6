/** A table of weights without what is about zero, and the nodes that look values up in it (spec: folding 8.3). */

import { Checkpoint } from '../formats/checkpoint.ts';
import { wholeFiles } from '../formats/file-source.ts';
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT, DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { constNode, floatsOf } from './const-node.ts';
import { required } from './declared-types.ts';
import type { Match } from './match.ts';
import { parameterFiles } from './parameter-file.ts';
import { monolithicKey, savedSlices } from './saved-slices.ts';

/** Smaller values count as zero; compared in double precision, so that the float 1e-5 does. */
const SMALLEST = 1.0e-5;

export interface SparseTable {
	readonly name: string;
	readonly indices: BigInt64Array;
	readonly values: Float32Array;
}

/** Where the values of tables come from: constants, or variables by way of a checkpoint. */
export class TableSource {
	readonly #checkpoint: Checkpoint | undefined;
	readonly #slices: ReadonlyMap<string, string | undefined>;

	/** @throws WhittleError where the checkpoint cannot be read or a variable is not saved as it should be. */
	constructor(graph: Graph, prefix: string | undefined, readFile: (path: string) => Uint8Array) {
		this.#checkpoint =
			prefix === undefined ? undefined : new Checkpoint(prefix, wholeFiles(parameterFiles(readFile)));
		this.#slices = savedSlices(graph);
	}

	read(table: Node): { readonly shape: readonly number[]; readonly data: Float32Array } {
		if (table.op === 'Const') return floatsOf(table);
		const slice = this.#slices.get(table.name);
		if (slice === undefined) {
			throw new WhittleError('transform', `The graph does not say how \`${table.name}\` is saved`, {
				hint: 'It has no node save/Assign of that variable.',
			});
		}
		if (!this.#checkpoint) {
			throw new WhittleError('transform', 'Checkpoint reader was not initialized. ', {
				hint: `\`${table.name}\` is a variable: give input_checkpoint.`,
			});
		}
		return floatValue(table.name, this.#checkpoint.readPart(monolithicKey(table.name), slice));
	}
}

function floatValue(name: string, { dtype, shape, data }: TensorValue) {
	if (dtype === DT_FLOAT) return { shape, data: data as Float32Array };
	throw new WhittleError('transform', `\`${name}\` is not float in the checkpoint`);
}

/** @throws WhittleError `transform` with the C++ tool's message where the table does not suit. */
export function sparseTable(match: Match, source: TableSource): SparseTable {
	checkAxis(match);
	const table = match.node('table');
	const dtype = required(table, 'dtype').type;
	if (dtype !== DT_FLOAT) {
		throw new WhittleError(
			'transform',
			"Transform only applicable to subgraph with 'Const','Variable', or 'VariableV2' of dtype 'DT_FLOAT'. " +
				`Found '${table.op}' with name '${table.name}' and dtype '${dtype}'.`,
		);
	}
	const { shape, data } = source.read(table);
	if (shape.length !== 2 || shape[1] !== 1) {
		throw new WhittleError(
			'transform',
			`Transform only applicable to subgraph with '${table.op}' with tensor of shape [N, 1]. ` +
				`But instead get shape [${shape.join(',')}].`,
		);
	}
	const kept: number[] = [];
	for (let i = 0; i < data.length; i++) if (Math.abs(data[i]!) >= SMALLEST) kept.push(i);
	if (kept.length === 0)
		return { name: table.name, indices: BigInt64Array.of(0n), values: Float32Array.of(0) };
	return {
		name: table.name,
		indices: BigInt64Array.from(kept, BigInt),
		values: Float32Array.from(kept, (i) => data[i]!),
	};
}

/** GatherV2 alone has an axis. */
function checkAxis(match: Match): void {
	if (match.head.op !== 'GatherV2') return;
	const value = required(match.node('axis'), 'value').tensor;
	const dtype = value?.dtype;
	if (!value?.decodable || (dtype !== DT_INT32 && dtype !== DT_INT64))
		throw new WhittleError('transform', 'Gather axis was not int32 or int64.');
	const axis = Number(value.data[0] ?? 0);
	if (axis === 0) return;
	throw new WhittleError(
		'transform',
		`Transform only applicable to subgraph with GatherV2 over axis 0. Found axis ${axis}.`,
	);
}

/** The nodes that take the place of a gather and its table, without the ids. */
export function lookupNodes(gather: Node, { name, indices, values }: SparseTable): Node[] {
	const [long, float] = [Attr.type(DT_INT64), Attr.type(DT_FLOAT)];
	const found = `${gather.name}/LookupTableFind`;
	const dims = `${gather.name}/ExpandDims/Const`;
	const parts = [`${name}/HashTable`, `${name}/indices`, `${name}/values`] as const;
	const vector = [indices.length];
	return [
		constNode(parts[1], { dtype: DT_INT64, shape: vector, data: indices }),
		constNode(parts[2], { dtype: DT_FLOAT, shape: vector, data: values }),
		Node.of({ name: parts[0], op: 'HashTable', attrs: { key_dtype: long, value_dtype: float } }),
		Node.of({
			name: `${name}/InitializeTable`,
			op: 'InitializeTable',
			inputs: parts,
			attrs: { Tkey: long, Tval: float },
		}),
		Node.of({
			name: found,
			op: 'LookupTableFind',
			inputs: [parts[0], gather.inputs[1]!, `${gather.name}/Const`],
			attrs: { Tin: long, Tout: float },
		}),
		constNode(`${gather.name}/Const`, { dtype: DT_FLOAT, shape: [], data: Float32Array.of(0) }),
		Node.of({
			name: dims,
			op: 'Const',
			attrs: {
				dtype: Attr.type(DT_INT32),
				value: Attr.tensorTyped({ dtype: DT_INT32, shape: [], data: Int32Array.of(-1) }),
			},
		}),
		Node.of({ name: gather.name, op: 'ExpandDims', inputs: [found, dims], attrs: { T: float } }),
	];
}
