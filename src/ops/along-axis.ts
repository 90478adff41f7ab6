/** Walks along one axis: positions of extremes, running sums and products. */
import { DT_INT64 } from '../graph/dtype.ts';
import { cellsOf, combiner, emptyCells, fillOnes, finished } from './accumulate.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { inputFlops } from './reduction.ts';
import { misfit, UNKNOWN, unknownSizes } from './shape-algebra.ts';
import {
	cannotRun,
	elementCount,
	integerTensor,
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
	(combination: 'sum' | 'product'): Kernel =>
	([x, axisValue], context) => {
		const { dtype, shape } = x!;
		const given = scalar(axisValue!);
		const axis = given < 0 ? given + shape.length : given;
		const size = shape[axis];
		if (size === undefined) throw cannotRun(context, `axis ${given} is outside of [${shape}]`);
		const exclusive = context.attr('exclusive')?.bool ?? false;
		const backwards = context.attr('reverse')?.bool ?? false;
		const source = cellsOf(x!);
		const found = emptyCells(dtype, elementCount(shape));
		const total = emptyCells(dtype, 1);
		const copy = combiner('sum', dtype);
		const combine = combiner(combination, dtype);
		const inner = elementCount(shape.slice(axis + 1));
		for (let line = 0; line < elementCount(shape) / Math.max(size, 1); line++) {
			const first = Math.floor(line / inner) * size * inner + (line % inner);
			(total as unknown as Float32Array).set(emptyCells(dtype, 1) as unknown as Float32Array);
			if (combination === 'product') fillOnes(total, dtype);
			for (let step = 0; step < size; step++) {
				const at = first + (backwards ? size - 1 - step : step) * inner;
				if (exclusive) copy(found, at, total, 0, 1);
				combine(total, 0, source, at, 1);
				if (!exclusive) copy(found, at, total, 0, 1);
			}
		}
		return [finished(found, dtype, shape)];
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
		kernel: cumulate('sum'),
		flops: inputFlops,
		flopsRule: 'one an element',
		flushesDenormals: true,
	},
	{
		names: ['Cumprod'],
		shape: unchangedShape,
		kernel: cumulate('product'),
		flops: inputFlops,
		flopsRule: 'one an element',
		flushesDenormals: true,
	},
];
