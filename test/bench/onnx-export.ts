/**
 * A frozen image network as ONNX, channels first, for a race on the same graph. What does not depend on the image is
 * computed here and becomes an initializer; Identity and CheckNumerics have nothing to do there and are left out.
 */

import { Executor } from '../../src/evaluate/executor.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Node } from '../../src/graph/node.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { encodeModel, type OnnxAttribute, type OnnxNode, type OnnxTensor } from './onnx-messages.ts';

type Rule = (node: Node, inputs: readonly string[], out: Exporter) => void;

const PASSED: ReadonlySet<string> = new Set(['Identity', 'CheckNumerics']);

/** @param shape of the image with its channels last, batch 1. */
export function exportOnnx(
	graph: Graph,
	input: string,
	outputs: readonly string[],
	shape: readonly number[],
): Uint8Array {
	return new Exporter(graph, input).export(outputs, shape);
}

class Exporter {
	readonly #graph: Graph;
	readonly #input: string;
	readonly #executor: Executor;
	readonly #nodes: OnnxNode[] = [];
	readonly #initializers = new Map<string, OnnxTensor>();
	/** Node → its tensor in the model. */
	readonly #names = new Map<string, string>();
	readonly #varying = new Map<string, boolean>();

	constructor(graph: Graph, input: string) {
		this.#graph = graph;
		this.#input = input;
		this.#executor = new Executor(graph);
	}

	export(outputs: readonly string[], [batch, height, width, channels]: readonly number[]): Uint8Array {
		const names = outputs.map((output) => this.#tensor(output));
		this.#executor.dispose();
		return encodeModel({
			nodes: this.#nodes,
			initializers: [...this.#initializers.values()],
			input: { name: this.#input, shape: [batch!, channels!, height!, width!] },
			outputs: names,
		});
	}

	/** Adds a node of one output, named after it. */
	add(
		opType: string,
		name: string,
		input: readonly string[],
		attribute: readonly OnnxAttribute[] = [],
	): string {
		this.#nodes.push({ opType, name, input, output: [name], attribute });
		return name;
	}

	constant(name: string, dims: readonly number[], values: Float32Array): string {
		this.#initializers.set(name, { name, dims, values });
		return name;
	}

	/** The value of a tensor that does not depend on the image. */
	valueOf(name: string): TensorValue {
		return this.#executor.run(new Map(), [name])[0]!;
	}

	/** One value a channel, to be combined with images. */
	channels(name: string, dims: (count: number) => readonly number[] = (count) => [count, 1, 1]): string {
		const values = this.valueOf(name).data as Float32Array;
		return this.constant(name, dims(values.length), values);
	}

	varies(name: string): boolean {
		let known = this.#varying.get(name);
		if (known === undefined) {
			known = name === this.#input || this.#graph.node(name)!.inputs.some((source) => this.varies(source));
			this.#varying.set(name, known);
		}
		return known;
	}

	#tensor(name: string): string {
		if (name === this.#input) return name;
		let known = this.#names.get(name);
		if (known === undefined) {
			const node = this.#graph.node(name)!;
			const inputs = node.inputs.map((source) => (this.varies(source) ? this.#tensor(source) : source));
			if (PASSED.has(node.op)) known = inputs[0]!;
			else {
				const rule = RULES[node.op];
				if (!rule) throw new Error(`no ONNX for ${node.op}`);
				rule(node, inputs, this);
				known = name;
			}
			this.#names.set(name, known);
		}
		return known;
	}
}

const text = (name: string, value: string): OnnxAttribute => ({ name, s: Buffer.from(value) });
const ints = (name: string, values: readonly number[]): OnnxAttribute => ({ name, ints: values });

function windowAttributes(node: Node): OnnxAttribute[] {
	const same = node.attr('padding')?.string === 'SAME';
	return [
		text('auto_pad', same ? 'SAME_UPPER' : 'VALID'),
		ints('strides', node.attr('strides')!.ints!.slice(1, 3)),
	];
}

/** [height, width, in, out] → [out, in, height, width]; a depthwise filter has one channel in each group. */
const convolution: Rule = (node, [x, filter], out) => {
	const { shape, data } = out.valueOf(filter!);
	const [height, width, depth, outputs] = shape as [number, number, number, number];
	const depthwise = node.op === 'DepthwiseConv2dNative';
	const [from, to] = depthwise ? [1, depth * outputs] : [depth, outputs];
	const weights = new Float32Array(data.length);
	const source = data as Float32Array;
	for (let tap = 0; tap < height * width; tap++)
		for (let i = 0; i < from; i++)
			for (let o = 0; o < to; o++)
				weights[(o * from + i) * height * width + tap] = source[(tap * from + i) * to + o]!;
	const name = out.constant(filter!, [to, from, height, width], weights);
	const group: OnnxAttribute = { name: 'group', i: depthwise ? depth : 1 };
	out.add(
		'Conv',
		node.name,
		[x!, name],
		[...windowAttributes(node), ints('kernel_shape', [height, width]), group],
	);
};

const pool =
	(op: string): Rule =>
	(node, [x], out) => {
		const size = ints('kernel_shape', node.attr('ksize')!.ints!.slice(1, 3));
		out.add(op, node.name, [x!], [...windowAttributes(node), size]);
	};

/** Of two images, or of an image and one value a channel. */
const pairwise =
	(op: string): Rule =>
	(node, inputs, out) => {
		const operands = inputs.map((input) => (out.varies(input) ? input : out.channels(input)));
		out.add(op, node.name, operands);
	};

const batchNorm: Rule = (node, [x, ...statistics], out) => {
	const epsilon: OnnxAttribute = { name: 'epsilon', f: node.attr('epsilon')!.float! };
	const vectors = statistics.map((name) => out.channels(name, (count) => [count]));
	out.add('BatchNormalization', node.name, [x!, ...vectors], [epsilon]);
};

const RULES: Readonly<Record<string, Rule>> = {
	Conv2D: convolution,
	DepthwiseConv2dNative: convolution,
	FusedBatchNorm: batchNorm,
	FusedBatchNormV3: batchNorm,
	Mul: pairwise('Mul'),
	Add: pairwise('Add'),
	AddV2: pairwise('Add'),
	BiasAdd: (node, [x, bias], out) => {
		out.add('Add', node.name, [x!, out.channels(bias!, (count) => [count])]);
	},
	Relu: (node, [x], out) => {
		out.add('Relu', node.name, [x!]);
	},
	Relu6: (node, [x], out) => {
		const bounds = [0, 6].map((bound) => out.constant(`bound_${bound}`, [], Float32Array.of(bound)));
		out.add('Clip', node.name, [x!, ...bounds]);
	},
	MaxPool: pool('MaxPool'),
	AvgPool: pool('AveragePool'),
	ConcatV2: (node, inputs, out) => {
		out.add('Concat', node.name, inputs.slice(0, -1), [{ name: 'axis', i: 1 }]);
	},
	Mean: (node, [x], out) => {
		const pooled = out.add('GlobalAveragePool', `${node.name}/spatial`, [x!]);
		out.add('Flatten', node.name, [pooled]);
	},
	MatMul: (node, [x, weights], out) => {
		const { shape, data } = out.valueOf(weights!);
		out.add('MatMul', node.name, [x!, out.constant(weights!, shape, data as Float32Array)]);
	},
	Softmax: (node, [x], out) => {
		out.add('Softmax', node.name, [x!], [{ name: 'axis', i: -1 }]);
	},
};
