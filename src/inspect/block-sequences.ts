/** Blocks of layers that follow each other: squeeze and excitation, depthwise separable convolutions. */
import { branchesTo, commonScope, describe, partsOf } from './block-branches.ts';
import type { Block, BlockKind, BlockMap } from './block-map.ts';

/** Channels weighed by what two small layers make of their mean: x · sigmoid(layers(mean(x))). */
export function findSqueezes(map: BlockMap): Block[] {
	const found: Block[] = [];
	for (const at of map.order) {
		if (map.op(at) !== 'Mul' || map.owner(at) || map.weight[at] === 1) continue;
		const inputs = map.inputs(at);
		if (inputs.length !== 2) continue;
		const branches = branchesTo(map, inputs);
		if (!branches?.nodes.some((node) => map.op(node) === 'Mean' || map.op(node) === 'AvgPool')) continue;
		const parts = partsOf(map, branches.nodes);
		const layers = parts.filter((part) => /^(?:convolution|dense)$/.test(part.kind));
		if (layers.length !== 2 || parts.length > 3) continue;
		const nodes = [...branches.nodes, at];
		const name = commonScope(map, layers);
		found.push(
			map.enclose({
				kind: 'squeeze and excitation',
				name,
				description: describe(layers),
				nodes,
				output: at,
				parts,
			}),
		);
	}
	return found;
}

/** A depthwise convolution and the 1×1 convolution after it; with one before it, an inverted residual's inside. */
export function findSeparable(map: BlockMap, layers: readonly Block[]): Block[] {
	const found: Block[] = [];
	const used = new Set<Block>();
	for (const layer of layers) {
		if (layer.kind !== 'depthwise convolution' || used.has(layer)) continue;
		const next = layerAfter(map, layer);
		const squeeze = next?.kind === 'squeeze and excitation' ? next : undefined;
		const after = squeeze ? layerAfter(map, squeeze) : next;
		if (after?.kind !== 'convolution' || !isPointwise(map, after) || used.has(after)) continue;
		const before = layerBefore(map, layer);
		const expanded =
			before?.kind === 'convolution' &&
			isPointwise(map, before) &&
			!used.has(before) &&
			map.readers(before.output).length === 1;
		const parts = [...(expanded ? [before] : []), layer, ...(squeeze ? [squeeze] : []), after];
		for (const part of parts) used.add(part);
		const kind = expanded ? 'inverted residual' : 'depthwise separable';
		found.push(join(map, kind, parts, after.output, commonScope(map, parts)));
	}
	return found;
}

/** 1×1, or of a size that nothing tells, as of weights that a caller hands in, and without a stride. */
function isPointwise(map: BlockMap, layer: Block): boolean {
	if (/ \d+×\d/.test(layer.description)) return / 1×1/.test(layer.description);
	const strides = map.graph.nodes[layer.nodes[0]!]!.attr('strides')?.ints ?? [];
	return strides.every((stride) => stride === 1);
}

function layerAfter(map: BlockMap, layer: Block): Block | undefined {
	let at = layer.output;
	for (let i = 0; i < 4; i++) {
		const readers = map.readers(at).filter((reader) => map.weight[reader] === 0);
		const owner = readers[0] === undefined ? undefined : map.owner(readers[0]);
		if (owner && owner !== layer && readers.every((reader) => map.owner(reader) === owner)) return owner;
		if (readers.length !== 1) return undefined;
		at = readers[0]!;
	}
	return undefined;
}

function layerBefore(map: BlockMap, layer: Block): Block | undefined {
	let at = layer.nodes[0]!;
	for (let i = 0; i < 4; i++) {
		const inputs = map.inputs(at);
		if (inputs.length !== 1) return undefined;
		at = inputs[0]!;
		const owner = map.owner(at);
		if (owner) return owner === layer ? undefined : owner;
	}
	return undefined;
}

function join(map: BlockMap, kind: BlockKind, parts: readonly Block[], output: number, name: string): Block {
	const nodes = parts.flatMap((part) => part.nodes);
	return map.enclose({ kind, name, description: describe(parts), nodes, output, parts });
}
