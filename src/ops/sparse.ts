/** Sparse tensors as three: indices, values, shape. */
import { DT_INT64 } from '../graph/dtype.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { withRank } from './shape-algebra.ts';
import { elementCount, integers, integerTensor, refusedValue, stridesOf } from './values.ts';

const reshapeShape: ShapeFunction = ({ inputs }) => {
	const indices = withRank(inputs[0], 2);
	const wanted = withRank(inputs[2], 1);
	return [[indices[0]!, wanted[0]!], wanted];
};

/** Indices of the same elements under another shape; one size may be −1. */
const reshape: Kernel = ([indices, before, after]) => {
	const old = integers(before!);
	const wanted = integers(after!);
	const elements = elementCount(old);
	const open = wanted.indexOf(-1);
	if (open >= 0)
		wanted[open] = elements / wanted.reduce((product, size) => (size < 0 ? product : product * size), 1);
	if (elementCount(wanted) !== elements || !wanted.every(Number.isInteger)) {
		throw refusedValue(
			`Input to reshape is a tensor with ${elements} dense values, but the requested shape has ${elementCount(wanted)}. input_shape=[${old}] output_shape=[${wanted}]`,
		);
	}
	const from = stridesOf(old);
	const to = stridesOf(wanted);
	const flat = integers(indices!);
	const count = indices!.shape[0]!;
	const moved: number[] = [];
	for (let row = 0; row < count; row++) {
		let rest = from.reduce((sum, stride, axis) => sum + stride * flat[row * old.length + axis]!, 0);
		for (const stride of to) {
			moved.push(Math.floor(rest / stride));
			rest %= stride;
		}
	}
	return [
		integerTensor(DT_INT64, [count, wanted.length], moved),
		integerTensor(DT_INT64, [wanted.length], wanted),
	];
};

export const sparseOps: readonly OpDeclaration[] = [
	{ names: ['SparseReshape'], shape: reshapeShape, kernel: reshape },
];
