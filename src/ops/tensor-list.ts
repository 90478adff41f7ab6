/** Lists of tensors that loops over functions carry along. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import {
	concatenateList,
	emptyList,
	gatherList,
	getItem,
	listFromTensor,
	listLength,
	popBack,
	pushBack,
	reserveList,
	resizeList,
	setItem,
	splitToList,
	stackList,
} from './kernels/tensor-list.ts';

const handle: ShapeFunction = () => [[]];

/** An item has the shape that the op itself asks for. */
const item =
	(input: number): ShapeFunction =>
	({ sizes }) => [sizes(input) ?? null];

/** As many items as the list has, or as `indices` names. */
const stacked: ShapeFunction = ({ node, inputs, attr, sizes }) => {
	const gathers = node.op === 'TensorListGather';
	const shape = sizes(gathers ? 2 : 1);
	const count = gathers ? (inputs[1]?.[0] ?? -1) : (attr('num_elements')?.int ?? -1);
	return [shape ? [count, ...shape] : null];
};

const concatenated: ShapeFunction = ({ sizes }) => {
	const shape = sizes(1);
	return [shape ? [-1, ...shape.slice(1)] : null, [-1]];
};

export const tensorListOps: readonly OpDeclaration[] = [
	{ names: ['EmptyTensorList'], shape: handle, kernel: emptyList },
	{ names: ['TensorListReserve'], shape: handle, kernel: reserveList },
	{ names: ['TensorListFromTensor'], shape: handle, kernel: listFromTensor },
	{ names: ['TensorListSplit'], shape: handle, kernel: splitToList },
	{ names: ['TensorListSetItem'], shape: handle, kernel: setItem },
	{ names: ['TensorListResize'], shape: handle, kernel: resizeList },
	{ names: ['TensorListPushBack'], shape: handle, kernel: pushBack },
	{ names: ['TensorListPopBack'], shape: (context) => [[], ...item(1)(context)], kernel: popBack },
	{ names: ['TensorListGetItem'], shape: item(2), kernel: getItem },
	{ names: ['TensorListLength'], shape: () => [[]], kernel: listLength },
	{ names: ['TensorListStack'], shape: stacked, kernel: stackList },
	{ names: ['TensorListGather'], shape: stacked, kernel: gatherList },
	{ names: ['TensorListConcatV2'], shape: concatenated, kernel: concatenateList },
];
