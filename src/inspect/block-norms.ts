/**
 * Normalizations written out with their moments, in training form or of each example:
 *
 *     mean = Mean(x),  variance = Mean(SquaredDifference(x, mean)),  y = x · factor(variance) + offset(mean, variance)
 *
 * The fused op is a layer, or part of one.
 */
import type { Block, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { rolesOf } from './roles.ts';

const norms = /^(?:training batch norm|normalization)$/;
const arithmetic =
	/^(?:Mean|SquaredDifference|Square|StopGradient|Squeeze|Rsqrt|Sqrt|RealDiv|Reciprocal|Sub|Mul|Add|AddV2|Neg|Identity|Switch|Merge|Select|SelectV2|ExpandDims|Cast|Pow|BiasAdd)$/;
const MOST_NODES = 64;

export function findNorms(map: BlockMap): Block[] {
	const found: Block[] = [];
	const differences = map.ops(/^SquaredDifference$/);
	if (differences.size === 0) return found;
	const roles = rolesOf(map.graph);
	for (const at of map.order) {
		if (!differences.has(map.op(at)) || map.owner(at) || roles[at] !== 'compute' || map.weight[at] === 1)
			continue;
		const variance = map.readers(at).find((reader) => map.op(reader) === 'Mean');
		const value = normalized(map, at);
		if (variance === undefined || value === undefined) continue;
		const nodes = nodesOfNorm(map, value, at);
		if (nodes) found.push(map.claim(block(map, nodes, value, variance)));
	}
	return found;
}

/** The normalization that alone reads a value, or reads all of it that is read. */
export function normOf(map: BlockMap, output: number, readers: readonly number[]): Block | undefined {
	const owner = readers[0] === undefined ? undefined : map.owner(readers[0]);
	if (!owner || !norms.test(owner.kind) || owner.nodes.length < 4) return undefined;
	if (!readers.every((reader) => map.owner(reader) === owner)) return undefined;
	const inside = new Set(owner.nodes);
	const alone = owner.nodes.every((at) =>
		chosen(map, at).every((input) => input === output || inside.has(input)),
	);
	return alone ? owner : undefined;
}

/** x of SquaredDifference(x, mean of x). */
function normalized(map: BlockMap, difference: number): number | undefined {
	const inputs = map.inputs(difference);
	return inputs.find((value) =>
		inputs.some((other) => {
			const mean = map.op(other) === 'StopGradient' ? map.inputs(other)[0] : other;
			return mean !== undefined && map.op(mean) === 'Mean' && map.inputs(mean).includes(value);
		}),
	);
}

/** All between a value and what it has become, normalized; undefined where that is not one node. */
function nodesOfNorm(map: BlockMap, value: number, difference: number): number[] | undefined {
	const roles = rolesOf(map.graph);
	const inside = new Set<number>([value]);
	const queue = [value];
	for (let head = 0; head < queue.length && inside.size < MOST_NODES; head++) {
		for (const reader of map.readers(queue[head]!)) {
			if (inside.has(reader) || map.owner(reader) || roles[reader] !== 'compute') continue;
			if (!arithmetic.test(map.op(reader)) || !chosen(map, reader).every((input) => inside.has(input)))
				continue;
			inside.add(reader);
			queue.push(reader);
		}
	}
	inside.delete(value);
	const ordered = [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
	// From the variance on, through its square root: the first node that holds both it and the value.
	const ofVariance = new Set([difference]);
	const ofRoot = new Set<number>();
	const ofValue = new Set<number>();
	for (const at of ordered) {
		const inputs = map.inputs(at);
		if (inputs.some((input) => ofVariance.has(input))) ofVariance.add(at);
		if (ofVariance.has(at) && /^(?:Rsqrt|Sqrt|Pow)$/.test(map.op(at))) ofRoot.add(at);
		if (inputs.some((input) => ofRoot.has(input))) ofRoot.add(at);
		const scales = ofRoot.has(at) && inputs.includes(value);
		const differs = inputs.includes(value) && map.op(at) === 'Sub';
		if (scales || differs || inputs.some((input) => ofValue.has(input))) ofValue.add(at);
	}
	const result = ordered.find((at) => ofRoot.has(at) && ofValue.has(at) && isWhole(map, at, ofRoot, ofValue));
	return result === undefined ? undefined : ancestors(map, result, inside);
}

/** What a Select chooses between, without what it goes by; of other nodes all inputs. */
function chosen(map: BlockMap, at: number): number[] {
	const { inputStart, inputSource } = map.graph.topology;
	const inputs = map.inputs(at);
	if (!map.op(at).startsWith('Select')) return inputs;
	return inputs.filter((input) => input !== inputSource[inputStart[at]!]);
}

/** Whether no part of the normalization is still to come behind a node: factor, offset and value are together. */
function isWhole(
	map: BlockMap,
	at: number,
	ofRoot: ReadonlySet<number>,
	ofValue: ReadonlySet<number>,
): boolean {
	const readers = map.readers(at).filter((reader) => ofValue.has(reader) && ofRoot.has(reader));
	if (readers.length !== 1 || map.readers(at).length !== 1) return true;
	const [next] = readers;
	if (!/^(?:Mul|Add|AddV2|Sub|RealDiv|BiasAdd)$/.test(map.op(next!))) return true;
	const others = map.inputs(next!).filter((input) => input !== at);
	return others.length === 0 && map.weights(next!).length === 0;
}

function ancestors(map: BlockMap, result: number, inside: ReadonlySet<number>): number[] {
	const found = new Set([result]);
	for (const at of found) for (const input of map.inputs(at)) if (inside.has(input)) found.add(input);
	return [...found].sort((a, b) => map.rank[a]! - map.rank[b]!);
}

function block(map: BlockMap, nodes: number[], value: number, variance: number): Block {
	const switched = nodes.some((at) => /^(?:Merge|Select|SelectV2)$/.test(map.op(at)));
	const axes = map.constantInput(variance);
	const ofBatch = !axes || axes.includes(0);
	const description = switched
		? 'BN (training switch)'
		: ofBatch
			? 'BN (training)'
			: nameOf(map, value, axes);
	const { name } = map.graph.nodes[variance]!;
	const moments = name.indexOf('/moments/');
	return {
		kind: ofBatch ? 'training batch norm' : 'normalization',
		name: moments < 0 ? map.scopeOf(variance) : name.slice(0, moments),
		description,
		nodes,
		output: nodes.at(-1)!,
		parts: [],
	};
}

/** Over channels: of the layer. Over places: of each channel. Over groups that a Reshape made: of groups. */
function nameOf(map: BlockMap, value: number, axes: readonly number[]): string {
	const rank = shapesBesideCosts(map.graph)[value]![0]?.length;
	const places = axes.map((axis) => (axis < 0 && rank !== undefined ? axis + rank : axis));
	if (places.includes(-1) || rank === undefined || rank < 3) return 'LayerNorm';
	if (map.op(value) === 'Reshape' && rank > 4 && places.length < rank - 1) return 'GroupNorm';
	return places.includes(rank - 1) ? 'LayerNorm' : 'InstanceNorm';
}
