/** Joining tensors along an axis, one that is there or a new one: Concat and Pack. */
import { DT_INT32 } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, KernelContext, OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import {
	addSizes,
	concatenateShapes,
	mergeShapes,
	misfit,
	packAxis,
	SCALAR,
	sizeAt,
	subshape,
	UNKNOWN,
	unknownSizes,
	withRank,
	withRankAtLeast,
} from './shape-algebra.ts';
import {
	cannotRun,
	copyElements,
	elementCount,
	integers,
	integerTensor,
	isComplex,
	scalar,
} from './values.ts';

/** Joins tensors of equal shape but for one axis. */
function concatenate(parts: readonly TensorValue[], axis: number): TensorValue {
	const first = parts[0]!;
	const shape = [...first.shape];
	shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0);
	const data = allocate(first.dtype, elementCount(shape));
	const unit = isComplex(first.dtype) ? 2 : 1;
	const inner = unit * elementCount(shape.slice(axis + 1));
	const outer = elementCount(shape.slice(0, axis));
	let at = 0;
	for (let row = 0; row < outer; row++) {
		for (const part of parts) {
			const length = part.shape[axis]! * inner;
			copyElements(part.data, row * length, length, data, at);
			at += length;
		}
	}
	return { dtype: first.dtype, shape, data };
}

function concatKernel(
	parts: readonly TensorValue[],
	axis: TensorValue,
	context: KernelContext,
): TensorValue[] {
	const rank = parts[0]!.shape.length;
	const given = scalar(axis);
	if (given < -rank || given >= rank) throw cannotRun(context, `axis ${given} is outside of rank ${rank}`);
	const at = given < 0 ? given + rank : given;
	for (const part of parts) {
		if (part.shape.length !== rank || part.shape.some((size, i) => i !== at && size !== parts[0]!.shape[i]))
			throw cannotRun(context, `shapes [${parts[0]!.shape}] and [${part.shape}] do not fit together`);
	}
	return [parts.length === 1 ? parts[0]! : concatenate(parts, at)];
}

function concatShape(context: ShapeContext, parts: readonly Shape[], axisInput: number): Shape[] {
	withRank(context.inputs[axisInput], 0);
	const axisValue = context.value(axisInput);
	if (!axisValue) {
		const known = parts.find((shape) => shape !== null);
		if (!known) return [UNKNOWN];
		if (known.length === 0) throw misfit("Can't concatenate scalars (use tf.stack instead)");
		for (const part of parts) withRank(part, known.length);
		return [unknownSizes(known.length)];
	}
	const axis = scalar(axisValue);
	const least = axis < 0 ? -axis : axis + 1;
	const tail = axis === -1 ? undefined : axis + 1;
	let before: Shape = UNKNOWN;
	let size = 0;
	let after: Shape = UNKNOWN;
	for (let i = parts.length - 1; i >= 0; i--) {
		const part = withRankAtLeast(parts[i]!, least);
		before = mergeShapes(subshape(part, 0, axis), before);
		size = addSizes(sizeAt(part, axis), size);
		after = mergeShapes(tail === undefined ? SCALAR : subshape(part, tail), after);
	}
	return [concatenateShapes(concatenateShapes(before, [size]), after)];
}

const packShape: ShapeFunction = ({ inputs, attr }) => {
	let merged: Shape = inputs.at(-1) ?? UNKNOWN;
	for (let i = inputs.length - 2; i >= 0; i--) {
		try {
			merged = mergeShapes(inputs[i]!, merged);
		} catch (error) {
			throw misfit(`${(error as Error).message}\n\tFrom merging shape ${i} with other shapes.`);
		}
	}
	if (merged === null) return [UNKNOWN];
	const axis = packAxis(attr('axis')?.int ?? 0, merged.length + 1);
	return [[...merged.slice(0, axis), inputs.length, ...merged.slice(axis)]];
};

const pack: Kernel = (inputs, context) => {
	const { shape, dtype } = inputs[0]!;
	const given = context.attr('axis')?.int ?? 0;
	const axis = given < 0 ? given + shape.length + 1 : given;
	const raised = inputs.map((input) => {
		if (input.shape.length !== shape.length || input.shape.some((size, i) => size !== shape[i]))
			throw cannotRun(context, `shapes [${shape}] and [${input.shape}] differ`);
		return { dtype, shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)], data: input.data };
	});
	return [concatenate(raised, axis)];
};

const concatOffset: Kernel = ([axisValue, ...shapes]) => {
	const axis = scalar(axisValue!);
	let offset = 0;
	return shapes.map((shape) => {
		const sizes = integers(shape);
		const at = axis < 0 ? axis + sizes.length : axis;
		const found = sizes.map((_, i) => (i === at ? offset : 0));
		offset += sizes[at]!;
		return integerTensor(shape.dtype ?? DT_INT32, [sizes.length], found);
	});
};

/** Values, and as many smallest and largest ones: the range of the result is two numbers. */
const quantizedConcat =
	(first: number, axis: (count: number) => number): ShapeFunction =>
	(context) => {
		const count = context.attr('N')?.int ?? 0;
		const [shape = UNKNOWN] = concatShape(context, context.inputs.slice(first, first + count), axis(count));
		return [shape, [], []];
	};

export const arrayJoinOps: readonly OpDeclaration[] = [
	{ names: ['QuantizedConcat'], shape: quantizedConcat(1, () => 0) },
	{ names: ['QuantizedConcatV2'], shape: quantizedConcat(0, (count) => count) },
	{
		names: ['ConcatV2'],
		shape: (context) => concatShape(context, context.inputs.slice(0, -1), context.inputs.length - 1),
		kernel: (inputs, context) => concatKernel(inputs.slice(0, -1), inputs.at(-1)!, context),
	},
	{
		names: ['Concat'],
		shape: (context) => concatShape(context, context.inputs.slice(1), 0),
		kernel: (inputs, context) => concatKernel(inputs.slice(1), inputs[0]!, context),
	},
	{ names: ['ConcatOffset'], shape: ({ inputs }) => inputs.slice(1), kernel: concatOffset },
	{ names: ['Pack'], shape: packShape, kernel: pack },
	{ names: ['ParallelConcat'], shape: ({ attr }) => [attr('shape')?.shape ?? UNKNOWN] },
];
