/** Ops that ask for a shape or give a tensor another one; the elements stay as they are. */
import { DT_INT32 } from '../graph/dtype.ts';
import { broadcastKnown } from './broadcast.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { misfit, SCALAR, shapeText, UNKNOWN, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, integerTensor, scalar } from './values.ts';

const reshapeShape: ShapeFunction = ({ inputs, sizes }) => {
	const wanted = sizes(1);
	if (!wanted) return [UNKNOWN];
	const shape = inputs[0]!;
	const missing = wanted.filter((size) => size < 0).length;
	if (shape === null || missing > 1) return [wanted];
	const empty = shape.includes(0);
	const unknown = empty ? 0 : shape.filter((size) => size < 0).length;
	const given = empty ? 0 : knownElements(shape);
	const known = knownElements(wanted);
	if (unknown === 0) {
		if (given !== known && (missing === 0 || known === 0)) {
			throw misfit(
				`Cannot reshape a tensor with ${given} elements to shape ${shapeText(wanted)} (${known} elements)`,
			);
		}
		if (missing === 1 && known > 0) {
			const rest = divided(given, known);
			return [wanted.map((size) => (size < 0 ? rest : size))];
		}
	}
	if (unknown === 1 && missing === 0 && given > 0) divided(known, given);
	return [wanted];
};

function knownElements(shape: readonly number[]): number {
	return shape.reduce((product, size) => (size < 0 ? product : product * size), 1);
}

function divided(elements: number, by: number): number {
	if (elements % by !== 0)
		throw misfit(`Dimension size must be evenly divisible by ${by} but is ${elements}`);
	return elements / by;
}

const reshape: Kernel = ([x, sizes], context) => {
	const wanted = integers(sizes!);
	const elements = elementCount(x!.shape);
	const open = wanted.indexOf(-1);
	const known = knownElements(wanted);
	if (wanted.some((size, axis) => size < -1 || (size === -1 && axis !== open)))
		throw cannotRun(context, `[${wanted}] is no shape`);
	if (open >= 0) wanted[open] = known === 0 ? 0 : elements / known;
	if (elementCount(wanted) !== elements || !wanted.every(Number.isInteger)) {
		throw cannotRun(
			context,
			`its input is a tensor with ${elements} values, but the requested shape has ${elementCount(wanted)}`,
		);
	}
	return [{ dtype: x!.dtype, shape: wanted, data: x!.data }];
};

const squeezeShape: ShapeFunction = ({ inputs, attr }) => {
	const shape = inputs[0]!;
	const axes = attr('squeeze_dims')?.ints ?? attr('axis')?.ints ?? [];
	if (shape === null) return [UNKNOWN];
	const rank = shape.length;
	const dropped = new Set(
		axes.map((axis, i) => {
			if (axis < -rank || axis >= rank)
				throw misfit(`squeeze_dims[${i}] not in [${rank === 0 ? 0 : -rank},${rank}).`);
			return axis < 0 ? axis + rank : axis;
		}),
	);
	if (axes.length === 0 && shape.includes(-1)) return [UNKNOWN];
	const kept: number[] = [];
	shape.forEach((size, axis) => {
		if (axes.length > 0 && !dropped.has(axis)) kept.push(size);
		else if (size > 1 && axes.length > 0)
			throw misfit(`Can not squeeze dim[${axis}], expected a dimension of 1, got ${size}`);
		else if (axes.length === 0 && size !== 1) kept.push(size);
		else if (size === 0) throw misfit(`Can not squeeze dim[${axis}], expected a dimension of 1, got 0`);
	});
	return [kept];
};

const squeeze: Kernel = ([x], context) => {
	const axes = context.attr('squeeze_dims')?.ints ?? [];
	const rank = x!.shape.length;
	const dropped = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
	const shape = x!.shape.filter((size, axis) => (axes.length > 0 ? !dropped.has(axis) : size !== 1));
	if (elementCount(shape) !== elementCount(x!.shape))
		throw cannotRun(context, 'an axis to squeeze is not of size 1');
	return [{ dtype: x!.dtype, shape, data: x!.data }];
};

const expandDimsShape: ShapeFunction = ({ inputs, value }) => {
	const shape = inputs[0]!;
	const axis = value(1);
	if (axis && elementCount(axis.shape) !== 1)
		throw misfit(`'dim' input must be a tensor with a single value`);
	if (shape === null) return [UNKNOWN];
	if (!axis) return [UNKNOWN];
	const given = scalar(axis);
	if (given < -1 - shape.length || given > shape.length) {
		throw misfit(`dim ${given} not in the interval [${-1 - shape.length}, ${shape.length}].`);
	}
	const at = given < 0 ? given + shape.length + 1 : given;
	return [[...shape.slice(0, at), 1, ...shape.slice(at)]];
};

const expandDims: Kernel = ([x, axis], context) => {
	const rank = x!.shape.length;
	const given = scalar(axis!);
	if (given < -rank - 1 || given > rank) throw cannotRun(context, `axis ${given} is outside of rank ${rank}`);
	const at = given < 0 ? given + rank + 1 : given;
	const shape = [...x!.shape.slice(0, at), 1, ...x!.shape.slice(at)];
	return [{ dtype: x!.dtype, shape, data: x!.data }];
};

const shapeOf: Kernel = (inputs, { outputDtypes }) =>
	inputs.map((x, i) => integerTensor(outputDtypes[i] ?? DT_INT32, [x.shape.length], x.shape));

const rankOf: Kernel = ([x]) => [integerTensor(DT_INT32, [], [x!.shape.length])];

const sizeOf: Kernel = ([x], { outputDtypes }) => [
	integerTensor(outputDtypes[0] ?? DT_INT32, [], [elementCount(x!.shape)]),
];

const scalars: ShapeFunction = ({ outputCount }) => new Array<Shape>(outputCount).fill(SCALAR);

const rankVectors: ShapeFunction = ({ inputs }) =>
	inputs.map((shape) => [shape === null ? -1 : shape.length]);

const ensureShape: ShapeFunction = ({ inputs, attr }) => {
	const wanted = attr('shape')?.shape ?? null;
	const shape = inputs[0]!;
	if (wanted === null || shape === null) return [wanted ?? shape];
	return [shape.map((size, i) => (size < 0 ? (wanted[i] ?? -1) : size))];
};

const broadcastArgs: Kernel = ([a, b], context) => {
	const shape = broadcastKnown(integers(a!), integers(b!));
	if (!shape) throw cannotRun(context, 'its shapes do not broadcast');
	return [integerTensor(a!.dtype, [shape.length], shape)];
};

const broadcastArgsShape: ShapeFunction = ({ inputs }) => {
	const [a, b] = [withRank(inputs[0], 1)[0]!, withRank(inputs[1], 1)[0]!];
	return [[a < 0 || b < 0 ? -1 : Math.max(a, b)]];
};

/** Axes along which each operand's gradient is summed. */
const gradientArgs: Kernel = ([a, b], context) => {
	const shapes = [integers(a!), integers(b!)];
	if (!broadcastKnown(shapes[0]!, shapes[1]!)) throw cannotRun(context, 'its shapes do not broadcast');
	const rank = Math.max(shapes[0]!.length, shapes[1]!.length);
	const axes: number[][] = [[], []];
	const equal =
		shapes[0]!.length === shapes[1]!.length && shapes[0]!.every((size, i) => size === shapes[1]![i]);
	for (let axis = 0; axis < rank && !equal; axis++) {
		const sizes = shapes.map((shape) => shape[shape.length - rank + axis] ?? 1);
		if (sizes[0] === 1) axes[0]!.push(axis);
		if (sizes[1] === 1) axes[1]!.push(axis);
	}
	return axes.map((list) => integerTensor(a!.dtype, [list.length], list));
};

export const arrayShapeOps: readonly OpDeclaration[] = [
	{ names: ['Reshape'], shape: reshapeShape, kernel: reshape },
	{ names: ['Squeeze'], shape: squeezeShape, kernel: squeeze },
	{ names: ['ExpandDims'], shape: expandDimsShape, kernel: expandDims },
	{ names: ['Shape', 'ShapeN'], shape: rankVectors, kernel: shapeOf },
	{ names: ['Rank'], shape: scalars, kernel: rankOf },
	{ names: ['Size'], shape: scalars, kernel: sizeOf },
	{ names: ['BroadcastArgs'], shape: broadcastArgsShape, kernel: broadcastArgs },
	{ names: ['BroadcastGradientArgs'], shape: () => [[-1], [-1]], kernel: gradientArgs },
	{ names: ['EnsureShape'], shape: ensureShape, kernel: ([x]) => [x!] },
];
