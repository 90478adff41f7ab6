/** Rectangular parts of tensors. */
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { mergeSizes, sizeAt, UNKNOWN, unknownSizes, withRank } from './shape-algebra.ts';
import { integers, pick, refusedValue, stridedOffsets, stridesOf } from './values.ts';

const sliceShape: ShapeFunction = ({ inputs, value, sizes }) => {
	const begin = withRank(inputs[1], 1);
	const size = withRank(inputs[2], 1);
	const rank = mergeSizes(begin[0]!, size[0]!);
	const shape = rank < 0 ? inputs[0]! : withRank(inputs[0], rank);
	const wanted = value(2);
	if (!wanted) return [shape === null ? UNKNOWN : unknownSizes(shape.length)];
	const starts = sizes(1) ?? [];
	return [
		integers(wanted).map((length, axis) => {
			const whole = sizeAt(shape, axis);
			const start = starts[axis] ?? -1;
			if (length !== -1) return length;
			return whole < 0 || start < 0 ? -1 : whole - start;
		}),
	];
};

const slice: Kernel = ([x, beginValue, sizeValue]) => {
	const begin = integers(beginValue!);
	const size = integers(sizeValue!).map((length, axis) =>
		length === -1 ? x!.shape[axis]! - begin[axis]! : length,
	);
	for (let axis = 0; axis < begin.length; axis++)
		checkSlice(axis, x!.shape[axis]!, begin[axis]!, size[axis]!);
	const strides = stridesOf(x!.shape);
	const start = begin.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
	return [{ dtype: x!.dtype, shape: size, data: pick(x!, stridedOffsets(size, strides, start)) }];
};

function checkSlice(axis: number, whole: number, begin: number, size: number): void {
	if (whole === 0) {
		if (begin === 0 && size === 0) return;
		throw refusedValue(
			`Expected begin[${axis}] == 0 (got ${begin}) and size[${axis}] == 0 (got ${size}) when input.dim_size(${axis}) == 0`,
		);
	}
	if (begin < 0 || begin > whole)
		throw refusedValue(`Expected begin[${axis}] in [0, ${whole}], but got ${begin}`);
	if (size < 0 || begin + size > whole)
		throw refusedValue(`Expected size[${axis}] in [0, ${whole - begin}], but got ${size}`);
}

export const arraySliceOps: readonly OpDeclaration[] = [
	{ names: ['Slice'], shape: sliceShape, kernel: slice },
];
