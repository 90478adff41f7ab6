/**
 *   before   w = Const() {dtype: float, value: float[3,3,64,64]}
 *   after    w_half = Const() {dtype: half, value: half[3,3,64,64]}
 *            w      = Cast(w_half) {SrcT: half, DstT: float}
 */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT, DT_HALF } from '../graph/dtype.ts';
import { toHalf } from '../graph/half.ts';
import { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import type { Tensor } from '../graph/tensor.ts';
import { contentInPlace } from '../graph/tensor-writer.ts';
import { defineTransform } from './define.ts';
import { int32 } from './parameters.ts';
import { floatsIn, inParts } from './weight-range.ts';

/** The largest finite half; what is beyond it would become infinite. */
const LARGEST_HALF = 65504;

export default defineTransform({
	name: 'halve_weights',
	summary: 'store large float constants in half precision, with a Cast behind',
	details:
		'The Cast takes the name of the constant, so its readers see floats as before, rounded to eleven bits. A constant with a value ' +
		'beyond 65504 stays as it is. Half the size, with far less loss than eight bits.',
	origin: 'whittle',
	loss: 'lossy',
	picture:
		'before   w = Const() {value: float[3,3,64,64]}\nafter    w = Cast(w_half)    w_half = Const() {value: half[3,3,64,64]}',
	params: {
		minimum_size: int32('leave constants with fewer elements alone', { default: 1024 }),
	},
	examples: ['halve_weights', 'halve_weights(minimum_size=256)'],
	seeAlso: ['quantize_weights', 'round_weights'],

	*apply({ graph, params, report }) {
		const minimum = params.minimum_size;
		let halved = 0;
		const nodes: Node[] = [];
		const share = (i: number): number => i / graph.nodes.length;
		for (const [i, node] of graph.nodes.entries()) {
			if (isTurn(i)) yield { done: share(i), total: 1 };
			const tensor = floatTensor(node, minimum);
			const halves = tensor && (yield* stage(halvesOf(tensor), share(i), share(i + 1)));
			const taken = graph.has(`${node.name}_half`);
			if (tensor && !halves) report.skip(node.name, `a value is beyond ${LARGEST_HALF}, the largest half`);
			else if (halves && taken) report.skip(node.name, `there is a node \`${node.name}_half\` already`);
			if (halves && !taken) {
				halved++;
				nodes.push(...halfNodes(node, halves));
			} else nodes.push(node);
		}
		if (halved === 0) report.note(`no float constant has ${minimum} elements or more`);
		return graph.with(nodes);
	},
});

/** The value of a float Const that is large enough; undefined for any other node. */
function floatTensor(node: Node, minimum: number): Tensor | undefined {
	if (node.op !== 'Const') return undefined;
	const { tensor } = node;
	const fits = tensor?.dtype === DT_FLOAT && tensor.decodable && tensor.elements >= Math.max(1, minimum);
	return fits ? tensor : undefined;
}

/** The same value in half precision; undefined where one is beyond the largest half. */
function* halvesOf(tensor: Tensor): Work<Attr | undefined> {
	const { shape, elements } = tensor;
	const floats = contentInPlace(tensor);
	const { attr, content } = Attr.tensorSpace({ dtype: DT_HALF, shape }, elements * 2);
	const halves = new Uint16Array(content.buffer, content.byteOffset, elements);
	let beyond = false;
	yield* inParts(elements, (from, to) => {
		const values = floatsIn(floats.subarray(from * 4, to * 4));
		for (let i = 0; i < values.length; i++) {
			if (Math.abs(values[i]!) > LARGEST_HALF) beyond = true;
			halves[from + i] = toHalf(values[i]!);
		}
	});
	return beyond ? undefined : attr;
}

function halfNodes(node: Node, value: Attr): Node[] {
	const half = Node.of({
		name: `${node.name}_half`,
		op: 'Const',
		inputs: node.inputs,
		device: node.device,
		attrs: { dtype: Attr.type(DT_HALF), value },
	});
	const cast = Node.of({
		name: node.name,
		op: 'Cast',
		inputs: [half.name],
		device: node.device,
		attrs: { SrcT: Attr.type(DT_HALF), DstT: Attr.type(DT_FLOAT), Truncate: Attr.bool(false) },
	});
	return [half, cast];
}
