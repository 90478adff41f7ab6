/**
 * What is computed of one value alone until one node holds it again: an activation written with several nodes, a
 * batch norm behind a switch between training and inference, the ranges beside a quantized value.
 */
import type { BlockMap } from './block-map.ts';
import { type Role, rolesOf } from './roles.ts';

export interface Region {
	readonly nodes: readonly number[];
	readonly output: number;
	/** What the description says of it. */
	readonly word?: string;
	readonly normalizes: boolean;
	/** The values stay what they are. */
	readonly passes: boolean;
}

const inRegion =
	/^(?:Add|AddV2|AddN|Sub|Mul|Neg|Abs|Sign|Relu|Relu6|Elu|Selu|LeakyRelu|Sigmoid|Tanh|Maximum|Minimum|RealDiv|Softplus|HardSwish|Exp|Expm1|Log1p|Erf|Erfc|Pow|Square|IdentityN|Identity|ClipByValue|Greater|GreaterEqual|Less|LessEqual|Select|SelectV2|Switch|Merge|FusedBatchNorm(?:V[23])?|RequantizationRange|Requantize|QuantizeDownAndShrinkRange|Dequantize|QuantizeV2|QuantizedRelu6?|QuantizedBiasAdd|QuantizedReshape|Reshape|Min|Max|Sum)$/;
const quantizing =
	/^(?:RequantizationRange|Requantize|QuantizeDownAndShrinkRange|Dequantize|QuantizeV2|QuantizedReshape|Reshape|Min|Max)$/;

const MOST_NODES = 24;

/** @returns undefined where the value goes several ways, or some other value joins it. */
export function regionBelow(map: BlockMap, start: number): Region | undefined {
	const inside = new Set<number>([start]);
	const queue = [start];
	for (let head = 0; head < queue.length && inside.size < MOST_NODES; head++) {
		for (const reader of map.readers(queue[head]!)) {
			if (inside.has(reader) || map.owner(reader) || !inRegion.test(map.op(reader))) continue;
			if (!map.inputs(reader).every((input) => inside.has(input))) continue;
			inside.add(reader);
			queue.push(reader);
		}
	}
	inside.delete(start);
	const region = firstExit(map, start, inside);
	return region && { ...region, ...meaningOf(map, region.nodes)! };
}

/**
 * The earliest node behind which nothing of the region but itself is read. What is read by nodes that compute nothing
 * of the model, as the moving averages of a batch norm are, does not count.
 */
function firstExit(
	map: BlockMap,
	start: number,
	inside: ReadonlySet<number>,
): { nodes: number[]; output: number } | undefined {
	const ordered = [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
	const open = new Set(readersOf(map, start));
	const nodes: number[] = [];
	for (const at of ordered) {
		nodes.push(at);
		open.delete(at);
		if (open.size === 0 && nodes.length > 1 && meaningOf(map, nodes)) return { nodes, output: at };
		const readers = readersOf(map, at);
		for (const reader of readers) open.add(reader);
		if (readers.length === 0 && map.readers(at).length === 0) return undefined;
		if (readers.some((reader) => !inside.has(reader))) return undefined;
	}
	return undefined;
}

/** Readers that compute the model's answer: none that train, watch or save, nor what only such a one needs. */
export function readersOf(map: BlockMap, at: number): number[] {
	const roles = rolesOf(map.graph);
	const readers = map.readers(at).filter((reader) => roles[reader] === 'compute');
	return readers.length < 2 ? readers : readers.filter((reader) => !servesUpdates(map, roles, reader));
}

/** Nodes that are followed to see whether they only serve an update. */
const MOST_FOLLOWED = 16;

/** Whether all that reads a node, after a few steps, is an update, a gradient or a summary. */
function servesUpdates(map: BlockMap, roles: readonly Role[], at: number): boolean {
	const seen = new Set([at]);
	for (const node of seen) {
		const readers = map.readers(node);
		if (readers.length === 0 || seen.size > MOST_FOLLOWED) return false;
		for (const reader of readers) if (roles[reader] === 'compute') seen.add(reader);
	}
	return true;
}

/** Undefined for what reduces its value and is neither a softmax nor a range for quantizing. */
function meaningOf(
	map: BlockMap,
	nodes: readonly number[],
): { word?: string; normalizes: boolean; passes: boolean } | undefined {
	const ops = new Set(nodes.map((at) => map.op(at)));
	const has = (pattern: RegExp): boolean => [...ops].some((op) => pattern.test(op));
	if (has(/^FusedBatchNorm/)) {
		const word = ops.has('Merge') ? 'BN (training switch)' : 'BN';
		return { word, normalizes: true, passes: false };
	}
	if ([...ops].every((op) => quantizing.test(op))) return { normalizes: false, passes: true };
	if (ops.has('Exp') && ops.has('Sum') && ops.has('RealDiv'))
		return { word: 'Softmax', normalizes: false, passes: false };
	if (has(/^(?:Min|Max|Sum)$/)) return undefined;
	return { word: activationName(map, nodes, ops), normalizes: false, passes: false };
}

function activationName(map: BlockMap, nodes: readonly number[], ops: ReadonlySet<string>): string {
	const has = (...wanted: string[]): boolean => wanted.some((op) => ops.has(op));
	if (has('Relu6') && has('Mul')) return 'HardSwish';
	if (has('Sigmoid') && has('Mul')) return 'Swish';
	if (has('Erf', 'Erfc') || (has('Tanh') && has('Pow', 'Square'))) return 'Gelu';
	if (has('Softplus') && has('Tanh')) return 'Mish';
	if (has('Exp', 'Expm1')) return 'Elu';
	const slopes = has('Relu', 'Abs', 'Select', 'SelectV2', 'Maximum', 'Minimum') && has('Mul', 'LeakyRelu');
	if (slopes) return hasSlopeOfChannels(map, nodes) ? 'PReLU' : 'LeakyRelu';
	return 'activation';
}

/** A slope that was learned, one for each channel, against one number for all. */
function hasSlopeOfChannels(map: BlockMap, nodes: readonly number[]): boolean {
	return nodes.some(
		(at) => map.op(at) === 'Mul' && map.weights(at).some((weight) => !isOneNumber(map, weight)),
	);
}

/** Whether all that a weight is made of is one number. */
function isOneNumber(map: BlockMap, weight: number): boolean {
	const open = [weight];
	for (let head = 0; head < open.length && head < 16; head++) {
		const { tensor } = map.graph.nodes[open[head]!]!;
		if (tensor) {
			if (tensor.elements > 1) return false;
		} else {
			const above = map.weights(open[head]!);
			if (above.length === 0) return false;
			open.push(...above);
		}
	}
	return true;
}
