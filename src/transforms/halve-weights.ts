/**
 *   before   w = Const() {dtype: float, value: float[3,3,64,64]}
 *   after    w_half = Const() {dtype: half, value: half[3,3,64,64]}
 *            w      = Cast(w_half) {SrcT: half, DstT: float}
 */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT, DT_HALF } from '../graph/dtype.ts';
import { toHalf } from '../graph/half.ts';
import { Node } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { int32 } from './parameters.ts';

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

	apply({ graph, params, report }) {
		const minimum = params.minimum_size;
		let halved = 0;
		const nodes = graph.nodes.flatMap((node) => {
			const values = floatsOf(node, minimum);
			if (!values) return [node];
			if (values.some((value) => Math.abs(value) > LARGEST_HALF)) {
				report.skip(node.name, `a value is beyond ${LARGEST_HALF}, the largest half`);
				return [node];
			}
			if (graph.has(`${node.name}_half`)) {
				report.skip(node.name, `there is a node \`${node.name}_half\` already`);
				return [node];
			}
			halved++;
			return halve(node, values);
		});
		if (halved === 0) report.note(`no float constant has ${minimum} elements or more`);
		return graph.with(nodes);
	},
});

/** The values of a float Const that is large enough; undefined for any other node. */
function floatsOf(node: Node, minimum: number): Float32Array | undefined {
	if (node.op !== 'Const') return undefined;
	const tensor = node.tensor;
	if (tensor?.dtype !== DT_FLOAT || !tensor.decodable || tensor.elements < Math.max(1, minimum))
		return undefined;
	return tensor.data as Float32Array;
}

function halve(node: Node, values: Float32Array): Node[] {
	const data = new Uint16Array(values.length);
	for (let i = 0; i < values.length; i++) data[i] = toHalf(values[i]!);
	const half = Node.of({
		name: `${node.name}_half`,
		op: 'Const',
		inputs: node.inputs,
		device: node.device,
		attrs: {
			dtype: Attr.type(DT_HALF),
			value: Attr.tensor({ dtype: DT_HALF, shape: node.tensor!.shape, data }),
		},
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
