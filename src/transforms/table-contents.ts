/** What a hash table holds, where the model fills it from constants or from a text file among its assets. */
import { DT_INT64, DT_STRING } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import type { ModelContext } from '../graph/model-context.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { decodeText } from '../graph/text.ts';
import { calledFunction, inlineGraph } from './inline-functions.ts';
import { neededNodes } from './needed-nodes.ts';

export const TABLES: ReadonlySet<string> = new Set(['HashTable', 'HashTableV2']);

const FILLS =
	/^(InitializeTable|InitializeTableV2|LookupTableImport|LookupTableImportV2|InitializeTableFromTextFile(V2)?)$/;

/** Keys and values of the same length, each key once. */
export interface TableContents {
	readonly keys: TensorValue;
	readonly values: TensorValue;
}

/** The part of a graph that fills its tables, calls inlined. */
export interface TableFilling {
	readonly graph: Graph;
	/** Name of a table → the node that fills it. */
	readonly fills: ReadonlyMap<string, Node>;
}

/** Two HashTable nodes of one `shared_name` are one table. */
export function tableKey(table: Node): string {
	return table.attr('shared_name')?.string || table.name;
}

/** Finds the nodes that fill tables, in the graph or in functions that it calls to start. */
export function tableFilling(graph: Graph): TableFilling {
	const { functions } = graph;
	const known = new Map<string, boolean>();
	const starts = graph.nodes.filter((node) => {
		if (FILLS.test(node.op)) return true;
		const called = calledFunction(node, functions);
		return called !== undefined && fillsTables(called.name, functions, known);
	});
	const part = neededNodes(graph, new Set(starts.map((node) => node.name)));
	const inlined = inlineGraph(part, new Set()).graph;
	const fills = new Map<string, Node>();
	for (const node of inlined.nodes) {
		if (!FILLS.test(node.op)) continue;
		const table = origin(inlined, node.inputs[0]);
		if (table && TABLES.has(table.op)) fills.set(tableKey(table), node);
	}
	return { graph: inlined, fills };
}

/** Whether a function, or one that it calls, fills a table. */
function fillsTables(name: string, functions: FunctionLibrary, known: Map<string, boolean>): boolean {
	const seen = new Set<string>();
	const pending = [name];
	let found = known.get(name) ?? false;
	for (let at = pending.pop(); at !== undefined && !found; at = pending.pop()) {
		if (seen.has(at)) continue;
		seen.add(at);
		for (const node of functions.get(at)?.nodes ?? []) {
			found ||= FILLS.test(node.op);
			const called = calledFunction(node, functions);
			if (called) pending.push(called.name);
		}
	}
	known.set(name, found);
	return found;
}

/** The asset that a table is filled from, as the file is called inside `assets/`; undefined for other ways. */
export function assetOf(
	fill: Node,
	{ graph }: TableFilling,
	context: ModelContext | undefined,
): string | undefined {
	return fill.op.includes('TextFile')
		? context?.assetFiles?.get(origin(graph, fill.inputs[1])?.name ?? '')
		: undefined;
}

/** The node behind Identities, and behind a variable that the graph itself assigns once. */
function origin(graph: Graph, input: string | undefined): Node | undefined {
	let at = input;
	for (let steps = 0; at !== undefined && steps < 64; steps++) {
		const node: Node | undefined = graph.node(at.split(':')[0]!);
		if (!node) return undefined;
		if (node.op === 'Identity' || node.op === 'ReadVariableOp') at = node.inputs[0];
		else if (node.op === 'VarHandleOp') {
			const assigned: Node[] = graph
				.readersOf(node.name)
				.filter((reader) => reader.op === 'AssignVariableOp' && reader.sources[0] === node.name);
			if (assigned.length !== 1) return undefined;
			at = assigned[0]!.inputs[1];
		} else return node;
	}
	return undefined;
}

/**
 * The contents of one table.
 * @returns a clause that says why they cannot be had exactly, where they cannot.
 */
export function tableContents(
	table: Node,
	{ graph, fills }: TableFilling,
	context: ModelContext | undefined,
): TableContents | string {
	const fill = fills.get(tableKey(table));
	if (!fill) return 'nothing in the model fills it';
	const found = fill.op.includes('TextFile')
		? fromTextFile(table, fill, graph, context)
		: fromConstants(fill, graph);
	return typeof found === 'string' ? found : (duplicateKey(found) ?? found);
}

function fromConstants(fill: Node, graph: Graph): TableContents | string {
	const keys = origin(graph, fill.inputs[1])?.tensor;
	const values = origin(graph, fill.inputs[2])?.tensor;
	if (!keys?.decodable || !values?.decodable) return 'its keys or values are no constants';
	if (keys.elements !== values.elements) return 'it has not as many values as keys';
	return { keys: asVector(keys), values: asVector(values) };
}

function asVector({ dtype, elements, data }: { dtype: number; elements: number; data: TensorValue['data'] }) {
	return { dtype, shape: [elements], data };
}

/** What `key_index` and `value_index` say: the whole line, its number, or a column of it. */
const WHOLE_LINE = -2;
const LINE_NUMBER = -1;

function fromTextFile(
	table: Node,
	fill: Node,
	graph: Graph,
	context: ModelContext | undefined,
): TableContents | string {
	const name = origin(graph, fill.inputs[1])?.name ?? '';
	const file = context?.assetFiles?.get(name);
	if (file === undefined || !context?.asset) return 'its text file is none of the assets of the model';
	let bytes: Uint8Array;
	try {
		bytes = context.asset(file);
	} catch (error) {
		if (error instanceof WhittleError) return `its text file cannot be had: ${error.message}`;
		throw error;
	}
	const most = fill.attr('vocab_size')?.int ?? -1;
	const lines = linesOf(bytes).slice(fill.attr('offset')?.int ?? 0);
	if (most > lines.length) return `its text file has ${lines.length} lines where ${most} are wanted`;
	const used = most < 0 ? lines : lines.slice(0, most);
	const delimiter = fill.attr('delimiter')?.string ?? '\t';
	const keys = column(used, fill.attr('key_index')?.int, table.attr('key_dtype')?.type, delimiter);
	const values = column(used, fill.attr('value_index')?.int, table.attr('value_dtype')?.type, delimiter);
	if (!keys || !values) return 'its text file is read in a way that is not implemented';
	return { keys, values };
}

/** Lines as TensorFlow reads them: ended by a newline, carriage returns left out. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	for (let start = 0; start < bytes.length; ) {
		const newline = bytes.indexOf(10, start);
		const end = newline < 0 ? bytes.length : newline;
		const line = bytes.subarray(start, end);
		lines.push(line.includes(13) ? line.filter((byte) => byte !== 13) : line);
		start = end + 1;
	}
	return lines;
}

/** Whole lines, their numbers, or a column of them; undefined for numbers with a fraction and the like. */
function column(
	lines: readonly Uint8Array[],
	index: number | undefined,
	dtype: number | undefined,
	delimiter: string,
): TensorValue | undefined {
	const shape = [lines.length];
	if (index === LINE_NUMBER && dtype === DT_INT64)
		return { dtype, shape, data: BigInt64Array.from(lines.keys(), BigInt) };
	if (index === WHOLE_LINE && dtype === DT_STRING) return { dtype, shape, data: lines };
	if (index === undefined || index < 0) return undefined;
	const texts = lines.map((line) => decodeText(line).split(delimiter)[index]);
	if (!texts.every((text) => text !== undefined)) return undefined;
	if (dtype === DT_STRING) return { dtype, shape, data: texts.map((text) => Buffer.from(text)) };
	const whole = dtype === DT_INT64 && texts.every((text) => /^-?\d{1,18}$/.test(text));
	return whole ? { dtype, shape, data: BigInt64Array.from(texts, BigInt) } : undefined;
}

/** TensorFlow refuses to fill such a table, and the first of two values would be a guess. */
function duplicateKey({ keys }: TableContents): string | undefined {
	const seen = new Set<string>();
	for (let i = 0; i < keys.data.length; i++) {
		const key = keys.data[i]!;
		const text = key instanceof Uint8Array ? Buffer.from(key).toString('latin1') : String(key);
		if (seen.has(text)) return 'a key comes twice';
		seen.add(text);
	}
	return undefined;
}
