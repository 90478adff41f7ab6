/**
 * The graph as a person reads it: layers, and the blocks that they make up. From the surest pattern to the widest;
 * a node belongs to one block, and a larger block takes in those that lie wholly inside it.
 */
import type { Graph } from '../graph/graph.ts';
import { finish, type Work } from '../graph/progress.ts';
import { findAttention, findHeads } from './block-attention.ts';
import { findCells } from './block-cells.ts';
import { findJoins } from './block-joins.ts';
import { findLayers } from './block-layers.ts';
import { findLoops } from './block-loops.ts';
import { type Block, type BlockKind, BlockMap } from './block-map.ts';
import { findNorms } from './block-norms.ts';
import { findDropout, findPreprocessing } from './block-patterns.ts';
import { findPlain } from './block-plain.ts';
import { findSeparable, findSqueezes } from './block-sequences.ts';

export type { Block, BlockKind } from './block-map.ts';

export interface Blocks {
	/** Outermost blocks in the order of computation. */
	readonly blocks: readonly Block[];
	/** Every block of every depth, by kind. */
	readonly counts: ReadonlyMap<BlockKind, number>;
	/** The loop that a block lies in, for those that lie in one. */
	readonly loopOf: ReadonlyMap<Block, Block>;
	/** Nodes that are neither weights nor in any block. */
	readonly rest: number;
	/** By position, 1 for what depends on constants and variables only. */
	readonly weight: Uint8Array;
}

const known = new WeakMap<Graph, Blocks>();

export function findBlocks(graph: Graph): Blocks {
	return known.get(graph) ?? finish(findingBlocks(graph));
}

/** {@link findBlocks} in turns, one after each kind of block. */
export function* findingBlocks(graph: Graph): Work<Blocks> {
	let blocks = known.get(graph);
	if (!blocks) {
		blocks = yield* computeBlocks(graph);
		known.set(graph, blocks);
	}
	return blocks;
}

function* computeBlocks(graph: Graph): Work<Blocks> {
	const map = new BlockMap(graph);
	const found: Block[] = [];
	let layers: readonly Block[] = [];
	let attentions: readonly Block[] = [];
	const finders: readonly (() => readonly Block[])[] = [
		() => findCells(map),
		() => {
			attentions = findAttention(map);
			return attentions;
		},
		() => findDropout(map),
		() => findNorms(map),
		() => {
			layers = findLayers(map);
			return layers;
		},
		() => findHeads(map, attentions),
		() => findSqueezes(map),
		() => findSeparable(map, layers),
		() => findJoins(map),
		() => findPreprocessing(map),
		() => findPlain(map),
	];
	for (const [done, find] of finders.entries()) {
		yield { done, total: finders.length };
		for (const block of find()) found.push(block);
	}
	// Loops lie across others: they hold layers.
	const crossing = findLoops(map);
	const inner = new Set(found.flatMap((block) => block.parts));
	// An inverted residual with its short cut takes the place of the one without.
	const outer = found.filter((block) => !inner.has(block) && map.owner(block.nodes[0]!) === block);
	const loopOf = insideLoops(outer, crossing);
	const blocks = inOrder(map, [...outer, ...crossing], loopOf);
	const counts = new Map<BlockKind, number>();
	const open = [...blocks];
	for (let block = open.pop(); block; block = open.pop()) {
		counts.set(block.kind, (counts.get(block.kind) ?? 0) + 1);
		if (block.kind !== 'training batch norm' && /BN \(training/.test(block.description))
			counts.set('training batch norm', (counts.get('training batch norm') ?? 0) + 1);
		for (const part of block.parts) open.push(part);
	}
	let rest = 0;
	for (let i = 0; i < graph.nodes.length; i++) if (map.weight[i] === 0 && !map.owner(i)) rest++;
	return { blocks, counts, loopOf, rest, weight: map.weight };
}

/** The loop that each block lies in: of nested ones the smallest. */
function insideLoops(blocks: readonly Block[], loops: readonly Block[]): Map<Block, Block> {
	const found = new Map<Block, Block>();
	const innermost = new Map<number, Block>();
	for (const loop of [...loops].sort((a, b) => b.nodes.length - a.nodes.length))
		for (const at of loop.nodes) innermost.set(at, loop);
	if (innermost.size === 0) return found;
	for (const block of blocks) {
		const loop = innermost.get(block.nodes[0]!);
		if (loop) found.set(block, loop);
	}
	return found;
}

/** By the order of computation; a loop stands before the first block in it, and all that are in it follow. */
function inOrder(map: BlockMap, blocks: readonly Block[], loopOf: ReadonlyMap<Block, Block>): Block[] {
	const first = (block: Block): number => map.rank[block.nodes[0]!]!;
	const start = new Map<Block, number>();
	for (const [block, loop] of loopOf)
		start.set(loop, Math.min(start.get(loop) ?? Number.POSITIVE_INFINITY, first(block)));
	const place = (block: Block): number => {
		const loop = loopOf.get(block) ?? block;
		return start.get(loop) ?? first(loop);
	};
	const isInside = (block: Block): number => (loopOf.has(block) ? 1 : 0);
	return [...blocks].sort((a, b) => place(a) - place(b) || isInside(a) - isInside(b) || first(a) - first(b));
}
