/** Branches that come together again: where they began, what lies between, and what it is called. */
import type { Block, BlockMap } from './block-map.ts';

/** Nodes that a branch is followed back over. */
const MOST_NODES = 160;

export interface Branches {
	/** Nodes of all branches, without the fork itself, in the order of computation. */
	readonly nodes: number[];
	/** How many layers each branch has. */
	readonly lengths: number[];
	/** How many convolutions each branch has, those inside of blocks counted one by one. */
	readonly convolutions: number[];
}

/**
 * The nodes between a join and the fork that its branches come from: the latest node through which all of them
 * go. Undefined when there is none near.
 */
export function branchesTo(map: BlockMap, inputs: readonly number[]): Branches | undefined {
	const inside = new Set<number>();
	// The latest node first: whatever is open when only one is left is where all branches come from.
	const open = new Set(inputs);
	while (open.size > 1 && inside.size < MOST_NODES) {
		let latest = -1;
		for (const at of open) if (latest < 0 || map.rank[at]! > map.rank[latest]!) latest = at;
		open.delete(latest);
		inside.add(latest);
		const above = map.inputs(latest);
		if (above.length === 0) return undefined;
		for (const source of above) if (!inside.has(source)) open.add(source);
	}
	if (open.size !== 1 || inside.size === 0) return undefined;
	const nodes = [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
	const [fork] = open;
	const layers = inputs.map((input) => layersUpTo(map, input, fork!, inside));
	return {
		nodes,
		lengths: layers.map((blocks) => blocks.size),
		convolutions: layers.map((blocks) => convolutionsOf([...blocks])),
	};
}

function convolutionsOf(blocks: readonly Block[]): number {
	let count = 0;
	const open = [...blocks];
	for (let block = open.pop(); block; block = open.pop()) {
		if (/convolution$/.test(block.kind)) count++;
		for (const part of block.parts) open.push(part);
	}
	return count;
}

function layersUpTo(map: BlockMap, from: number, fork: number, inside: ReadonlySet<number>): Set<Block> {
	const seen = new Set<Block>();
	let at = from;
	for (let i = 0; i < MOST_NODES && at !== fork && inside.has(at); i++) {
		const owner = map.owner(at);
		if (owner) seen.add(owner);
		const next = map.inputs(at)[0];
		if (next === undefined) break;
		at = next;
	}
	return seen;
}

/** The blocks that lie wholly among the nodes, each once, in order. */
export function partsOf(map: BlockMap, nodes: readonly number[]): Block[] {
	const inside = new Set(nodes);
	const found = new Set<Block>();
	for (const at of nodes) {
		const owner = map.owner(at);
		if (owner?.nodes.every((node) => inside.has(node))) found.add(owner);
	}
	return [...found];
}

/** `Conv2D 1×1 → 64, Conv2D 3×3 → 64`, shortened to the heads of the layers. */
export function describe(parts: readonly Block[]): string {
	const heads = parts.map((part) => {
		if (part.parts.length === 0) return part.description.split(' + ')[0]!;
		const heads = part.kind === 'attention' ? /^\d+ heads/.exec(part.description)?.[0] : undefined;
		return heads ? `${part.kind} of ${heads}` : part.kind;
	});
	return heads.length > 6 ? `${heads.slice(0, 5).join(', ')}, … ${heads.length} layers` : heads.join(', ');
}

/** What the names of all parts have in common. */
export function commonScope(map: BlockMap, parts: readonly Block[]): string {
	if (parts.length < 2) return parts[0]?.name ?? '';
	const prefix = commonPrefix(parts.map((part) => part.name));
	return prefix.length > 2 ? prefix : map.scopeOf(parts[0]!.nodes[0]!);
}

/** `block_1` of `block_1_expand` and `block_1_project`. */
function commonPrefix(names: readonly string[]): string {
	let prefix = names[0] ?? '';
	for (const name of names) while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
	return prefix.replace(/[_/\-.]+[^_/\-.]*$/, '');
}
