/** Lists of tensors that loops read and write. */
import type { OpDeclaration, Shape, ShapeFunction } from './define.ts';

const HANDLE: Shape = [2];

const opened: ShapeFunction = () => [HANDLE, []];

/** Element shapes of the array behind an attribute, with the number of elements before them. */
function stacked(attribute: string): ShapeFunction {
	return ({ inputs, attr }) => {
		const element = attr(attribute)?.shape ?? null;
		return [element && [inputs[1]?.[0] ?? -1, ...element]];
	};
}

const concatenated: ShapeFunction = ({ attr }) => {
	const rest = attr('element_shape_except0')?.shape ?? null;
	return [rest && [-1, ...rest], [-1]];
};

export const tensorArrayOps: readonly OpDeclaration[] = [
	{ names: ['TensorArrayV3'], shape: opened },
	{ names: ['TensorArrayWriteV3', 'TensorArrayScatterV3', 'TensorArraySplitV3'], shape: () => [[]] },
	{ names: ['TensorArrayReadV3'], shape: () => [null] },
	{ names: ['TensorArrayGatherV3'], shape: stacked('element_shape') },
	{ names: ['TensorArrayConcatV3'], shape: concatenated },
	{ names: ['TensorArraySizeV3'], shape: () => [[]] },
	{ names: ['TensorArrayCloseV3'], shape: () => [] },
];
