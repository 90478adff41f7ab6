/**
 * The graph as a person reads it: layers, and the blocks that they make up. From the surest pattern to the widest;
 * a node belongs to one block, and a larger block takes in those that lie wholly inside it.
 */
import type { Graph } from '../graph/graph.ts';
import { finish, type Work } from '../graph/progress.ts';
import { findCells } from './block-cells.ts';
import { findJoins } from './block-joins.ts';
import { findLayers } from './block-layers.ts';
import { findLoops } from './block-loops.ts';
import { type Block, type BlockKind, BlockMap } from './block-map.ts';
import { findNorms } from './block-norms.ts';
import { findAttention, findDropout, findPreprocessing } from './block-patterns.ts';
import { findSeparable, findSqueezes } from './block-sequences.ts';

export type { Block, BlockKind } from './block-map.ts';

export interface Blocks {
	/** Outermost blocks in the order of computation. */
	readonly blocks: readonly Block[];
	/** Every block of every depth, by kind. */
	readonly counts: ReadonlyMap<BlockKind, number>;
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
	const finders: readonly (() => readonly Block[])[] = [
		() => findCells(map),
		() => findAttention(map),
		() => findDropout(map),
		() => findNorms(map),
		() => {
			layers = findLayers(map);
			return layers;
		},
		() => findSqueezes(map),
		() => findSeparable(map, layers),
		() => findJoins(map),
		() => findPreprocessing(map),
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
	const blocks = [...outer, ...crossing];
	const first = (block: Block): number => map.rank[block.nodes[0]!]!;
	blocks.sort((a, b) => first(a) - first(b));
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
	return { blocks, counts, rest, weight: map.weight };
}
