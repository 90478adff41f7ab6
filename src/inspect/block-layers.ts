/** Layers: a convolution, product or pool with the bias, normalization and activation that follow it. */
import type { Graph } from '../graph/graph.ts';
import type { Block, BlockKind, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { rolesOf } from './roles.ts';

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

const activation = /^(?:Relu|Relu6|Elu|Selu|LeakyRelu|Sigmoid|Tanh|Softplus|Softsign|Gelu|QuantizedRelu6?)$/;
const passing =
	/^(?:Identity|Squeeze|ExpandDims|Reshape|FakeQuant.*|Dequantize|QuantizeV2|Requantize|BatchToSpaceND|SpaceToBatchND|CheckNumerics|StopGradient|Cast)$/;
const elementwise =
	/^(?:Add|AddV2|Sub|Mul|Neg|Abs|Relu|Relu6|Sigmoid|Tanh|Maximum|Minimum|RealDiv|Softplus|HardSwish|Exp|Erf|Pow|Square|IdentityN)$/;

/** Layers of nodes that no block has yet, in the order of computation. */
export function findLayers(map: BlockMap): Block[] {
	const found: Block[] = [];
	const roles = rolesOf(map.graph);
	const kinds = rootKinds(map.graph);
	for (const at of map.order) {
		const kind = kinds.get(map.op(at));
		if (!kind || map.owner(at) || map.weight[at] === 1 || roles[at] !== 'compute') continue;
		if (kind === 'embedding' && !readsTable(map, at)) continue;
		// A product of two values of the model has no weights to be a layer of.
		if (kind === 'dense' && map.weights(at).length === 0) continue;
		if (kind === 'normalization' && map.inputs(at).length === 0) continue;
		found.push(map.claim(growLayer(map, at, kind)));
	}
	return found;
}

/** Rows of a table of weights: what is taken by a constant index out of a value is no embedding. */
function readsTable(map: BlockMap, position: number): boolean {
	const { inputStart, inputSource } = map.graph.topology;
	const [table, index] = [inputSource[inputStart[position]!]!, inputSource[inputStart[position]! + 1]!];
	return table >= 0 && index >= 0 && map.weight[table] === 1 && map.weight[index] === 0;
}

/** The kind of layer that an op begins, for the ops of the graph: asked once an op, not once a node. */
function rootKinds(graph: Graph): Map<string, BlockKind> {
	const kinds = new Map<string, BlockKind>();
	for (const op of graph.byOp.keys()) {
		const kind = roots.find(([pattern]) => pattern.test(op))?.[1];
		if (kind) kinds.set(op, kind);
	}
	return kinds;
}

function growLayer(map: BlockMap, root: number, kind: BlockKind): Block {
	const nodes = [root];
	const words: string[] = [];
	let output = root;
	let normalized = false;
	let activated = kind === 'pooling' || kind === 'softmax' || kind === 'embedding';
	for (let steps = 0; steps < 24 && !activated; steps++) {
		const readers = map.readers(output).filter((reader) => map.weight[reader] === 0);
		if (readers.length === 0) break;
		if (readers.length > 1) {
			const gate = reconverge(map, output);
			if (gate) {
				nodes.push(...gate.nodes);
				words.push(gate.name);
				output = gate.output;
				activated = true;
			}
			break;
		}
		const next = readers[0]!;
		if (map.owner(next) || map.inputs(next).length !== 1) break;
		const op = map.op(next);
		if (/^FusedBatchNorm|^BatchNorm/.test(op))
			normalized = addOnce(words, isTraining(map, next) ? 'BN (training)' : 'BN');
		else if (op === 'BiasAdd' || op === 'QuantizedBiasAdd') words.push('bias');
		else if (/^(?:Add|AddV2|Sub|Mul|RealDiv)$/.test(op) && map.weights(next).length === 1) {
			if (op === 'Mul' || op === 'RealDiv') normalized = addOnce(words, 'scale');
			else if (!normalized) words.push('bias');
		} else if (activation.test(op)) {
			words.push(op.replace('Quantized', ''));
			activated = true;
		} else if (!passing.test(op)) break;
		nodes.push(next);
		output = next;
	}
	const description = [headOf(map, root, kind), ...tidy(words)].join(' + ');
	if (kind === 'normalization' && isTraining(map, root)) kind = 'training batch norm';
	return { kind, name: layerName(map, root, nodes), description, nodes, output, parts: [] };
}

function addOnce(words: string[], word: string): true {
	if (!words.includes(word)) words.push(word);
	return true;
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

/**
 * An activation written with several nodes: x·sigmoid(x), a PReLU. All that is computed of x alone, elementwise,
 * until one node holds it again.
 */
function reconverge(
	map: BlockMap,
	start: number,
): { nodes: number[]; output: number; name: string } | undefined {
	const inside = new Set<number>([start]);
	const queue = [start];
	for (let head = 0; head < queue.length && inside.size < 14; head++) {
		for (const reader of map.readers(queue[head]!)) {
			if (inside.has(reader) || map.owner(reader) || !elementwise.test(map.op(reader))) continue;
			if (!map.inputs(reader).every((input) => inside.has(input))) continue;
			inside.add(reader);
			queue.push(reader);
		}
	}
	inside.delete(start);
	if (!map.readers(start).every((reader) => inside.has(reader))) return undefined;
	const exits = [...inside].filter((at) => {
		const readers = map.readers(at);
		return readers.length === 0 || readers.some((reader) => !inside.has(reader));
	});
	if (exits.length !== 1) return undefined;
	const ops = new Set([...inside].map((at) => map.op(at)));
	const nodes = [...inside].sort((a, b) => map.rank[a]! - map.rank[b]!);
	return { nodes, output: exits[0]!, name: gateName(ops) };
}

function gateName(ops: ReadonlySet<string>): string {
	if (ops.has('Relu6') && ops.has('Mul')) return 'HardSwish';
	if (ops.has('Sigmoid') && ops.has('Mul')) return 'Swish';
	if (ops.has('Erf')) return 'Gelu';
	if ((ops.has('Relu') || ops.has('Abs')) && ops.has('Mul')) return 'PReLU';
	if (ops.has('Softplus') && ops.has('Tanh')) return 'Mish';
	if (ops.has('Maximum')) return 'LeakyRelu';
	return 'activation';
}

/** `Conv2D 3×3/2 → 32`, `MatMul 1152 → 256`, `MaxPool 2×2/2`. */
function headOf(map: BlockMap, root: number, kind: BlockKind): string {
	const node = map.graph.nodes[root]!;
	const shapes = shapesBesideCosts(map.graph);
	const filter = map
		.weights(root)
		.map((at) => shapes[at]![0])
		.find((shape) => shape && shape.length >= 2);
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
		const transposed = node.op.includes('Backprop');
		const to = kind === 'convolution' ? ` → ${filter.at(transposed ? -2 : -1)}` : '';
		return `${transposed ? `transposed ${node.op.replace(/Backprop.*/, '')}` : node.op} ${size}${step}${to}`;
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
