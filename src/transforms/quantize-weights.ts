/**
 *   before   w = Const() {value: float[3,3,64,64]}
 *   after    w_quantized_const = Const() {value: quint8[3,3,64,64]}
 *            w_quantized_min = Const(), w_quantized_max = Const()
 *            w = Dequantize(w_quantized_const, w_quantized_min, w_quantized_max) {mode: "MIN_FIRST"}
 */
import { DT_FLOAT, DT_QUINT8, dtypeName } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { stage, type Work } from '../graph/progress.ts';
import { humanBytes } from '../inspect/humanize.ts';
import { constSpace, floatBytesOf, floatScalar } from './const-node.ts';
import { defineTransform } from './define.ts';
import { dequantize } from './dequantize.ts';
import { constantTensor, EVERY_CONST } from './every-const.ts';
import { int32 } from './parameters.ts';
import { replaceMatches } from './replace-matches.ts';
import { FLT_MIN, quantizedRange, quantizeToBytes } from './weight-range.ts';

export default defineTransform({
	name: 'quantize_weights',
	summary: 'store large float constants in eight bits, with a Dequantize behind',
	details:
		'Each constant becomes bytes between its least and its greatest value, zero included; the Dequantize takes the ' +
		'name of the constant, so that its readers see floats as before. The file is about a quarter, the graph runs ' +
		'no faster. Devices and control inputs of the constants are lost.',
	origin: 'tensorflow',
	loss: 'lossy',
	picture:
		'before   w = Const() {value: float[3,3,64,64]}\n' +
		'after    w_quantized_const = Const() {value: quint8[3,3,64,64]}\n' +
		'         w_quantized_min = Const(), w_quantized_max = Const()\n' +
		'         w = Dequantize(w_quantized_const, w_quantized_min, w_quantized_max)',
	params: {
		minimum_size: int32('leave constants with fewer elements alone', { default: 1024 }),
	},
	examples: ['quantize_weights', 'quantize_weights(minimum_size=256)'],
	seeAlso: ['round_weights', 'halve_weights', 'quantize_nodes'],
	idempotent: false,

	*apply({ graph, params, report }) {
		const minimum = params.minimum_size;
		let count = 0;
		let bytes = 0;
		const replaced = yield* replaceMatches(graph, EVERY_CONST, ({ head }) => {
			const { dtype, tensor } = constantTensor(head);
			// The tool compares without a sign: a negative minimum is beyond every size.
			if (minimum < 0 || tensor.elements < minimum) return [head];
			if (dtype !== DT_FLOAT) {
				if (tensor.elements >= 1024) report.skip(head.name, `it holds ${dtypeName(dtype)}, not float`);
				return [head];
			}
			count++;
			bytes += 3 * tensor.elements;
			return quantized(head, report.warn);
		});
		if (count === 0) {
			const wanted =
				minimum < 0 ? 'so many elements as a negative minimum_size asks for' : `${minimum} elements or more`;
			report.note(`no float constant has ${wanted}`);
		} else
			report.note(
				`quantized ${count} constant${count === 1 ? '' : 's'}: ${humanBytes(bytes)} of weights saved`,
			);
		return replaced.graph;
	},
});

function warnOfRange(
	name: string,
	{ min, max }: { readonly min: number; readonly max: number },
	warn: (text: string) => void,
): void {
	if (max === FLT_MIN && min === 0) {
		warn(`\`${name}\` has no value above or below zero: its range is 0 … 1.2e-38, and Dequantize gives NaN`);
	} else if (!Number.isFinite(Math.fround(max - min))) {
		warn(`\`${name}\` has the range ${min} … ${max}, too wide for eight bits: every byte is 0`);
	}
}

function* quantized(node: Node, warn: (text: string) => void): Work<Node[]> {
	const { name } = node;
	const { content, shape } = floatBytesOf(node);
	const range = yield* stage(quantizedRange(content), 0, 0.3);
	warnOfRange(name, range, warn);
	const parts = ['const', 'min', 'max'].map((part) => `${name}_quantized_${part}`);
	const bytes = constSpace(parts[0]!, { dtype: DT_QUINT8, shape }, content.length / 4);
	yield* stage(quantizeToBytes(content, range, bytes.content), 0.3, 1);
	return [
		bytes.node,
		floatScalar(parts[1]!, range.min),
		floatScalar(parts[2]!, range.max),
		dequantize(name, parts),
	];
}
