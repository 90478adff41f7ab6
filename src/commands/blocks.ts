import { DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { type FunctionPage, functionPages } from '../inspect/block-functions.ts';
import { type Block, findBlocks, findingBlocks } from '../inspect/blocks.ts';
import { costing, costOf } from '../inspect/flops.ts';
import { formatShape, shapesBesideCosts } from '../inspect/output-shapes.ts';
import { weightsOf } from '../inspect/weights.ts';
import { type Cell, type Column, text } from '../session/answer.ts';
import { flag } from './arguments.ts';
import { shortDescription, shortKind, shortName } from './block-words.ts';
import { defineCommand } from './define.ts';
import { repeats } from './repeats.ts';
import { runPausing } from './run-pausing.ts';

const columns: readonly Column[] = [
	{ name: 'kind', tone: 'strong', wants: 17, shorten: shortKind },
	{ name: 'name', tone: 'name', shrink: true, wants: 12, shorten: shortName },
	{ name: 'description', wants: 44, shorten: shortDescription },
	{ name: 'shape', wants: 14, spare: 1 },
	{ name: 'nodes', align: 'right', spare: 3 },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'flops', align: 'right', format: 'count', spare: 2 },
];

interface Row {
	readonly kind: string;
	readonly name: string;
	readonly description: string;
	readonly shape: readonly number[] | null;
	readonly nodes: number;
	readonly params: number;
	readonly flops: number;
	/** How deep it lies in other blocks. */
	readonly level: number;
	/** How many equal blocks in a row it stands for. */
	readonly times: number;
}

export default defineCommand({
	name: 'blocks',
	aliases: ['layers'],
	group: 'look',
	summary: 'the graph as a page of layers: convolutions with what follows them, residuals, cells, loops',
	details:
		'Layers are a convolution, product or pool with its bias, normalization and activation; blocks are made of ' +
		'them. Equal blocks in a row stand on one line, and a sequence of lines that comes again stands once; the weights that ' +
		'blocks on one line share count once. The layers of functions ' +
		'that the graph calls stand below their names. `--parts` shows what lies in each.',
	args: { parts: flag('the layers inside of blocks too') },
	examples: ['blocks', 'blocks --parts'],
	scripted: 'asked',

	async run(session, { parts }, context) {
		const { graph } = session;
		const { blocks, counts, rest } = await runPausing(findingBlocks(graph), 'blocks', context);
		if (blocks.length > 0) await runPausing(costing(graph), 'blocks', context);
		const rows = rowsOf(list(graph, blocks, parts), parts);
		const sums = new Map<string, number>(counts);
		for (const page of functionPages(graph)) {
			rows.push(functionRow(page), ...rowsOf(list(page.graph, page.blocks.blocks, parts, 1), parts));
			for (const [kind, n] of page.blocks.counts) sums.set(kind, (sums.get(kind) ?? 0) + n);
		}
		const cells = rows.map((row): Cell[] => [
			`${'  '.repeat(row.level)}${row.times > 1 ? `${row.times} × ` : ''}${row.kind}`,
			row.name,
			row.description,
			row.kind === 'function' ? null : formatShape(row.shape),
			row.nodes,
			row.params || null,
			row.flops || null,
		]);
		const data = {
			counts: Object.fromEntries(sums),
			columns: columns.map((column) => column.name),
			rows,
			rest,
		};
		if (rows.length === 0)
			return { kind: 'table', data, blocks: [text('No layers found.')], next: ['tree', 'ops'] };
		const told = [...sums].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${n} ${kind}`);
		return {
			kind: 'table',
			data,
			blocks: [
				text(told.join(', ')),
				{ type: 'table', columns, rows: cells },
				text(`${rest} nodes of ${graph.nodes.length} are in none of them and no weights`),
			],
			next: [...(parts ? [] : ['blocks --parts']), blocks[0] ? `tree ${rows[0]!.name}` : 'ops'],
		};
	},
});

/** Blocks that stand on one line. */
interface Entry {
	readonly graph: Graph;
	readonly level: number;
	/** One, or equal ones in a row. */
	readonly blocks: Block[];
}

/** Depth first, with an explicit stack. What lies in a loop stands below it. */
function list(graph: Graph, blocks: readonly Block[], parts: boolean, level = 0): Entry[] {
	const { loopOf } = findBlocks(graph);
	const entries: Entry[] = [];
	const open = [...blocks]
		.reverse()
		.map((block): Entry => ({ graph, level: level + (loopOf.has(block) ? 1 : 0), blocks: [block] }));
	for (let next = open.pop(); next; next = open.pop()) {
		entries.push(next);
		if (!parts) continue;
		for (const part of [...next.blocks[0]!.parts].reverse())
			open.push({ graph, level: next.level + 1, blocks: [part] });
	}
	return entries;
}

/** Equal blocks in a row on one line, and a sequence of lines that comes again once, below how often it comes. */
function rowsOf(entries: readonly Entry[], parts: boolean): Row[] {
	const collapsed = collapse(entries);
	if (parts) return collapsed.map(rowOf);
	const looks = collapsed.map((entry) => `${entry.level} ${entry.blocks.length} ${looksOf(entry)}`);
	return repeats(looks).flatMap(({ start, length, times }): Row[] => {
		const rows = collapsed.slice(start, start + length * times).map(rowOf);
		return times > 1 ? repeatedRows(rows, length, times) : rows;
	});
}

function repeatedRows(rows: readonly Row[], length: number, times: number): Row[] {
	const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
	const repeated: Row = {
		...rows.at(-1)!,
		kind: 'repeated',
		name: rows[0]!.name,
		description: `the ${length} below, ${times} times`,
		nodes: sum((row) => row.nodes),
		params: sum((row) => row.params),
		flops: sum((row) => row.flops),
		level: rows[0]!.level,
		times,
	};
	const once = rows.slice(0, length).map((row) => ({ ...row, level: row.level + 1 }));
	return [repeated, ...once];
}

function rowOf({ graph, level, blocks }: Entry): Row {
	const cost = costOf(graph);
	const [first] = blocks;
	const weights = new Set<number>();
	let flops = 0;
	let nodes = 0;
	for (const block of blocks) {
		for (const at of block.nodes) flops += cost.flops[at]! || 0;
		for (const at of weightsOfBlock(graph, block)) weights.add(at);
		nodes += block.nodes.length;
	}
	return {
		kind: first!.kind,
		name: first!.name,
		description: first!.description,
		shape: shapeOf(graph, blocks.at(-1)!),
		nodes,
		params: paramsOf(graph, weights),
		flops,
		level,
		times: blocks.length,
	};
}

function shapeOf(graph: Graph, block: Block): readonly number[] | null {
	return shapesBesideCosts(graph)[block.output]![0] ?? null;
}

/** What the rows below it are the body of. */
function functionRow({ name, graph }: FunctionPage): Row {
	const nodes = graph.nodes.length;
	const empty = { shape: null, params: 0, flops: 0, level: 0, times: 1 };
	return { kind: 'function', name, description: 'its body:', nodes, ...empty };
}

/** What the block's nodes depend on and no input decides: its weights, and what is worked out of them. */
function weightsOfBlock(graph: Graph, block: Block): ReadonlySet<number> {
	const { weight } = findBlocks(graph);
	const { inputStart, inputSource } = graph.topology;
	const queue = [...block.nodes];
	const seen = new Set<number>(queue);
	for (let head = 0; head < queue.length; head++) {
		const at = queue[head]!;
		for (let e = inputStart[at]!; e < inputStart[at + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || seen.has(source) || weight[source] === 0) continue;
			seen.add(source);
			queue.push(source);
		}
	}
	return seen;
}

/** Shapes, axes and sizes: constants that nothing was learned into. */
const COUNTING: ReadonlySet<number> = new Set([DT_INT32, DT_INT64]);

/** A weight that several blocks of one row read, as the steps of an unrolled cell do, counts once. */
function paramsOf(graph: Graph, weights: Iterable<number>): number {
	const { params, variableParams } = weightsOf(graph);
	let total = 0;
	for (const at of weights)
		if (params[at]! > 0 && !COUNTING.has(graph.nodes[at]!.tensor?.dtype ?? 0)) total += params[at]!;
		else total += variableParams[at]!;
	return total;
}

/** Equal blocks one after the other come to one line. */
function collapse(entries: readonly Entry[]): Entry[] {
	const found: Entry[] = [];
	for (const entry of entries) {
		const last = found.at(-1);
		if (last && last.level === entry.level && looksOf(last) === looksOf(entry))
			last.blocks.push(...entry.blocks);
		else found.push(entry);
	}
	return found;
}

/** Dense connections grow by a few channels each time: they are still the same block. */
function looksOf({ graph, blocks }: Entry): string {
	const block = blocks.at(-1)!;
	const shape = shapeOf(graph, block);
	const sizes = block.kind === 'dense connection' ? shape?.slice(0, -1) : shape;
	return [block.kind, block.description, sizes].join('\n');
}
