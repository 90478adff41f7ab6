import type { Graph } from '../graph/graph.ts';
import { type Block, findBlocks } from '../inspect/blocks.ts';
import { costOf } from '../inspect/flops.ts';
import { formatShape, shapesBesideCosts } from '../inspect/output-shapes.ts';
import { weightsOf } from '../inspect/weights.ts';
import { type Cell, type Column, text } from '../session/answer.ts';
import { flag } from './arguments.ts';
import { defineCommand } from './define.ts';

const columns: readonly Column[] = [
	{ name: 'kind', tone: 'strong' },
	{ name: 'name', tone: 'name', shrink: true },
	{ name: 'description' },
	{ name: 'shape' },
	{ name: 'nodes', align: 'right' },
	{ name: 'params', align: 'right', format: 'count' },
	{ name: 'flops', align: 'right', format: 'count' },
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
		'them. Equal blocks in a row stand on one line. `--parts` shows what lies in each.',
	args: { parts: flag('the layers inside of blocks too') },
	examples: ['blocks', 'blocks --parts'],
	scripted: 'asked',

	run(session, { parts }) {
		const { graph } = session;
		const { blocks, counts, rest } = findBlocks(graph);
		const rows = collapse(list(graph, blocks, parts));
		const cells = rows.map((row): Cell[] => [
			`${'  '.repeat(row.level)}${row.times > 1 ? `${row.times} × ` : ''}${row.kind}`,
			row.name,
			row.description,
			formatShape(row.shape),
			row.nodes,
			row.params || null,
			row.flops || null,
		]);
		const sums = [...counts].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${n} ${kind}`);
		const data = {
			counts: Object.fromEntries(counts),
			columns: columns.map((column) => column.name),
			rows,
			rest,
		};
		if (rows.length === 0)
			return { kind: 'table', data, blocks: [text('No layers found.')], next: ['tree', 'ops'] };
		return {
			kind: 'table',
			data,
			blocks: [
				text(sums.join(', ')),
				{ type: 'table', columns, rows: cells },
				text(`${rest} nodes of ${graph.nodes.length} are in none of them and no weights`),
			],
			next: [...(parts ? [] : ['blocks --parts']), `tree ${rows[0]!.name}`],
		};
	},
});

/** Depth first, with an explicit stack. */
function list(graph: Graph, blocks: readonly Block[], parts: boolean): Row[] {
	const rows: Row[] = [];
	const open = [...blocks].reverse().map((block) => ({ block, level: 0 }));
	for (let next = open.pop(); next; next = open.pop()) {
		const { block, level } = next;
		rows.push(rowOf(graph, block, level));
		if (!parts) continue;
		for (const part of [...block.parts].reverse()) open.push({ block: part, level: level + 1 });
	}
	return rows;
}

function rowOf(graph: Graph, block: Block, level: number): Row {
	const cost = costOf(graph);
	let flops = 0;
	for (const at of block.nodes) flops += cost.flops[at]! || 0;
	return {
		kind: block.kind,
		name: block.name,
		description: block.description,
		shape: shapesBesideCosts(graph)[block.output]![0] ?? null,
		nodes: block.nodes.length,
		params: paramsOf(graph, block),
		flops,
		level,
		times: 1,
	};
}

/** Elements of the constants and variables that the block reads, straight or through nodes that only pass them on. */
function paramsOf(graph: Graph, block: Block): number {
	const { params, variableParams } = weightsOf(graph);
	const { inputStart, inputSource } = graph.topology;
	const inside = new Set(block.nodes);
	const queue = [...block.nodes];
	const seen = new Set<number>(queue);
	let total = 0;
	for (let head = 0; head < queue.length; head++) {
		const at = queue[head]!;
		const own = params[at]! + variableParams[at]!;
		if (!inside.has(at)) total += own;
		if (
			!inside.has(at) &&
			!/^(?:Identity|ReadVariableOp|Const|Enter|FakeQuant.*|Dequantize|Reshape|Mul|Rsqrt|Add|AddV2|Sub)$/.test(
				graph.nodes[at]!.op,
			)
		)
			continue;
		for (let e = inputStart[at]!; e < inputStart[at + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || seen.has(source) || !carriesWeight(graph, source)) continue;
			seen.add(source);
			queue.push(source);
		}
	}
	return total;
}

function carriesWeight(graph: Graph, position: number): boolean {
	const { op } = graph.nodes[position]!;
	return /^(?:Const|VariableV2|Variable|VarHandleOp|ReadVariableOp|Identity|Enter|Dequantize|FakeQuant.*)$/.test(
		op,
	);
}

/** Equal rows one after the other become one. */
function collapse(rows: readonly Row[]): Row[] {
	const found: Row[] = [];
	for (const row of rows) {
		const last = found.at(-1);
		const same =
			last &&
			last.kind === row.kind &&
			last.description === row.description &&
			last.level === row.level &&
			shapeKey(last) === shapeKey(row);
		if (!same) found.push(row);
		else
			found[found.length - 1] = {
				...last,
				shape: row.shape,
				times: last.times + 1,
				nodes: last.nodes + row.nodes,
				params: last.params + row.params,
				flops: last.flops + row.flops,
			};
	}
	return found;
}

/** Dense connections grow by a few channels each time: they are still the same block. */
function shapeKey({ kind, shape }: Row): string {
	return String(kind === 'dense connection' ? shape?.slice(0, -1) : shape);
}
