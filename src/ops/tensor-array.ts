/** Lists of tensors that loops read and write. */
import type { OpDeclaration, Shape, ShapeFunction } from './define.ts';
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
import { isFullyKnown } from './shape-algebra.ts';

const HANDLE: Shape = [2];

/** The elements' shape goes along with the handle where it is known, or the same for all. */
const opened: ShapeFunction = ({ attr, setHandle }) => {
	const shape = attr('element_shape')?.shape ?? null;
	if (isFullyKnown(shape) || attr('identical_element_shapes')?.bool)
		setHandle(0, { dtype: attr('dtype')?.type ?? 0, shape });
	return [HANDLE, []];
};

const element: ShapeFunction = ({ handle }) => [handle(0)?.shape ?? null];

/** As many elements as indices. */
const stacked: ShapeFunction = ({ inputs, handle }) => {
	const shape = handle(0)?.shape ?? null;
	return [shape && [inputs[1]?.[0] ?? -1, ...shape]];
};

export const tensorArrayOps: readonly OpDeclaration[] = [
	{
		names: ['TensorArrayV3'],
		dtypes: 'any',
		limits: 'values live outside the engine',
		shape: opened,
		kernel: openArray,
	},
	{ names: ['TensorArrayWriteV3'], shape: () => [[]], kernel: writeItem },
	{ names: ['TensorArrayScatterV3'], shape: () => [[]], kernel: scatterItems },
	{ names: ['TensorArraySplitV3'], shape: () => [[]], kernel: splitItems },
	{ names: ['TensorArrayReadV3'], kernel: readItem, shape: element },
	{ names: ['TensorArrayGatherV3'], kernel: gatherItems, shape: stacked },
	{ names: ['TensorArrayConcatV3'], kernel: concatenateItems, shape: () => [null, [-1]] },
	{ names: ['TensorArraySizeV3'], kernel: arraySize, shape: () => [[]] },
	{ names: ['TensorArrayCloseV3'], kernel: () => [], shape: () => [] },
];
