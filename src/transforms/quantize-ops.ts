/**
 * Stage 4 of `quantize_nodes`: float ops become eight-bit ones between a quantization and a dequantization
 * (spec: quantizing 5.4).
 *
 *   before   y = Relu(x)
 *   after    y_eightbit/x/quantize = QuantizeV2(x, y_eightbit/x/min, y_eightbit/x/max)      … the range of x
 *            y/eightbit = QuantizedRelu(y_eightbit/x/quantize:0, …:1, …:2)
 *            y = Dequantize(y/eightbit:0, …:1, …:2)
 */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT, DT_INT32, DT_QINT32, DT_QUINT8 } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts, isControl } from '../graph/names.ts';
import { type Attrs, Node } from '../graph/node.ts';
import { attrsOf } from '../graph/node-attrs.ts';
import type { Work } from '../graph/progress.ts';
import { floatScalar, requiredAttr } from './const-node.ts';
import { declaredTypes } from './declared-types.ts';
import { dequantize, MIN_FIRST } from './dequantize.ts';
import { parsePattern } from './pattern.ts';
import { QUANTIZABLE, type QuantizableOp } from './quantizable-ops.ts';
import { replaceMatches } from './replace-matches.ts';

export interface ValueRange {
	readonly min: number;
	readonly max: number;
}

export interface QuantizeOptions {
	readonly ignored: ReadonlySet<string>;
	/** Stands for the range of every 32-bit result; without it ranges are found in each run. */
	readonly fallback: ValueRange | undefined;
	/** Told of each node that stays, and why. */
	skip(node: string, reason: string): void;
	warn(text: string): void;
}

/** `a:0`, `a:1`, `a:2`: a quantized value and its range. */
export function threePorts(name: string): string[] {
	return [`${name}:0`, `${name}:1`, `${name}:2`];
}

/** @returns the graph, and how many ops were quantized. */
export function* quantizeOps(graph: Graph, options: QuantizeOptions): Work<{ graph: Graph; count: number }> {
	const ops = [...QUANTIZABLE.keys()].filter((op) => !options.ignored.has(op));
	if (ops.length === 0) return { graph, count: 0 };
	let count = 0;
	const pass = yield* replaceMatches(graph, parsePattern(ops.join('|')), ({ head }) => {
		const twin = QUANTIZABLE.get(head.op)!;
		const reason = whyNot(graph, head, twin);
		if (reason !== undefined) {
			options.skip(head.name, reason);
			return [head];
		}
		warnOfLoss(head, options);
		count++;
		return quantizeOp(head, twin, options.fallback);
	});
	return { graph: pass.graph, count };
}

function whyNot(graph: Graph, node: Node, { untouched }: QuantizableOp): string | undefined {
	const { inputs, outputs } = declaredTypes(graph, node);
	for (let i = 0; i < node.inputs.length; i++) {
		// Control inputs lie beyond the signature and count as floats.
		const dtype = inputs[i] ?? DT_FLOAT;
		if (!untouched.has(i) && dtype !== DT_FLOAT) return `its input \`${node.inputs[i]}\` is not float`;
	}
	return outputs.every((dtype) => dtype === DT_FLOAT) ? undefined : 'its result is not float';
}

function warnOfLoss(node: Node, options: QuantizeOptions): void {
	if (node.inputs.some(isControl))
		options.warn(
			`\`${node.name}\` has a control input, which the C++ tool takes for a value: it will not run`,
		);
	if (node.attr('data_format')?.string === 'NCHW')
		options.warn(`\`${node.name}\` is NCHW, which is lost: the quantized op takes NHWC`);
	if (node.attr('dilations')?.ints?.some((rate) => rate !== 1))
		options.warn(`\`${node.name}\` has dilations, which are lost`);
}

function quantizeOp(node: Node, twin: QuantizableOp, fallback: ValueRange | undefined): Node[] {
	const nodes: Node[] = [];
	const values: string[] = [];
	const mins: string[] = [];
	const maxes: string[] = [];
	node.inputs.forEach((input, i) => {
		if (twin.untouched.has(i)) {
			values.push(input);
			return;
		}
		const quantized = quantizeInput(node.name, input, nodes);
		values.push(`${quantized}:0`);
		mins.push(`${quantized}:1`);
		maxes.push(`${quantized}:2`);
	});
	const ranges = node.op === 'Concat' ? [...mins, ...maxes] : mins.flatMap((min, i) => [min, maxes[i]!]);
	const attrs =
		twin.copied.length === 0
			? twin.types
			: new Map([...twin.copied.map((name) => [name, requiredAttr(node, name)] as const), ...twin.types]);
	const eightBit = `${node.name}/eightbit`;
	nodes.push(Node.of({ name: eightBit, op: twin.op, inputs: [...values, ...ranges], attrs }));
	const result = twin.wide ? requantize(eightBit, fallback, nodes) : eightBit;
	nodes.push(dequantize(node.name, threePorts(result)));
	return nodes;
}

const FLOAT = Attr.type(DT_FLOAT);
const RESHAPE = attrsOf({ T: FLOAT });
const BOUND = attrsOf({ T: FLOAT, keep_dims: Attr.bool(false) });
const EVERYTHING_IN_A_ROW = vectorOf(-1);
const FIRST_AXIS = vectorOf(0);

function vectorOf(value: number): Attrs {
	const vector = { dtype: DT_INT32, shape: [1], data: Int32Array.of(value) };
	return attrsOf({ dtype: Attr.type(DT_INT32), value: Attr.tensor(vector) });
}

const WIDE = Attr.type(DT_QINT32);
const REQUANTIZATION_RANGE = attrsOf({ Tinput: WIDE });
const REQUANTIZE = attrsOf({ Tinput: WIDE, out_type: Attr.type(DT_QUINT8) });

/** Adds the nodes that bring an input into eight bits. @returns the name of the last. */
function quantizeInput(node: string, input: string, nodes: Node[]): string {
	const { prefix, name, suffix } = inputParts(input);
	const port = suffix === '' ? '' : `__port__${suffix.slice(1)}`;
	const scope = `${node}_eightbit/${prefix === '' ? '' : '__hat__'}${name}${port}/`;
	const [dims, axes, reshape] = [`${scope}reshape_dims`, `${scope}reduction_dims`, `${scope}reshape`];
	const [min, max, quantize] = [`${scope}min`, `${scope}max`, `${scope}quantize`];
	const after = [`^${name}`];
	nodes.push(
		Node.of({ name: dims, op: 'Const', inputs: after, attrs: EVERYTHING_IN_A_ROW }),
		Node.of({ name: axes, op: 'Const', inputs: after, attrs: FIRST_AXIS }),
		Node.of({ name: reshape, op: 'Reshape', inputs: [input, dims], attrs: RESHAPE }),
		Node.of({ name: min, op: 'Min', inputs: [reshape, axes], attrs: BOUND }),
		Node.of({ name: max, op: 'Max', inputs: [reshape, axes], attrs: BOUND }),
		Node.of({ name: quantize, op: 'QuantizeV2', inputs: [input, min, max], attrs: MIN_FIRST }),
	);
	return quantize;
}

/** Adds the nodes that bring a 32-bit result to eight bits. @returns the name of the last. */
function requantize(wide: string, fallback: ValueRange | undefined, nodes: Node[]): string {
	const ports = threePorts(wide);
	const name = `${wide}/requantize`;
	if (fallback) {
		const [min, max] = [`${wide}/fallback_min`, `${wide}/fallback_max`];
		nodes.push(floatScalar(min, fallback.min), floatScalar(max, fallback.max));
		nodes.push(Node.of({ name, op: 'Requantize', inputs: [...ports, min, max], attrs: REQUANTIZE }));
		return name;
	}
	const range = `${wide}/requant_range`;
	nodes.push(
		Node.of({ name: range, op: 'RequantizationRange', inputs: ports, attrs: REQUANTIZATION_RANGE }),
		Node.of({ name, op: 'Requantize', inputs: [...ports, `${range}:0`, `${range}:1`], attrs: REQUANTIZE }),
	);
	return name;
}
