/** Walks along one axis: positions of extremes, running sums and products. */
import { DT_INT64, dtypeStorage } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise-unary.ts';
import { inputFlops } from './reduction.ts';
import { misfit, UNKNOWN, unknownSizes } from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integerTensor,
	isBigInts,
	isComplex,
	isSixteenBitFloat,
	noDtype,
	refusedValue,
	scalar,
	widen,
} from './values.ts';

const positionShape: ShapeFunction = ({ inputs, value }) => {
	const shape = inputs[0]!;
	const axisValue = value(1);
	if (shape === null) return [UNKNOWN];
	if (!axisValue) return [unknownSizes(Math.max(0, shape.length - 1))];
	const given = scalar(axisValue);
	if (shape.length <= 1) return [[]];
	const axis = given < 0 ? given + shape.length : given;
	if (axis < 0 || axis >= shape.length)
		throw misfit(
			`Dimension (${given}) must be in the range [${-shape.length}, ${shape.length}), where ${shape.length} is the number of dimensions in the input.`,
		);
	return [shape.filter((_, i) => i !== axis)];
};

/** The first position of the largest, or smallest, element along an axis. */
function position(better: (a: number | bigint, b: number | bigint) => boolean): Kernel {
	return ([x, axisValue], context) => {
		const rank = x!.shape.length;
		const given = axisValue ? scalar(axisValue) : 0;
		const axis = given < 0 ? given + rank : given;
		if (axis < 0 || axis >= rank)
			throw refusedValue(
				`Expected dimension in the range [${rank === 0 ? 0 : -rank}, ${rank}), but got ${given}`,
			);
		const size = x!.shape[axis]!;
		if (size === 0) throw cannotRun(context, `axis ${given} of [${x!.shape}] has no elements`);
		if (isComplex(x!.dtype)) throw noDtype(context, x!.dtype);
		const data = (isSixteenBitFloat(x!.dtype) ? widen(x!) : x!.data) as ArrayLike<number | bigint>;
		const inner = elementCount(x!.shape.slice(axis + 1));
		const shape = x!.shape.filter((_, i) => i !== axis);
		const found = Array.from({ length: elementCount(shape) }, (_, i) => {
			const start = Math.floor(i / inner) * size * inner + (i % inner);
			let best = 0;
			for (let at = 1; at < size; at++)
				if (better(data[start + at * inner]!, data[start + best * inner]!)) best = at;
			return best;
		});
		return [integerTensor(context.outputDtypes[0] ?? DT_INT64, shape, found)];
	};
}

const cumulate =
	(combine: (a: number, b: number) => number, wide: (a: bigint, b: bigint) => bigint, start: 0 | 1): Kernel =>
	([x, axisValue], context) => {
		const { dtype, shape } = x!;
		const rank = shape.length;
		const given = scalar(axisValue!);
		const axis = given < 0 ? given + rank : given;
		const size = shape[axis];
		if (size === undefined) throw cannotRun(context, `axis ${given} is outside of [${shape}]`);
		if (isComplex(dtype) || isSixteenBitFloat(dtype)) throw noDtype(context, dtype);
		const exclusive = context.attr('exclusive')?.bool ?? false;
		const backwards = context.attr('reverse')?.bool ?? false;
		const data = allocate(dtype, elementCount(shape)) as unknown as { [i: number]: number | bigint };
		const source = x!.data as unknown as { [i: number]: number | bigint };
		const big = isBigInts(x!.data);
		const inner = elementCount(shape.slice(axis + 1));
		for (let line = 0; line < elementCount(shape) / Math.max(size, 1); line++) {
			const first = Math.floor(line / inner) * size * inner + (line % inner);
			let total: number | bigint = big ? BigInt(start) : start;
			for (let step = 0; step < size; step++) {
				const at = first + (backwards ? size - 1 - step : step) * inner;
				const next: number | bigint = big
					? wide(total as bigint, source[at] as bigint)
					: combine(total as number, source[at] as number);
				data[at] = exclusive ? total : next;
				total = big ? next : dtypeStorage(dtype) === 'float32' ? Math.fround(next as number) : next;
			}
		}
		return [{ dtype, shape, data: data as unknown as TensorValue['data'] }];
	};

export const alongAxisOps: readonly OpDeclaration[] = [
	{
		names: ['ArgMax'],
		shape: positionShape,
		kernel: position((a, b) => a > b),
		flops: inputFlops,
		flopsRule: 'one an element of the input',
	},
	{
		names: ['ArgMin'],
		shape: positionShape,
		kernel: position((a, b) => a < b),
		flops: inputFlops,
		flopsRule: 'one an element of the input',
	},
	{
		names: ['Cumsum'],
		shape: unchangedShape,
		kernel: cumulate(
			(a, b) => a + b,
			(a, b) => a + b,
			0,
		),
		flops: inputFlops,
		flopsRule: 'one an element',
		flushesDenormals: true,
	},
	{
		names: ['Cumprod'],
		shape: unchangedShape,
		kernel: cumulate(
			(a, b) => a * b,
			(a, b) => a * b,
			1,
		),
		flops: inputFlops,
		flopsRule: 'one an element',
		flushesDenormals: true,
	},
];
