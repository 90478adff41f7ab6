/** Reads a fused batch norm and the product before it, and says why it cannot be folded where it cannot. */
import { DT_FLOAT, dtypeName } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import type { Tensor } from '../graph/tensor.ts';
import { constantBehind, dataReaders } from './constants.ts';

const PRODUCTS = new Set(['Conv2D', 'DepthwiseConv2dNative', 'Conv2DBackpropInput', 'MatMul']);

/** Why a batch norm stays. */
export class NotFoldable extends Error {
	readonly hint: string | undefined;
	constructor(reason: string, hint?: string) {
		super(reason);
		this.hint = hint;
	}
}

export interface FoldableBatchNorm {
	readonly head: Node;
	/** The convolution or matrix product. */
	readonly product: Node;
	readonly bias: Node | undefined;
	/** Between a MatMul and the batch norm, which takes four dimensions. */
	readonly reshape: Node | undefined;
	readonly weights: Tensor;
	readonly weightsInput: number;
	/** From the product's input to the Const. */
	readonly weightsPath: readonly Node[];
	readonly biasPath: readonly Node[];
	/** Elements of the weights that follow each other for one output channel. */
	readonly inner: number;
	/** By output channel, in double precision. */
	readonly scale: Float64Array;
	readonly offset: Float32Array;
}

/** @throws NotFoldable */
export function describeBatchNorm(graph: Graph, head: Node, keep: ReadonlySet<string>): FoldableBatchNorm {
	if (head.attr('is_training')?.bool ?? true) {
		throw new NotFoldable('it is in training mode', 'freeze_input or an inference export makes it fixed');
	}
	for (const name of ['T', 'U']) {
		const type = head.attr(name)?.type ?? DT_FLOAT;
		if (type !== DT_FLOAT) throw new NotFoldable(`it works on ${dtypeName(type)}, not float`);
	}
	if (
		graph
			.readersOf(head.name)
			.some((reader) => reader.inputs.some((input) => readsStatistics(input, head.name)))
	) {
		throw new NotFoldable('somebody reads its mean or variance');
	}
	const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((what, i) =>
		vector(graph, head, i + 1, what),
	);
	let below = onlyInput(graph, head, keep, head.inputs[0]!);
	let reshape: Node | undefined;
	if (below.op === 'Reshape') {
		reshape = below;
		below = onlyInput(graph, reshape, keep, reshape.inputs[0]!);
	}
	let bias: Node | undefined;
	if (below.op === 'BiasAdd') {
		bias = below;
		below = onlyInput(graph, bias, keep, bias.inputs[0]!);
	}
	const product = below;
	const layout = layoutOf(graph, product);
	checkFormat(graph, head, product, bias, reshape, mean!.elements);
	const n = mean!.elements;
	if (layout.channels !== n)
		throw new NotFoldable(
			`\`${product.name}\` has ${layout.channels} output channels where the norm has ${n}`,
		);
	const biasConstant = bias && constantBehind(graph, bias.inputs[1] ?? '');
	if (bias && (!biasConstant || biasConstant.tensor.elements !== n)) {
		throw new NotFoldable(`the bias of \`${bias.name}\` is no Const of ${n} values`, 'fold_constants');
	}
	const epsilon = head.attr('epsilon')?.float ?? Math.fround(1e-4);
	const scale = new Float64Array(n);
	const offset = new Float32Array(n);
	const at = (tensor: Tensor | undefined, i: number): number =>
		tensor ? (tensor.data as Float32Array)[i]! : 0;
	for (let i = 0; i < n; i++) {
		scale[i] = at(gamma, i) / Math.sqrt(at(variance, i) + epsilon);
		offset[i] = (at(biasConstant?.tensor, i) - at(mean, i)) * scale[i]! + at(beta, i);
	}
	if (!scale.every(Number.isFinite)) throw new NotFoldable('its variance gives a scale that is not finite');
	return { head, product, bias, reshape, ...layout, biasPath: biasConstant?.path ?? [], scale, offset };
}

function readsStatistics(input: string, name: string): boolean {
	const parts = inputParts(input);
	return parts.name === name && parts.prefix === '' && parts.suffix !== '' && parts.suffix !== ':0';
}

function vector(graph: Graph, head: Node, input: number, what: string): Tensor {
	const found = constantBehind(graph, head.inputs[input] ?? '');
	if (!found) {
		const source = graph.node(inputParts(head.inputs[input] ?? '').name);
		throw new NotFoldable(
			`its ${what} is no Const: it is a ${source?.op ?? 'missing node'}`,
			'fold_constants',
		);
	}
	if (found.tensor.dtype !== DT_FLOAT || found.tensor.shape.length !== 1)
		throw new NotFoldable(`its ${what} is no float vector`);
	return found.tensor;
}

/** The node that an input names, when nobody else reads it. */
function onlyInput(graph: Graph, reader: Node, keep: ReadonlySet<string>, input: string): Node {
	const { name, suffix } = inputParts(input);
	const node = graph.node(name);
	if (!node || (suffix !== '' && suffix !== ':0'))
		throw new NotFoldable(`\`${reader.name}\` reads \`${input}\``);
	// A product stays under its name, so that whoever only waits for it still can.
	const stays = PRODUCTS.has(node.op);
	const others = (stays ? dataReaders(graph, name) : graph.readersOf(name)).filter(
		(other) => other !== reader,
	);
	if (others.length > 0) throw new NotFoldable(`\`${name}\` has another reader, \`${others[0]!.name}\``);
	if (keep.has(name)) throw new NotFoldable(`\`${name}\` is an output itself`);
	return node;
}

type Layout = Pick<FoldableBatchNorm, 'weights' | 'weightsInput' | 'weightsPath' | 'inner'> & {
	readonly channels: number;
};

function layoutOf(graph: Graph, product: Node): Layout {
	const rank = product.op === 'MatMul' ? 2 : 4;
	if (!PRODUCTS.has(product.op)) {
		const hint = product.op === 'Identity' ? 'remove_nodes(op=Identity)' : undefined;
		throw new NotFoldable(
			`it follows \`${product.name}\` (${product.op}), which is no convolution or MatMul`,
			hint,
		);
	}
	const found = constantBehind(graph, product.inputs[1] ?? '');
	if (!found) throw new NotFoldable(`the weights of \`${product.name}\` are no Const`, 'fold_constants');
	const { shape, dtype } = found.tensor;
	if (dtype !== DT_FLOAT || shape.length !== rank)
		throw new NotFoldable(`the weights of \`${product.name}\` are no float tensor of rank ${rank}`);
	const common = { weights: found.tensor, weightsInput: 1, weightsPath: found.path };
	switch (product.op) {
		case 'Conv2D':
			return { ...common, channels: shape[3]!, inner: 1 };
		case 'DepthwiseConv2dNative':
			return { ...common, channels: shape[2]! * shape[3]!, inner: 1 };
		case 'Conv2DBackpropInput':
			return { ...common, channels: shape[2]!, inner: shape[3]! };
		default: {
			const transposed = product.attr('transpose_b')?.bool ?? false;
			return transposed
				? { ...common, channels: shape[0]!, inner: shape[1]! }
				: { ...common, channels: shape[1]!, inner: 1 };
		}
	}
}

function checkFormat(
	graph: Graph,
	head: Node,
	product: Node,
	bias: Node | undefined,
	reshape: Node | undefined,
	channels: number,
): void {
	const format = (node: Node | undefined): string => node?.attr('data_format')?.string ?? 'NHWC';
	if (product.op === 'MatMul') {
		if (!reshape) throw new NotFoldable('a batch norm straight after a MatMul has too few dimensions');
		const sizes = constantBehind(graph, reshape.inputs[1] ?? '')?.tensor;
		const last = sizes && sizes.elements > 0 ? Number(sizes.data[sizes.elements - 1]) : undefined;
		if (format(head) !== 'NHWC' || last !== channels) {
			throw new NotFoldable(`\`${reshape.name}\` does not keep the channels last`);
		}
		return;
	}
	if (reshape)
		throw new NotFoldable(`a Reshape, \`${reshape.name}\`, stands between it and \`${product.name}\``);
	if (format(head) !== format(product) || (bias && format(bias) !== format(head))) {
		throw new NotFoldable(`it is ${format(head)} and \`${product.name}\` is ${format(product)}`);
	}
}
