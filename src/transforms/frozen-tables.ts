/**
 * Lookups in a table of constants, spelled out with ordinary ops.
 *
 *   before   t = HashTableV2()                       after   t/keys = Const() {K},  t/values = Const() {V}
 *            y = LookupTableFindV2(t, x, d)                  y/equal = Equal(ExpandDims(x, -1), t/keys)
 *                                                            y/value = GatherV2(t/values, ArgMax(y/equal, -1), 0)
 *                                                            y = SelectV2(Any(y/equal, -1), y/value, d)
 */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL, DT_INT32, DT_INT64, DT_STRING } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelContext } from '../graph/model-context.ts';
import { isControl } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { Reporter } from './define.ts';
import { neededNodes } from './needed-nodes.ts';
import {
	assetOf,
	TABLES,
	type TableContents,
	type TableFilling,
	tableContents,
	tableFilling,
	tableKey,
} from './table-contents.ts';

/** Every key is compared with every entry: beyond this a table stays one. */
const MOST_ENTRIES = 1 << 16;

export interface FrozenTables {
	readonly graph: Graph;
	/** Nodes that fill the tables which stay: they must be run once, so they are needed like an output. */
	readonly fills: readonly string[];
}

/**
 * Replaces what reads tables of known contents. A table that cannot be spelled out exactly stays, with what fills it.
 * @param original the graph as it was opened, which holds what fills the tables.
 */
export function freezeTables(
	graph: Graph,
	original: Graph,
	context: ModelContext | undefined,
	report: Reporter,
): FrozenTables {
	const tables = graph.nodes.filter((node) => TABLES.has(node.op));
	if (tables.length === 0) return { graph, fills: [] };
	const filling = tableFilling(original);
	const replaced = new Map<string, readonly Node[]>();
	const fills: string[] = [];
	let frozen = 0;
	for (const table of tables) {
		const problem = freezeTable(table, graph, filling, context, replaced);
		if (problem === undefined) {
			frozen++;
			continue;
		}
		const fill = filling.fills.get(tableKey(table));
		if (fill) fills.push(fill.name);
		report.skip(table.name, `the table stays one: ${problem}`);
		if (fill)
			report.warn(`run \`${fill.name}\` once before the first lookup: the table \`${table.name}\` stays one`);
	}
	if (frozen > 0) report.note(`${frozen} table${frozen === 1 ? '' : 's'} became constants`);
	const nodes = graph.nodes.flatMap((node) => replaced.get(node.name) ?? [node]);
	const kept = keptFills(fills, filling, context);
	return { graph: graph.with([...nodes, ...kept.filter((node) => !graph.has(node.name))]), fills };
}

/** What fills the tables that stay. The path of an asset, which a SavedModel is told on loading, is its name alone. */
function keptFills(
	fills: readonly string[],
	filling: TableFilling,
	context: ModelContext | undefined,
): readonly Node[] {
	if (fills.length === 0) return [];
	const nodes = filling.graph.nodes.flatMap((node) => {
		const asset = fills.includes(node.name) ? assetOf(node, filling, context) : undefined;
		if (asset === undefined) return [node];
		const value = { dtype: DT_STRING, shape: [], data: [Buffer.from(asset)] };
		const file = constant(`${node.name}/file`, value);
		return [file, node.with({ inputs: [node.inputs[0]!, file.name, ...node.inputs.filter(isControl)] })];
	});
	return neededNodes(filling.graph.with(nodes), new Set(fills)).nodes;
}

/** @returns why it cannot be done, where it cannot; else what it replaces stands in `replaced`. */
function freezeTable(
	table: Node,
	graph: Graph,
	filling: TableFilling,
	context: ModelContext | undefined,
	replaced: Map<string, readonly Node[]>,
): string | undefined {
	const readers = tableReaders(table, graph);
	const odd = readers.find(({ op }) => !/^LookupTable(Find|Size)(V2)?$/.test(op));
	if (odd) return `\`${odd.name}\` (${odd.op}) uses it in another way`;
	const contents = tableContents(table, filling, context);
	if (typeof contents === 'string') return contents;
	const { keys, values } = contents;
	if (keys.data.length > MOST_ENTRIES)
		return `it has ${keys.data.length} entries; comparing with more than ${MOST_ENTRIES} would be slow`;
	replaced.set(table.name, [constant(`${table.name}/keys`, keys), constant(`${table.name}/values`, values)]);
	for (const reader of readers) replaced.set(reader.name, readerNodes(reader, table, contents));
	return undefined;
}

/** What reads a table, through Identities. */
function tableReaders(table: Node, graph: Graph): Node[] {
	const found = new Set<Node>();
	const pending = [table.name];
	const seen = new Set<string>();
	for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
		if (seen.has(name)) continue;
		seen.add(name);
		for (const reader of graph.readersOf(name)) {
			if (!reader.inputs.some((input) => !isControl(input) && input.split(':')[0] === name)) continue;
			if (reader.op === 'Identity') pending.push(reader.name);
			else found.add(reader);
		}
	}
	return [...found];
}

function readerNodes(reader: Node, table: Node, { keys, values }: TableContents): Node[] {
	const controls = reader.inputs.filter(isControl);
	const name = (suffix: string): string => `${reader.name}/${suffix}`;
	const { device } = reader;
	const make = (suffix: string, op: string, inputs: readonly string[], attrs: Record<string, Attr>): Node =>
		Node.of({ name: suffix ? name(suffix) : reader.name, op, inputs, device, attrs });
	if (reader.op.startsWith('LookupTableSize')) {
		const size = { dtype: DT_INT64, shape: [], data: BigInt64Array.of(BigInt(keys.data.length)) };
		return [make('', 'Const', controls, constantAttrs(size))];
	}
	const [asked, fallback] = [reader.inputs[1]!, reader.inputs[2]!];
	const [K, V, I32, I64] = [keys.dtype, values.dtype, DT_INT32, DT_INT64].map((dtype) =>
		Attr.type(dtype),
	) as [Attr, Attr, Attr, Attr];
	if (keys.data.length === 0) {
		return [
			make('shape', 'Shape', [asked], { T: K, out_type: I32 }),
			make('', 'Fill', [name('shape'), fallback, ...controls], { T: V, index_type: I32 }),
		];
	}
	return [
		constant(name('last'), { dtype: DT_INT32, shape: [], data: Int32Array.of(-1) }),
		constant(name('first'), { dtype: DT_INT32, shape: [], data: Int32Array.of(0) }),
		make('column', 'ExpandDims', [asked, name('last')], { T: K, Tdim: I32 }),
		make('equal', 'Equal', [name('column'), `${table.name}/keys`], { T: K }),
		make('found', 'Any', [name('equal'), name('last')], { Tidx: I32, keep_dims: Attr.bool(false) }),
		make('hit', 'Cast', [name('equal')], { SrcT: Attr.type(DT_BOOL), DstT: I32 }),
		make('index', 'ArgMax', [name('hit'), name('last')], { T: I32, Tidx: I32, output_type: I64 }),
		make('value', 'GatherV2', [`${table.name}/values`, name('index'), name('first')], {
			Tparams: V,
			Tindices: I64,
			Taxis: I32,
		}),
		make('', 'SelectV2', [name('found'), name('value'), fallback, ...controls], { T: V }),
	];
}

function constant(name: string, value: TensorValue): Node {
	return Node.of({ name, op: 'Const', attrs: constantAttrs(value) });
}

function constantAttrs(value: TensorValue): Record<string, Attr> {
	return { dtype: Attr.type(value.dtype), value: Attr.tensor(value) };
}
