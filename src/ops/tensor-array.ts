/** Lists of tensors that loops read and write. */
import type { OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import {
	arraySize,
	concatenateItems,
	gatherItems,
	openArray,
	readItem,
	scatterItems,
	splitItems,
	writeItem,
} from './kernels/tensor-array.ts';
import { isFullyKnown, mergeShapes, subshape, withRank, withSize } from './shape-algebra.ts';

const HANDLE: Shape = [2];

/** The elements' shape goes along with the handle where it is known, or the same for all. */
const opened: ShapeFunction = ({ inputs, attr, setHandle }) => {
	withRank(inputs[0], 0);
	const shape = attr('element_shape')?.shape ?? null;
	if (isFullyKnown(shape) || attr('identical_element_shapes')?.bool)
		setHandle(0, { dtype: attr('dtype')?.type ?? 0, shape });
	return [HANDLE, []];
};

/** The handle, a vector of two. @returns the shape of the array's elements. */
function elementsOf({ inputs, handle }: ShapeContext): Shape {
	withSize(withRank(inputs[0], 1)[0]!, 2);
	return handle(0)?.shape ?? null;
}

/** Inputs that are scalars. */
function scalars({ inputs }: ShapeContext, ...ports: readonly number[]): void {
	for (const port of ports) withRank(inputs[port], 0);
}

const sizeOrClosed =
	(outputs: readonly Shape[]): ShapeFunction =>
	(context) => {
		elementsOf(context);
		return outputs;
	};

const gradient: ShapeFunction = (context) => {
	elementsOf(context);
	scalars(context, 1);
	return [HANDLE, []];
};

const written: ShapeFunction = (context) => {
	const shape = elementsOf(context);
	scalars(context, 1, 3);
	mergeShapes(shape, context.inputs[2] ?? null);
	return [[]];
};

const element: ShapeFunction = (context) => {
	const shape = elementsOf(context);
	scalars(context, 1, 2);
	return [shape];
};

/** As many elements as indices. */
const stacked: ShapeFunction = (context) => {
	const [count] = withRank(context.inputs[1], 1);
	const shape = elementsOf(context);
	scalars(context, 2);
	return [shape && [count!, ...shape]];
};

const scattered: ShapeFunction = (context) => {
	withRank(context.inputs[1], 1);
	const shape = elementsOf(context);
	scalars(context, 3);
	if (shape) mergeShapes(shape, subshape(context.inputs[2] ?? null, 1));
	return [[]];
};

const splitted: ShapeFunction = (context) => {
	elementsOf(context);
	withRank(context.inputs[2], 1);
	scalars(context, 3);
	return [[]];
};

const concatenated: ShapeFunction = (context) => {
	elementsOf(context);
	scalars(context, 1);
	return [null, [-1]];
};

export const tensorArrayOps: readonly OpDeclaration[] = [
	{
		names: ['TensorArrayV3'],
		dtypes: 'any',
		limits: 'values live outside the engine',
		shape: opened,
		kernel: openArray,
	},
	{ names: ['TensorArrayGradV3'], shape: gradient },
	{ names: ['TensorArrayWriteV3'], shape: written, kernel: writeItem },
	{ names: ['TensorArrayScatterV3'], shape: scattered, kernel: scatterItems },
	{ names: ['TensorArraySplitV3'], shape: splitted, kernel: splitItems },
	{ names: ['TensorArrayReadV3'], kernel: readItem, shape: element },
	{ names: ['TensorArrayGatherV3'], kernel: gatherItems, shape: stacked },
	{ names: ['TensorArrayConcatV3'], kernel: concatenateItems, shape: concatenated },
	{ names: ['TensorArraySizeV3'], kernel: arraySize, shape: sizeOrClosed([[]]) },
	{ names: ['TensorArrayCloseV3'], kernel: () => [], shape: sizeOrClosed([]) },
];
