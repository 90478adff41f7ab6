/** Einstein's summation: every pair of operands brought to a batch of matrix products. */
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { parseEinsum } from '../einsum-equation.ts';
import {
	cannotRun,
	elementCount,
	isNumbers,
	isSixteenBitFloat,
	type Numbers,
	noDtype,
	pick,
	stridedOffsets,
	stridesOf,
} from '../values.ts';
import { batchMatMul } from './matmul.ts';

/** A tensor whose axes have names. */
interface Named {
	readonly value: TensorValue;
	readonly labels: readonly string[];
}

export const einsum: Kernel = (inputs, context) => {
	const equation = parseEinsum(context.attr('equation')?.string ?? '');
	const spread = inputs.map((value, i) => spelledOut(value, equation.operands[i] ?? [], context));
	const ellipsis = [
		...new Set(spread.flatMap(({ labels }) => labels.filter((label) => label.startsWith('.')))),
	]
		.sort()
		.reverse();
	const result = equation.result.flatMap((label) => (label === '…' ? ellipsis : [label]));
	let joined = spread[0]!;
	for (const next of spread.slice(1)) joined = multiply(joined, next, result, context);
	const summed = sumOut(joined, new Set(result), context);
	return [ordered(summed, result).value];
};

/** Labels for the axes of an ellipsis (counted from the right, so that they broadcast), diagonals of repeated ones. */
function spelledOut(value: TensorValue, labels: readonly string[], context: KernelContext): Named {
	const wide = value.shape.length - labels.filter((label) => label !== '…').length;
	const axes = labels.flatMap((label) =>
		label === '…' ? Array.from({ length: wide }, (_, i) => `.${wide - i}`) : [label],
	);
	if (wide < 0 || axes.length !== value.shape.length)
		throw cannotRun(context, `an operand [${value.shape}] does not fit its labels`);
	const strides = stridesOf(value.shape);
	const sizes = new Map<string, { size: number; stride: number }>();
	for (const [axis, label] of axes.entries()) {
		const known = sizes.get(label);
		sizes.set(label, { size: value.shape[axis]!, stride: strides[axis]! + (known?.stride ?? 0) });
	}
	if (sizes.size === axes.length) return { value, labels: axes };
	const shape = [...sizes.values()].map(({ size }) => size);
	const offsets = stridedOffsets(
		shape,
		[...sizes.values()].map(({ stride }) => stride),
	);
	return { value: { dtype: value.dtype, shape, data: pick(value, offsets) }, labels: [...sizes.keys()] };
}

/** Axes in another order; labels that are missing get size one. */
function ordered({ value, labels }: Named, wanted: readonly string[]): Named {
	const strides = stridesOf(value.shape);
	const at = wanted.map((label) => labels.indexOf(label));
	const shape = at.map((axis) => (axis < 0 ? 1 : value.shape[axis]!));
	if (at.every((axis, i) => axis === i) && at.length === labels.length) return { value, labels: wanted };
	const offsets = stridedOffsets(
		shape,
		at.map((axis) => (axis < 0 ? 0 : strides[axis]!)),
	);
	return { value: { dtype: value.dtype, shape, data: pick(value, offsets) }, labels: wanted };
}

/** Sums over the labels that nobody wants any more. */
function sumOut(named: Named, wanted: ReadonlySet<string>, context: KernelContext): Named {
	const kept = named.labels.filter((label) => wanted.has(label));
	const gone = named.labels.filter((label) => !wanted.has(label));
	if (gone.length === 0) return named;
	const { value } = ordered(named, [...kept, ...gone]);
	if (!isNumbers(value.data) || isSixteenBitFloat(value.dtype)) throw noDtype(context, value.dtype);
	const shape = value.shape.slice(0, kept.length);
	const inner = elementCount(value.shape.slice(kept.length));
	const source = value.data as Numbers;
	const data = new (source.constructor as Float32ArrayConstructor)(elementCount(shape));
	for (let i = 0; i < data.length; i++) {
		let sum = 0;
		for (let k = i * inner; k < (i + 1) * inner; k++) sum += source[k]!;
		data[i] = sum;
	}
	return { value: { dtype: value.dtype, shape, data }, labels: kept };
}

/** Batch axes are those of both operands that are wanted, summed ones those of both that are not. */
function multiply(a: Named, b: Named, result: readonly string[], context: KernelContext): Named {
	const wanted = new Set(result);
	const left = sumOut(a, new Set([...wanted, ...b.labels]), context);
	const right = sumOut(b, new Set([...wanted, ...a.labels]), context);
	const batch = [...new Set([...left.labels, ...right.labels])].filter(
		(label) =>
			wanted.has(label) &&
			((left.labels.includes(label) && right.labels.includes(label)) || label.startsWith('.')),
	);
	const summed = left.labels.filter((label) => right.labels.includes(label) && !wanted.has(label));
	const rows = left.labels.filter((label) => !batch.includes(label) && !summed.includes(label));
	const columns = right.labels.filter((label) => !batch.includes(label) && !summed.includes(label));
	const x = ordered(left, [...batch, ...rows, ...summed]).value;
	const y = ordered(right, [...batch, ...summed, ...columns]).value;
	const count = batch.length;
	const sizeOf = (shape: readonly number[]): number => elementCount(shape);
	const [rowShape, columnShape] = [
		x.shape.slice(count, count + rows.length),
		y.shape.slice(count + summed.length),
	];
	const depth = sizeOf(x.shape.slice(count + rows.length));
	const plain: KernelContext = { ...context, attr: () => undefined, outputDtypes: [x.dtype] };
	const [product] = batchMatMul(
		[
			{ ...x, shape: [...x.shape.slice(0, count), sizeOf(rowShape), depth], data: x.data },
			{ ...y, shape: [...y.shape.slice(0, count), depth, sizeOf(columnShape)], data: y.data },
		],
		{ ...plain, workspace: undefined },
	);
	const shape = [...product!.shape.slice(0, count), ...rowShape, ...columnShape];
	return { value: { dtype: x.dtype, shape, data: product!.data }, labels: [...batch, ...rows, ...columns] };
}
