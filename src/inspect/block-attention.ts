/** Attention: its products around a softmax, and the layers that queries, keys and values come from. */
import type { Block, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';

/** Query × key → softmax → × value. */
export function findAttention(map: BlockMap): Block[] {
	const found: Block[] = [];
	for (const softmax of map.order) {
		if (map.op(softmax) !== 'Softmax' || map.owner(softmax)) continue;
		const above = chain(map, softmax, (at) => map.inputs(at), 6);
		const scores = above.find((at) => isProduct(map, at) && map.inputs(at).length === 2);
		const below = chain(map, softmax, (at) => map.readers(at), 5);
		const context = below.find((at) => isProduct(map, at) && map.inputs(at).length === 2);
		if (scores === undefined || context === undefined) continue;
		const nodes = [
			...above.slice(0, above.indexOf(scores) + 1),
			softmax,
			...below.slice(0, below.indexOf(context) + 1),
		].sort((a, b) => map.rank[a]! - map.rank[b]!);
		const name = map.scopeOf(softmax);
		found.push(
			map.claim({
				kind: 'attention',
				name,
				description: 'QKᵀ → softmax → V',
				nodes,
				output: context,
				parts: [],
			}),
		);
	}
	return found;
}

function isProduct(map: BlockMap, at: number): boolean {
	return /^(?:BatchMatMul(?:V2|V3)?|MatMul|Einsum)$/.test(map.op(at));
}

/** Follows elementwise nodes one by one, and ends with the first other one. */
function chain(map: BlockMap, start: number, next: (at: number) => number[], most: number): number[] {
	const found: number[] = [];
	let at = start;
	for (let i = 0; i < most; i++) {
		const candidates = next(at);
		const product = candidates.find((other) => isProduct(map, other));
		const step = product ?? candidates[0];
		if (step === undefined || map.owner(step)) break;
		found.push(step);
		if (!/^(?:Mul|RealDiv|Add|AddV2|Sub|Identity|Reshape|Select|SelectV2|Cast)$/.test(map.op(step))) break;
		at = step;
	}
	return found;
}

/** Ops that lay heads beside each other, or scale them. */
const between =
	/^(?:Reshape|Transpose|Mul|RealDiv|Identity|Cast|Split|SplitV|Unpack|StridedSlice|GatherV2|Add|AddV2|Squeeze|ExpandDims)$/;

/**
 * Takes in the dense layers that queries, keys and values come from, and the one that the answer goes into: what a
 * paper calls multi-head attention. One layer that is split into all three will do.
 */
export function findHeads(map: BlockMap, attentions: readonly Block[]): Block[] {
	const found: Block[] = [];
	for (const attention of attentions) {
		const inside = new Set(attention.nodes);
		const sources = attention.nodes.flatMap((at) => map.inputs(at).filter((input) => !inside.has(input)));
		const before = layersAbove(map, sources);
		if (!before || before.layers.length === 0) continue;
		const after = layerBelow(map, attention.output);
		const layers = [...before.layers, ...(after ? [after.layer] : [])];
		const nodes = [
			...before.nodes,
			...(after?.nodes ?? []),
			...attention.nodes,
			...layers.flatMap((layer) => layer.nodes),
		].sort((a, b) => map.rank[a]! - map.rank[b]!);
		const output = after ? after.layer.output : attention.output;
		const description = [headsOf(map, attention), projectionsOf(layers)].filter(Boolean).join(': ');
		found.push(
			map.enclose({
				kind: 'attention',
				name: nameOf(map, [attention, ...layers]),
				description,
				nodes,
				output,
				parts: layers,
			}),
		);
	}
	return found;
}

function layersAbove(
	map: BlockMap,
	sources: readonly number[],
): { layers: Block[]; nodes: number[] } | undefined {
	const layers = new Set<Block>();
	const nodes = new Set<number>();
	const queue = [...sources];
	for (let head = 0; head < queue.length; head++) {
		if (nodes.size > 40) return undefined;
		const at = queue[head]!;
		const owner = map.owner(at);
		if (owner?.kind === 'dense' && owner.output === at) layers.add(owner);
		else if (!owner && between.test(map.op(at)) && !nodes.has(at)) {
			nodes.add(at);
			for (const input of map.inputs(at)) queue.push(input);
		}
	}
	// What is not between a layer and the attention, as a mask is not, stays outside.
	const kept = new Set<number>();
	for (const at of [...nodes].sort((a, b) => map.rank[a]! - map.rank[b]!))
		if (map.inputs(at).some((input) => kept.has(input) || layers.has(map.owner(input)!))) kept.add(at);
	const ordered = [...layers].sort((a, b) => map.rank[a.nodes[0]!]! - map.rank[b.nodes[0]!]!);
	return layers.size > 3 ? undefined : { layers: ordered, nodes: [...kept] };
}

function layerBelow(map: BlockMap, output: number): { layer: Block; nodes: number[] } | undefined {
	const nodes: number[] = [];
	let at = output;
	for (let steps = 0; steps < 4; steps++) {
		const [next, ...more] = map.readers(at);
		if (next === undefined || more.length > 0) return undefined;
		const owner = map.owner(next);
		if (owner) return owner.kind === 'dense' && owner.nodes[0] === next ? { layer: owner, nodes } : undefined;
		if (!/^(?:Reshape|Transpose|Identity|Squeeze)$/.test(map.op(next))) return undefined;
		nodes.push(next);
		at = next;
	}
	return undefined;
}

/** `4 heads`: the second size of the scores of [batch, heads, queries, keys]. */
function headsOf(map: BlockMap, attention: Block): string {
	const scores = attention.nodes.find((at) => map.op(at) === 'Softmax');
	const shape = scores === undefined ? undefined : shapesBesideCosts(map.graph)[scores]![0];
	return shape?.length === 4 && shape[1]! > 0 ? `${shape[1]} heads` : '';
}

/** `32 → 32, 32 → 32, QKᵀ → softmax → V`, without the op's own name. */
function projectionsOf(layers: readonly Block[]): string {
	const sizes = layers.map(({ description }) => /\d+ → \d+/.exec(description)?.[0] ?? 'dense');
	const counted: string[] = [];
	for (let i = 0; i < sizes.length; ) {
		let times = 1;
		while (sizes[i + times] === sizes[i]) times++;
		counted.push(times > 1 ? `${times} × ${sizes[i]}` : sizes[i]!);
		i += times;
	}
	return `QKᵀ → softmax → V of ${counted.join(', ')}`;
}

/** The scope that all of it lies in. */
function nameOf(map: BlockMap, parts: readonly Block[]): string {
	const names = parts.map((part) => map.graph.nodes[part.nodes[0]!]!.name.split('/'));
	const [first] = names;
	let depth = 0;
	while (depth < first!.length - 1 && names.every((name) => name[depth] === first![depth])) depth++;
	return first!.slice(0, depth).join('/') || parts[0]!.name;
}
