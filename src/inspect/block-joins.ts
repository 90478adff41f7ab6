/** Blocks made of layers: where branches come together again. */
import { type Branches, branchesTo, commonScope, describe, partsOf } from './block-branches.ts';
import type { Block, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';

/** Sums and concatenations of branches of one fork: residual, inception, dense connection. */
export function findJoins(map: BlockMap): Block[] {
	const found: Block[] = [];
	const sums = map.ops(/^(?:Add|AddV2|AddN)$/);
	const concats = map.ops(/^Concat(?:V2)?$/);
	for (const at of map.order) {
		const sum = sums.has(map.op(at));
		if (map.owner(at) || map.weight[at] === 1 || (!sum && !concats.has(map.op(at)))) continue;
		const inputs = map.inputs(at);
		if (inputs.length < 2 || (sum && inputs.length > 4)) continue;
		const block = sum ? residualAt(map, at, inputs) : concatAt(map, at, inputs);
		if (block) found.push(block);
	}
	return found;
}

/** A sum of a branch of layers with where it began, or with a short cut from there. */
function residualAt(map: BlockMap, sum: number, inputs: readonly number[]): Block | undefined {
	const branches = branchesTo(map, inputs);
	if (!branches) return undefined;
	const parts = partsOf(map, branches.nodes);
	if (!(isSmall(parts) || isAroundInception(parts)) || branches.lengths.every((length) => length === 0))
		return undefined;
	// A sum of every value of the one with every value of the other, as of queries and keys, goes round nothing.
	if (!sameShape(map, inputs)) return undefined;
	// Two products that are added are one layer of two values, not a branch around a short cut.
	if (Math.min(...branches.lengths) > 0 && Math.max(...branches.lengths) < 2) return undefined;
	// What is looked up beside a network and added to its answer, as in a wide and deep model, is no short cut.
	if (parts.some((part) => part.kind === 'embedding')) return undefined;
	const tail = activationAfter(map, sum);
	const nodes = [...branches.nodes, sum, ...tail];
	const [only] = parts;
	if (parts.length === 1 && only!.kind === 'inverted residual') {
		const description = `${only!.description} + input`;
		return map.enclose({ ...only!, description, nodes, output: nodes.at(-1)! });
	}
	const pooled = branches.convolutions.some((count, i) => count === 0 && branches.lengths[i]! > 0);
	const how = pooled && parts.some((part) => part.kind === 'pooling') ? 'pooled' : 'projected';
	const shortcut = Math.min(...branches.lengths) === 0 ? '' : ` with a ${how} short cut`;
	const description = `${describe(parts)}${shortcut}`;
	return map.enclose({
		kind: 'residual',
		name: commonScope(map, parts) || map.scopeOf(sum),
		description,
		nodes,
		output: nodes.at(-1)!,
		parts,
	});
}

/** Whether the shapes are one, as far as they are known. */
function sameShape(map: BlockMap, inputs: readonly number[]): boolean {
	const shapes = inputs.map((at) => shapesBesideCosts(map.graph)[at]![0]);
	const [first] = shapes;
	return shapes.every((shape) => {
		if (!shape || !first) return true;
		return shape.length === first.length && shape.every((n, i) => n < 0 || first[i]! < 0 || n === first[i]);
	});
}

function concatAt(map: BlockMap, concat: number, inputs: readonly number[]): Block | undefined {
	const branches = branchesTo(map, inputs);
	if (!branches) return undefined;
	const parts = partsOf(map, branches.nodes);
	const withLayers = branches.lengths.filter((length) => length > 0).length;
	if (!isSmall(parts)) return undefined;
	const dense = inputs.length === 2 && withLayers === 1 && parts.every(keepsSize) && !resizes(map, branches);
	const kind = dense ? 'dense connection' : isInception(map, branches, concat) ? 'inception' : undefined;
	if (!kind) return undefined;
	const nodes = [...branches.nodes, concat];
	const description =
		kind === 'inception' ? `${inputs.length} branches: ${describe(parts)}` : describe(parts);
	return map.enclose({
		kind,
		name: map.scopeOf(concat),
		description,
		nodes,
		output: concat,
		parts,
	});
}

/** A path that goes down and comes up again, as in a U-Net, skips layers but grows nothing. */
function keepsSize({ kind, description }: Block): boolean {
	return kind === 'convolution' && !/\/\d|transposed/.test(description);
}

function resizes(map: BlockMap, { nodes }: Branches): boolean {
	return nodes.some((at) => /^(?:Resize|DepthToSpace|SpaceToDepth)/.test(map.op(at)));
}

/** InceptionV3's longest branch has five convolutions; whole heads of a model that meet have more. */
const LONGEST_BRANCH = 6;

/**
 * Short branches, at least two of them of convolutions, of which nothing but their concatenation is read: what else
 * reads a value in between has a use of its own for it.
 */
function isInception(map: BlockMap, branches: Branches, concat: number): boolean {
	const inside = new Set([...branches.nodes, concat]);
	return (
		branches.convolutions.filter((count) => count > 0).length >= 2 &&
		branches.convolutions.every((count) => count <= LONGEST_BRANCH) &&
		branches.nodes.every((at) => map.readers(at).every((reader) => inside.has(reader)))
	);
}

/** More layers than this between a fork and its join are a part of the model's plan, not one block of it. */
const MOST_PARTS = 12;

function isSmall(parts: readonly Block[]): boolean {
	const joined = /^(?:residual|inception|dense connection)$/;
	const large = (part: Block): boolean => joined.test(part.kind) && part.parts.length > 2;
	return parts.length > 0 && parts.length <= MOST_PARTS && !parts.some(large);
}

/** Branches that are joined and brought to the width of what they are added to, as in Inception-ResNet. */
function isAroundInception(parts: readonly Block[]): boolean {
	const [first, ...rest] = parts;
	return first?.kind === 'inception' && rest.length < 2 && rest.every((part) => part.kind === 'convolution');
}

function activationAfter(map: BlockMap, at: number): number[] {
	const readers = map.readers(at);
	const [only] = readers;
	if (readers.length !== 1 || map.owner(only!) || !/^(?:Relu|Relu6|Elu|LeakyRelu|Swish)$/.test(map.op(only!)))
		return [];
	return [only!];
}
