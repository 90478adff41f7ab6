/** Sizes that nobody declared, from what the nodes that read a tensor do with it. */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';

/** −1 for an unknown size, null for an unknown rank. */
export type PartialShape = readonly number[] | null;

/** Where no other shape works: what products and convolutions with constant weights must be given. */
export function neededShape(graph: Graph, name: string, declared: PartialShape): PartialShape {
	let shape = declared;
	for (const reader of sameShapeReaders(graph, name)) shape = merged(shape, weightsDemand(graph, reader));
	return shape;
}

/**
 * A shape that suits as well where others would: what is reshaped to constant sizes has as many elements as those.
 * @param shape what {@link neededShape} has found.
 */
export function likelyShape(graph: Graph, name: string, shape: PartialShape): PartialShape {
	let likely = shape;
	for (const reader of sameShapeReaders(graph, name)) {
		if (reader.op === 'Reshape')
			likely = merged(likely, sourceOfReshape(likely, reshapeSizes(graph, reader)));
	}
	return likely;
}

const UNARY: ReadonlySet<string> = new Set([
	...['Identity', 'Cast', 'StopGradient', 'PlaceholderWithDefault', 'CheckNumerics', 'Relu', 'Relu6'],
	...['Sigmoid', 'Tanh', 'FakeQuantWithMinMaxArgs', 'FakeQuantWithMinMaxVars'],
]);
const BINARY: ReadonlySet<string> = new Set([
	'Add',
	'AddV2',
	'Sub',
	'Mul',
	'Div',
	'RealDiv',
	'Maximum',
	'Minimum',
]);

/** Who reads the tensor, or what has its shape, as first input. */
function* sameShapeReaders(graph: Graph, name: string): Generator<Node> {
	const seen = new Set<string>([name]);
	const waiting = [name];
	for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
		for (const reader of graph.readersOf(source)) {
			if (seen.has(reader.name)) continue;
			const first = reader.sources[0] === source && !isControl(reader.inputs[0]!);
			if (first) yield reader;
			if (!keepsShape(graph, reader, first ? 1 : 0)) continue;
			seen.add(reader.name);
			waiting.push(reader.name);
		}
	}
}

function keepsShape(graph: Graph, reader: Node, other: number): boolean {
	if (UNARY.has(reader.op)) return other === 1;
	const operand = BINARY.has(reader.op) ? constantBehind(graph, reader.sources[other]) : undefined;
	return operand !== undefined && operand.elements === 1;
}

function weightsDemand(graph: Graph, reader: Node): PartialShape {
	const weights = constantBehind(graph, reader.sources[1])?.shape;
	if (reader.op === 'MatMul' && weights?.length === 2) {
		const depth = weights[reader.attr('transpose_b')?.bool ? 1 : 0]!;
		return reader.attr('transpose_a')?.bool ? [depth, -1] : [-1, depth];
	}
	if ((reader.op === 'Conv2D' || reader.op === 'DepthwiseConv2dNative') && weights?.length === 4) {
		const channels = weights[2]!;
		return reader.attr('data_format')?.string === 'NCHW' ? [-1, channels, -1, -1] : [-1, -1, -1, channels];
	}
	return null;
}

/** What a Reshape makes: sizes that are constant, −1 for the others. */
function reshapeSizes(graph: Graph, { sources }: Node): PartialShape {
	const constant = constantBehind(graph, sources[1]);
	if (constant) return constant.decodable ? Array.from(constant.data as Int32Array, Number) : null;
	const pack = graph.node(sources[1] ?? '');
	if (pack?.op !== 'Pack') return null;
	return pack.sources.map((source) => {
		const size = constantBehind(graph, source);
		return size?.decodable && size.elements === 1 ? Number(size.data[0]) : -1;
	});
}

/** The first axis is taken for a batch where its size is open. */
function sourceOfReshape(shape: PartialShape, sizes: PartialShape): PartialShape {
	if (!sizes || sizes.length < 2 || sizes.slice(1).some((size) => size <= 0)) return null;
	const [batch = -1, ...inner] = sizes;
	const elements = product(inner);
	if (shape === null) return [batch, elements];
	if (batch > 0)
		return shape.filter((size) => size < 0).length === 1 ? solved(shape, 0, batch * elements) : null;
	return shape.length >= 2 && shape[0]! < 0 ? solved(shape, 1, elements) : null;
}

/** With the one unknown size from an axis on such that the sizes from there make so many elements. */
function solved(shape: readonly number[], from: number, elements: number): PartialShape {
	const rest = shape.slice(from);
	const known = product(rest.filter((size) => size >= 0));
	if (rest.filter((size) => size < 0).length !== 1 || known === 0 || elements % known !== 0) return null;
	return shape.map((size, axis) => (axis >= from && size < 0 ? elements / known : size));
}

function product(sizes: readonly number[]): number {
	return sizes.reduce((total, size) => total * size, 1);
}

/** Sizes of either; the first ones go before where the two do not agree. */
function merged(shape: PartialShape, wanted: PartialShape): PartialShape {
	if (!shape || !wanted) return shape ?? wanted;
	if (shape.length !== wanted.length) return shape;
	return shape.map((size, axis) => (size < 0 ? wanted[axis]! : size));
}

/** The constant that a tensor is, perhaps through nodes that keep its shape. */
export function constantBehind(graph: Graph, name: string | undefined): Node['tensor'] {
	let node = graph.node(name ?? '');
	for (let steps = 0; node && steps < 16; steps++) {
		if (node.op === 'Const') return node.tensor;
		if (node.op !== 'Identity' && node.op !== 'Dequantize' && node.op !== 'Cast') return undefined;
		node = graph.node(node.sources[0] ?? '');
	}
	return undefined;
}
