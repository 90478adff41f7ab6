/** Layers: a convolution, product or pool with the bias, normalization and activation that follow it. */
import { headOf, isCall, layerCalled, rootKinds } from './block-heads.ts';
import type { Block, BlockKind, BlockMap } from './block-map.ts';
import { normOf } from './block-norms.ts';
import { readersOf, regionBelow } from './block-regions.ts';
import { switchedBranch } from './block-switches.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { rolesOf } from './roles.ts';

const activation = /^(?:Relu|Relu6|Elu|Selu|LeakyRelu|Sigmoid|Tanh|Softplus|Softsign|Gelu|QuantizedRelu6?)$/;
const passing =
	/^(?:Identity|Squeeze|ExpandDims|Reshape|FakeQuant.*|Dequantize|QuantizeV2|Requantize|BatchToSpaceND|SpaceToBatchND|CheckNumerics|StopGradient|Cast)$/;
/** Layers of nodes that no block has yet, in the order of computation. */
export function findLayers(map: BlockMap): Block[] {
	const found: Block[] = [];
	const roles = rolesOf(map.graph);
	const kinds = rootKinds(map);
	for (const at of map.order) {
		const kind = kinds.get(map.op(at))?.(at);
		if (!kind || map.owner(at) || map.weight[at] === 1 || roles[at] !== 'compute') continue;
		if (kind === 'embedding' && !readsTable(map, at)) continue;
		// A product of two values of the model has no weights to be a layer of.
		if (kind === 'dense' && map.weights(at).length === 0 && !isCall(map.graph, at)) continue;
		if (kind === 'normalization' && map.inputs(at).length === 0) continue;
		// A normalization that was found by itself becomes part of the layer that it follows.
		found.push(map.enclose(growLayer(map, at, kind)));
	}
	return found;
}

/** Rows of a table of weights: what is taken by a constant index out of a value is no embedding. */
function readsTable(map: BlockMap, position: number): boolean {
	const { inputStart, inputSource } = map.graph.topology;
	const [table, index] = [inputSource[inputStart[position]!]!, inputSource[inputStart[position]! + 1]!];
	return table >= 0 && index >= 0 && map.weight[table] === 1 && map.weight[index] === 0;
}

/** Nodes that follow a layer's root at most. */
const MOST_STEPS = 24;

function growLayer(map: BlockMap, root: number, kind: BlockKind): Block {
	const nodes = [root];
	const words = wordsOfCall(map, root);
	const ends = kind === 'pooling' || kind === 'softmax' || kind === 'embedding';
	let output = root;
	let normalized = kind === 'normalization' || words.some((word) => /BN|Norm/.test(word));
	let activated = ends || words.some((word) => !/bias|scale|BN|Norm/.test(word));
	for (let steps = 0; steps < MOST_STEPS && !ends; steps++) {
		const next = afterwards(map, output);
		if (!next) break;
		// After its activation, only its normalization is the layer's, where it had none before.
		if (activated && (normalized || !next.normalizes)) break;
		if (next.normalizes) normalized = true;
		else if (next.activates) activated = true;
		if (next.word !== undefined && !(next.word === 'bias' && normalized)) words.push(next.word);
		nodes.push(...next.nodes);
		output = next.output;
	}
	const description = [headOf(map, root, kind), ...tidy(words)].join(' + ');
	if (kind === 'normalization' && isTraining(map, root)) kind = 'training batch norm';
	return { kind, name: layerName(map, root, nodes), description, nodes, output, parts: [] };
}

/** What follows the layer inside of the function that it is the call of. */
function wordsOfCall(map: BlockMap, root: number): string[] {
	const called = layerCalled(map, root);
	return called ? growLayer(called.map, called.root, called.kind).description.split(' + ').slice(1) : [];
}

/** What follows a layer's output and belongs to it. */
interface Following {
	readonly nodes: readonly number[];
	readonly output: number;
	/** What the description says of it; nothing for what only passes the values on. */
	readonly word?: string;
	readonly normalizes?: boolean;
	readonly activates?: boolean;
}

function afterwards(map: BlockMap, output: number): Following | undefined {
	const readers = readersOf(map, output).filter((reader) => map.weight[reader] === 0);
	const norm = normOf(map, output, readers);
	if (norm) return { nodes: norm.nodes, output: norm.output, word: norm.description, normalizes: true };
	const [next, ...more] = readers;
	if (next === undefined) return undefined;
	if (more.length > 0) {
		const region = regionBelow(map, output);
		return region && { ...region, activates: !region.normalizes && !region.passes };
	}
	if (map.owner(next) || new Set(map.inputs(next)).size !== 1) return undefined;
	const one = { nodes: [next], output: next };
	const op = map.op(next);
	if (/^FusedBatchNorm|^BatchNorm/.test(op))
		return { ...one, word: isTraining(map, next) ? 'BN (training)' : 'BN', normalizes: true };
	if (op === 'BiasAdd' || op === 'QuantizedBiasAdd') return { ...one, word: 'bias' };
	if (/^(?:Add|AddV2|Sub|Mul|RealDiv)$/.test(op) && map.weights(next).length === 1) {
		// One number for all channels is no normalization, and no bias.
		if (isScalar(map, map.weights(next)[0]!)) return one;
		const scales = op === 'Mul' || op === 'RealDiv';
		return scales ? { ...one, word: 'scale', normalizes: true } : { ...one, word: 'bias' };
	}
	const halved = op === 'Relu6' ? scaledAfter(map, next) : undefined;
	if (halved !== undefined)
		return { nodes: [next, halved], output: halved, word: 'HardSigmoid', activates: true };
	if (activation.test(op)) return { ...one, word: op.replace('Quantized', ''), activates: true };
	if (switchedBranch(map.graph, next) === 'batch norm')
		return { ...one, word: 'BN (training switch)', normalizes: true };
	return passing.test(op) ? one : undefined;
}

/** The product with one number that alone reads a node: relu6(x + 3) / 6 is a sigmoid of straight lines. */
function scaledAfter(map: BlockMap, at: number): number | undefined {
	const [next, ...more] = readersOf(map, at);
	if (next === undefined || more.length > 0 || !/^(?:Mul|RealDiv)$/.test(map.op(next))) return undefined;
	const [factor] = map.weights(next);
	return factor !== undefined && isScalar(map, factor) ? next : undefined;
}

function isScalar(map: BlockMap, weight: number): boolean {
	return shapesBesideCosts(map.graph)[weight]![0]?.length === 0;
}

/** A factor and an offset are a batch norm written out. */
function tidy(words: readonly string[]): string[] {
	const scale = words.indexOf('scale');
	if (scale < 0) return [...new Set(words)];
	return [
		...new Set(
			words
				.filter((word) => word !== 'bias' && word !== 'BN')
				.map((word) => (word === 'scale' ? 'BN' : word)),
		),
	];
}

function isTraining(map: BlockMap, position: number): boolean {
	const node = map.graph.nodes[position]!;
	return node.op.startsWith('FusedBatchNorm') && (node.attr('is_training')?.bool ?? true);
}

/** The scope that the root lies in, without what only names the op; else the root's own name. */
function layerName(map: BlockMap, root: number, nodes: readonly number[]): string {
	const { name } = map.graph.nodes[root]!;
	const parts = name.split('/');
	const last = parts.at(-1)!;
	const generic =
		/^(?:Conv[123]D|depthwise|MatMul|BiasAdd|FusedBatchNorm.*|convolution|separable_conv2d|conv2d_transpose|Tensordot)(?:_\d+)?$/;
	if (parts.length > 1 && generic.test(last)) return parts.slice(0, -1).join('/');
	return nodes.length > 0 ? name : map.scopeOf(root);
}
