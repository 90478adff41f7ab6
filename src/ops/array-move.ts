/** Elements put in another order or among new ones: Transpose, Tile, Pad, Reverse, space to batch and depth. */

import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import {
	addSizes,
	misfit,
	multiplySizes,
	UNKNOWN,
	unknownSizes,
	withRank,
	withSize,
} from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integers,
	isComplex,
	pick,
	refusedValue,
	stridedOffsets,
	stridesOf,
} from './values.ts';

const transposeShape: ShapeFunction = ({ inputs, value }) => {
	const shape = inputs[0]!;
	const permutation = value(1);
	const count = inputs[1]?.length === 1 ? inputs[1][0]! : inputs[1]?.length === 0 ? 1 : -1;
	const rank = shape?.length ?? (count >= 0 ? count : permutation ? integers(permutation).length : -1);
	if (rank < 0) return [UNKNOWN];
	if (shape === null && rank < 2) return [UNKNOWN];
	const known = withRank(shape, rank);
	if (!permutation) return [unknownSizes(rank)];
	const axes = integers(permutation);
	if (axes.length !== rank && !(rank === 0 && axes.length === 1))
		throw misfit(`Dimension must be ${axes.length} but is ${rank}`);
	return [
		axes.slice(0, rank).map((axis) => {
			if (axis < -rank || axis >= rank)
				throw misfit(`perm dim ${axis} is out of range of input rank ${rank}`);
			return known.at(axis)!;
		}),
	];
};

const transpose: Kernel = ([x, permutation], context) => {
	const rank = x!.shape.length;
	const axes = integers(permutation!).map((axis) => (axis < 0 ? axis + rank : axis));
	if (axes.length !== rank || new Set(axes).size !== rank || axes.some((axis) => axis < 0 || axis >= rank))
		throw cannotRun(context, `[${axes}] is no permutation of ${rank} axes`);
	return [permute(x!, axes)];
};

const conjugateTranspose: Kernel = (inputs, context) => {
	const [moved] = transpose(inputs, context) as [TensorValue];
	if (!isComplex(moved.dtype)) return [moved];
	const data = (moved.data as Float32Array).map((part, i) => (i % 2 ? -part : part));
	return [{ ...moved, data }];
};

/** The tensor with its axes in another order: axis i of the result is axis `axes[i]` of `x`. */
export function permute(x: TensorValue, axes: readonly number[]): TensorValue {
	const shape = axes.map((axis) => x.shape[axis]!);
	if (axes.every((axis, i) => axis === i)) return x;
	const strides = stridesOf(x.shape);
	const steps = axes.map((axis) => strides[axis]!);
	return { dtype: x.dtype, shape, data: pick(x, stridedOffsets(shape, steps)) };
}

const tileShape: ShapeFunction = ({ inputs, sizes }) => {
	const multiples = sizes(1) ?? (inputs[0] && unknownSizes(inputs[0].length));
	if (!multiples) return [UNKNOWN];
	const shape = withRank(inputs[0], multiples.length);
	return [shape.map((size, axis) => multiplySizes(size, multiples[axis]!))];
};

const tile: Kernel = ([x, multiples]) => {
	const times = integers(multiples!);
	const shape = x!.shape.map((size, axis) => size * times[axis]!);
	// Seen as twice the rank, the repeats are axes of stride 0.
	const strides = stridesOf(x!.shape);
	const wide = x!.shape.flatMap((size, axis) => [times[axis]!, size]);
	const steps = strides.flatMap((stride) => [0, stride]);
	return [{ dtype: x!.dtype, shape, data: pick(x!, stridedOffsets(wide, steps)) }];
};

const padShape: ShapeFunction = ({ inputs, value }) => {
	const paddings = withRank(inputs[1], 2);
	withSize(paddings[1]!, 2);
	const rank = paddings[0]! >= 0 ? paddings[0]! : (inputs[0]?.length ?? -1);
	const shape = rank < 0 ? inputs[0]! : withRank(inputs[0], rank);
	const given = value(1);
	if (!given) return [rank < 0 ? UNKNOWN : unknownSizes(rank)];
	const amounts = integers(given);
	const known = withRank(shape, amounts.length / 2);
	return [known.map((size, axis) => addSizes(size, amounts[2 * axis]! + amounts[2 * axis + 1]!))];
};

function padWith(
	source: (at: number, size: number) => number,
): (x: TensorValue, amounts: number[], fill?: TensorValue) => TensorValue {
	return (x, amounts, fill) => {
		const shape = x.shape.map((size, axis) => size + amounts[2 * axis]! + amounts[2 * axis + 1]!);
		const strides = stridesOf(x.shape);
		// For each axis, where each index comes from; −1 is outside.
		const sources = shape.map((size, axis) =>
			Int32Array.from({ length: size }, (_, i) => source(i - amounts[2 * axis]!, x.shape[axis]!)),
		);
		const offsets = new Int32Array(elementCount(shape));
		const index = new Int32Array(shape.length);
		for (let i = 0; i < offsets.length; i++) {
			let offset = 0;
			for (let axis = 0; axis < shape.length; axis++) {
				const at = sources[axis]![index[axis]!]!;
				if (at < 0) {
					offset = -1;
					break;
				}
				offset += at * strides[axis]!;
			}
			offsets[i] = offset;
			for (let axis = shape.length - 1; axis >= 0; axis--) {
				if (++index[axis]! < shape[axis]!) break;
				index[axis] = 0;
			}
		}
		return { dtype: x.dtype, shape, data: pickOr(x, offsets, fill) };
	};
}

/** As `pick`, with `fill` (or zero) where the offset is −1. */
export function pickOr(x: TensorValue, offsets: Int32Array, fill?: TensorValue): TensorData {
	const data = allocate(x.dtype, offsets.length);
	const unit = isComplex(x.dtype) ? 2 : 1;
	const outside = fill?.data ?? allocate(x.dtype, 1);
	const source = x.data as { readonly [i: number]: number };
	const filler = outside as { readonly [i: number]: number };
	const target = data as unknown as { [i: number]: number };
	for (let i = 0; i < offsets.length; i++) {
		const offset = offsets[i]!;
		for (let part = 0; part < unit; part++)
			target[i * unit + part] = offset < 0 ? filler[part]! : source[offset * unit + part]!;
	}
	return data;
}

/** Zeros, or `fill`, around a tensor; `amounts` are before and after each axis. */
export const constantPad = padWith((at, size) => (at >= 0 && at < size ? at : -1));
const reflectPad = padWith((at, size) => (at < 0 ? -at : at >= size ? 2 * size - 2 - at : at));
const symmetricPad = padWith((at, size) => (at < 0 ? -at - 1 : at >= size ? 2 * size - 1 - at : at));

const pad: Kernel = ([x, paddings, fill], context) => {
	const amounts = integers(paddings!);
	if (amounts.length !== 2 * x!.shape.length || amounts.some((amount) => amount < 0))
		throw cannotRun(context, `[${amounts}] is no padding of [${x!.shape}]`);
	return [constantPad(x!, amounts, fill)];
};

const mirrorPad: Kernel = ([x, paddings], context) => {
	const amounts = integers(paddings!);
	const symmetric = context.attr('mode')?.string === 'SYMMETRIC';
	if (amounts.length !== 2 * x!.shape.length || amounts.some((amount) => amount < 0))
		throw cannotRun(context, `[${amounts}] is no padding of [${x!.shape}]`);
	x!.shape.forEach((size, axis) => {
		const before = amounts[2 * axis]!;
		const after = amounts[2 * axis + 1]!;
		if (Math.max(before, after) <= (symmetric ? size : size - 1)) return;
		const limit = symmetric ? 'paddings must be no greater than' : 'paddings must be less than';
		const word = symmetric ? 'greater than' : 'not less than';
		throw refusedValue(`${limit} the dimension size: ${before}, ${after} ${word} ${size}`);
	});
	return [(symmetric ? symmetricPad : reflectPad)(x!, amounts)];
};

const reverseShape: ShapeFunction = ({ inputs, value }) => {
	const shape = inputs[0]!;
	withRank(inputs[1], 1);
	const axes = value(1);
	if (!axes || shape === null) return [shape];
	const rank = shape.length;
	const seen = new Set<number>();
	integers(axes).forEach((axis, i) => {
		const at = axis < 0 ? axis + rank : axis;
		if (at < 0 || at >= rank) throw misfit(`'axis'[${i}] = ${axis} is out of valid range [0, ${rank - 1}`);
		if (seen.has(at)) throw misfit(`axis ${at} specified more than once.`);
		seen.add(at);
	});
	return [shape];
};

const reverse: Kernel = ([x, axesValue], context) => {
	const rank = x!.shape.length;
	const flags = context.node.op === 'Reverse';
	const given = integers(axesValue!);
	const axes = new Set(
		flags
			? given.flatMap((flag, axis) => (flag ? [axis] : []))
			: given.map((axis) => (axis < 0 ? axis + rank : axis)),
	);
	const strides = stridesOf(x!.shape);
	const steps = strides.map((stride, axis) => (axes.has(axis) ? -stride : stride));
	const start = strides.reduce(
		(sum, stride, axis) => sum + (axes.has(axis) ? stride * (x!.shape[axis]! - 1) : 0),
		0,
	);
	return [{ dtype: x!.dtype, shape: x!.shape, data: pick(x!, stridedOffsets(x!.shape, steps, start)) }];
};

export const arrayMoveOps: readonly OpDeclaration[] = [
	{ names: ['Transpose'], shape: transposeShape, kernel: transpose },
	{ names: ['ConjugateTranspose'], shape: transposeShape, kernel: conjugateTranspose },
	{ names: ['Tile'], shape: tileShape, kernel: tile },
	{ names: ['Pad', 'PadV2'], shape: padShape, kernel: pad },
	{ names: ['MirrorPad'], shape: padShape, kernel: mirrorPad },
	{ names: ['ReverseV2'], shape: reverseShape, kernel: reverse },
	{ names: ['Reverse'], shape: unchangedShape, kernel: reverse },
];
