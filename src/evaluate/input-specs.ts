/** What the inputs of a graph want: dtype, shape, and for integers the tables that they point into. */
import { baseDtype, DT_INVALID } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { parseTensorId } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { outputDtypes } from '../ops/signature.ts';
import { constantBehind, likelyShape, neededShape, type PartialShape } from './reader-shapes.ts';

export interface InputSpec {
	/** `name:port`. */
	readonly tensor: string;
	readonly node: Node;
	readonly dtype: number;
	/** −1 for an unknown size, null for an unknown rank. */
	readonly shape: PartialShape;
	/** The same with sizes that suit the graph, for values that are made up. */
	readonly likely: PartialShape;
	/** Integers must be below this: rows of the smallest table that they index. */
	readonly below: number | undefined;
	/** Its strings are sound files. */
	readonly isSound: boolean;
}

/** @throws WhittleError `unknown` for a name that is no node. */
export function inputSpec(graph: Graph, name: string): InputSpec {
	const { name: node, port } = parseTensorId(name.replace(/^\^/, ''));
	const found = graph.node(node);
	if (!found) throw new WhittleError('unknown', `There is no input \`${node}\`.`);
	const at = Math.max(0, port);
	const dtype =
		found.attr('dtype')?.type ?? baseDtype(outputDtypes(found, graph.functions)?.[at] ?? DT_INVALID);
	const shape = neededShape(graph, node, declaredShape(found, at));
	return {
		tensor: `${node}:${at}`,
		node: found,
		dtype,
		shape,
		likely: likelyShape(graph, node, shape),
		below: tableSize(graph, found),
		isSound: graph.readersOf(node).some(({ op }) => op === 'DecodeWav'),
	};
}

/** Placeholders of old graphs write `[]` where nothing is known: they have `_output_shapes` then. */
function declaredShape(node: Node, port: number): readonly number[] | null {
	const listed = node.attr('_output_shapes')?.value.list?.shape[port];
	if (listed) return listed.unknown_rank ? null : listed.dim.map((dim) => Number(dim.size));
	return node.attr('shape')?.shape ?? null;
}

/** Ops that hand integers on as they are. */
const TRANSPARENT: ReadonlySet<string> = new Set([
	...['Identity', 'Cast', 'Reshape', 'ExpandDims', 'Squeeze', 'Split', 'Unpack', 'StridedSlice', 'Slice'],
	...[
		'Transpose',
		'PlaceholderWithDefault',
		'StopGradient',
		'EnsureShape',
		'Enter',
		'Switch',
		'Merge',
		'Pack',
	],
]);
const TABLES: ReadonlySet<string> = new Set(['Gather', 'GatherV2', 'ResourceGather', 'SparseSegmentMean']);

/** Rows of the smallest constant table, or depth of the one-hot code, that the node's values point into. */
function tableSize(graph: Graph, from: Node): number | undefined {
	const seen = new Set<string>([from.name]);
	const waiting = [from];
	let smallest: number | undefined;
	for (let node = waiting.pop(); node; node = waiting.pop()) {
		for (const reader of graph.readersOf(node.name)) {
			const size = sizeBehind(graph, reader, node.name);
			if (size !== undefined) smallest = Math.min(smallest ?? size, size);
			if (!TRANSPARENT.has(reader.op) || seen.has(reader.name)) continue;
			seen.add(reader.name);
			waiting.push(reader);
		}
	}
	return smallest;
}

function sizeBehind(graph: Graph, reader: Node, index: string): number | undefined {
	if (TABLES.has(reader.op) && reader.sources[1] === index) return rowsOf(graph, reader.sources[0]);
	if (reader.op !== 'OneHot' || reader.sources[0] !== index) return undefined;
	const depth = constantBehind(graph, reader.sources[1]);
	return depth?.decodable ? Number(depth.data[0]) : undefined;
}

function rowsOf(graph: Graph, name: string | undefined): number | undefined {
	return constantBehind(graph, name)?.shape[0];
}
