/** How a layer begins: which ops, and those ops in words. */
import { DT_STRING } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { integers } from '../ops/values.ts';
import { type BlockKind, BlockMap } from './block-map.ts';
import { calledBody } from './called-body.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { isVariable } from './weights.ts';

const roots: readonly (readonly [RegExp, BlockKind])[] = [
	[/^(?:Quantized)?(?:Fused)?DepthwiseConv2[dD](?:Native)?|^_FusedDepthwise/, 'depthwise convolution'],
	[
		/^_?(?:Quantized|Fused|FusedResizeAndPad|FusedPad)?Conv[123]D(?:BackpropInput(?:V2)?)?(?:WithBias.*)?$/,
		'convolution',
	],
	[/^_?(?:Quantized|Fused|Sparse)?(?:Batch)?MatMul(?:V2|V3)?(?:WithBias.*)?$|^Einsum$/, 'dense'],
	[/^(?:Quantized)?(?:Max|Avg|FractionalMax|FractionalAvg)Pool(?:V2|3D)?$/, 'pooling'],
	[/^(?:Softmax|LogSoftmax)$/, 'softmax'],
	[/^(?:LRN|FusedBatchNorm(?:V[23])?|BatchNormWithGlobalNormalization)$/, 'normalization'],
	[/^(?:Gather|GatherV2|ResourceGather|SparseGather)$/, 'embedding'],
];

const calls = /^(?:Stateful)?PartitionedCall$/;

/** The kinds of layer that the ops of the graph begin: asked once an op, not once a node; of calls once a node. */
export function rootKinds(map: BlockMap): Map<string, (at: number) => BlockKind | undefined> {
	const kinds = new Map<string, (at: number) => BlockKind | undefined>();
	for (const op of map.graph.byOp.keys()) {
		const kind = kindOf(op);
		if (kind) kinds.set(op, () => kind);
		else if (isFunction(map.graph, op)) kinds.set(op, (at) => layerCalled(map, at)?.kind);
	}
	return kinds;
}

function kindOf(op: string): BlockKind | undefined {
	return roots.find(([pattern]) => pattern.test(op))?.[1];
}

function isFunction(graph: Graph, op: string): boolean {
	return calls.test(op) || graph.functions.get(op) !== undefined;
}

interface CalledLayer {
	readonly kind: BlockKind;
	/** The body of the call. */
	readonly map: BlockMap;
	/** Where the layer begins in it. */
	readonly root: number;
}

const known = new WeakMap<Graph, Map<number, CalledLayer | undefined>>();

/** Whether a call is one layer and no more: its body has no page of its own. */
export function isLayerCall(graph: Graph, position: number): boolean {
	return known.get(graph)?.get(position) !== undefined;
}

/** Whether a node calls a function. */
export function isCall(graph: Graph, position: number): boolean {
	return isFunction(graph, graph.nodes[position]!.op);
}

/** Larger bodies are parts of the model. */
const MOST_NODES = 16;

/** The one layer that the called function is, as compiled pieces of Keras are. */
export function layerCalled(map: BlockMap, position: number): CalledLayer | undefined {
	const { graph } = map;
	if (!isCall(graph, position)) return undefined;
	let found = known.get(graph);
	if (!found) {
		found = new Map();
		known.set(graph, found);
	}
	if (!found.has(position)) found.set(position, findLayer(graph, position));
	return found.get(position);
}

function findLayer(graph: Graph, position: number): CalledLayer | undefined {
	const node = graph.nodes[position]!;
	const called = graph.functions.get(node.attr('f')?.functionName ?? node.op);
	const nodes = called?.definition.node_def ?? [];
	if (!called || nodes.length > MOST_NODES) return undefined;
	const layers = nodes.filter(({ op }) => kindOf(op ?? '') || isFunction(graph, op ?? ''));
	const kind = layers.length === 1 ? kindOf(layers[0]!.op ?? '') : undefined;
	if (!kind) return undefined;
	const body = calledBody(graph, position, called, { shapeOf: (at) => shapesBesideCosts(graph)[at]! });
	const root = body.nodes.findIndex(({ op }) => kindOf(op) === kind);
	return root < 0 ? undefined : { kind, map: new BlockMap(body), root };
}

/** The shape of a layer's weights. */
function filterOf(map: BlockMap, root: number): readonly number[] | null | undefined {
	const shapes = shapesBesideCosts(map.graph);
	for (const at of map.weights(root)) {
		const node = map.graph.nodes[at]!;
		// A resource's own shape is that of a handle; what it holds is declared beside it.
		const shape = isVariable(node) ? node.attr('shape')?.shape : shapes[at]![0];
		if (shape && shape.length >= 2) return shape;
	}
	return undefined;
}

/** ` dilated 2`, by attribute or between SpaceToBatchND and BatchToSpaceND. */
function dilationOf(map: BlockMap, root: number): string {
	let rates = map.graph.nodes[root]!.attr('dilations')?.ints ?? [];
	let [at] = map.inputs(root);
	for (let steps = 0; steps < 2 && at !== undefined; steps++) {
		if (map.op(at) === 'SpaceToBatchND') {
			const { tensor } = map.graph.nodes[map.weights(at)[0] ?? at]!;
			if (tensor?.decodable && tensor.dtype !== DT_STRING) rates = integers(tensor);
		} else if (map.op(at) !== 'ExpandDims' && map.op(at) !== 'Pad') break;
		[at] = map.inputs(at);
	}
	const spread = rates.filter((rate) => rate > 1);
	return spread.length > 0 ? ` dilated ${[...new Set(spread)].join('×')}` : '';
}

/** ` in 32 groups`: the filter reads fewer channels than there are. */
function groupsOf(map: BlockMap, root: number, filter: readonly number[], channelsFirst: boolean): string {
	const [value] = map.inputs(root);
	if (value === undefined || !/^_?(?:Fused)?Conv[12]D$/.test(map.op(root))) return '';
	const channels = shapesBesideCosts(map.graph)[value]![0]?.at(channelsFirst ? 1 : -1) ?? -1;
	const groups = channels / filter.at(-2)!;
	return Number.isInteger(groups) && groups > 1 ? ` in ${groups} groups` : '';
}

/** `Conv2D 3×3/2 → 32`, `MatMul 1152 → 256`, `MaxPool 2×2/2`. */
export function headOf(map: BlockMap, root: number, kind: BlockKind): string {
	const called = layerCalled(map, root);
	if (called) return headOf(called.map, called.root, kind);
	const node = map.graph.nodes[root]!;
	const filter = filterOf(map, root);
	const strides = node.attr('strides')?.ints;
	const channelsFirst = node.attr('data_format')?.string === 'NCHW';
	const stride = strides?.[channelsFirst ? 2 : 1] ?? 1;
	const step = stride > 1 ? `/${stride}` : '';
	if (kind === 'convolution' || kind === 'depthwise convolution') {
		if (!filter) return node.op;
		const size = filter
			.slice(0, -2)
			.map((n) => (n < 0 ? '?' : n))
			.join('×');
		const spread = dilationOf(map, root) + groupsOf(map, root, filter, channelsFirst);
		const transposed = node.op.includes('Backprop');
		const to = kind === 'convolution' ? ` → ${filter.at(transposed ? -2 : -1)}` : '';
		return `${transposed ? `transposed ${node.op.replace(/Backprop.*/, '')}` : node.op} ${size}${step}${spread}${to}`;
	}
	if (kind === 'dense' && filter?.length === 2) {
		const swapped = node.attr('transpose_b')?.bool ?? false;
		return `${node.op} ${filter[swapped ? 1 : 0]} → ${filter[swapped ? 0 : 1]}`;
	}
	if (kind === 'pooling') {
		const window = node.attr('ksize')?.ints;
		const size = window ? ` ${window.slice(...(channelsFirst ? [2] : [1, -1])).join('×')}` : '';
		return `${node.op}${size}${step}`;
	}
	if (kind === 'embedding' && filter) return `embedding ${filter.join('×')}`;
	return node.op;
}
