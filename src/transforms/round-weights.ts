/**
 *   before   w = Const() {value: float[4] [1, 2, 3, 4]}              round_weights(num_steps=3)
 *   after    w = Const() {value: float[4] [1.5, 2.5, 3.5, 4.5]}
 */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { stage, type Work } from '../graph/progress.ts';
import { weightBlocks } from '../ops/engine/blocks.ts';
import { constSpace, floatBytesOf } from './const-node.ts';
import { defineTransform } from './define.ts';
import { constantTensor, EVERY_CONST } from './every-const.ts';
import { int32 } from './parameters.ts';
import { replaceMatches } from './replace-matches.ts';
import { floatsIn, inParts, valueRange, type WeightRange } from './weight-range.ts';

/** Constants with fewer elements are left alone. */
const FEWEST = 16;

export default defineTransform({
	name: 'round_weights',
	summary: 'round large float constants to equally spaced values, so that the file compresses better',
	details:
		'The constants stay floats of the same size; gzip or a package manager then finds few different values in ' +
		'them. Each value goes to the middle of its step, the greatest one half a step beyond itself. Constants with ' +
		'fewer than 16 elements are left alone.',
	origin: 'tensorflow',
	loss: 'lossy',
	picture:
		'before   w = Const() {value: float[4] [1, 2, 3, 4]}\n' +
		'after    w = Const() {value: float[4] [1.5, 2.5, 3.5, 4.5]}',
	params: {
		num_steps: int32('how many steps there are between the least and the greatest value', { default: 256 }),
	},
	examples: ['round_weights', 'round_weights(num_steps=64)'],
	seeAlso: ['quantize_weights', 'halve_weights'],
	idempotent: false,

	*apply({ graph, params, report }) {
		const steps = params.num_steps;
		if (steps <= 0) report.warn(`num_steps is ${steps}: the values that come out make no sense`);
		let count = 0;
		const replaced = yield* replaceMatches(graph, EVERY_CONST, ({ head }) => {
			const { dtype, tensor } = constantTensor(head);
			if (dtype !== DT_FLOAT || tensor.elements < FEWEST) return [head];
			count++;
			return rounded(head, steps);
		});
		report.note(
			count === 0
				? `no float constant has ${FEWEST} elements or more`
				: `rounded ${count} constant${count === 1 ? '' : 's'}`,
		);
		return replaced.graph;
	},
});

function* rounded(node: Node, steps: number): Work<Node[]> {
	const { content, shape } = floatBytesOf(node);
	const { min, max } = spreadRange(yield* stage(valueRange(content), 0, 0.3));
	const width = Math.fround(Math.fround(max - min) / Math.fround(steps));
	const result = constSpace(node.name, { dtype: DT_FLOAT, shape }, content.length);
	const blocks = weightBlocks();
	const round = (from: number, to: number): void => {
		const bytes = content.subarray(from * 4, to * 4);
		const target = result.content.subarray(from * 4, to * 4);
		if (blocks) blocks.round(bytes, min, width, target);
		else roundFloats(floatsIn(bytes), min, width, floatsIn(target));
	};
	yield* stage(inParts(content.length / 4, round), 0.3, 1);
	return [result.node];
}

/** In single precision at every step; a step number that no 32-bit integer holds is −2³¹, as on x86. */
function roundFloats(values: Float32Array, min: number, width: number, target: Float32Array): void {
	const { fround } = Math;
	for (let i = 0; i < values.length; i++) {
		const step = Math.floor(fround(fround(values[i]! - min) / width));
		const held = step >= -(2 ** 31) && step < 2 ** 31 ? step : -(2 ** 31);
		target[i] = min + fround(width * fround(fround(held) + 0.5));
	}
}

/** Where all values are one, a range around it. */
function spreadRange({ min, max }: WeightRange): WeightRange {
	if (min !== max) return { min, max };
	const next = Math.abs(min) < Math.fround(0.000001) ? min + 1 : 2 * min;
	return { min, max: Math.fround(next) };
}
