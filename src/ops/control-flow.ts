/** Branches, loops and calls. They have no kernels: the executor itself runs them. */
import type { OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { commonShape } from './shape-algebra.ts';

const switched: ShapeFunction = ({ inputs, outputCount }) => new Array(outputCount).fill(inputs[0] ?? null);

/** What all inputs have in common, and the number of the one that came. */
const merged: ShapeFunction = ({ inputs }) => {
	let shape: Shape = inputs[0] ?? null;
	for (const input of inputs.slice(1)) shape = commonShape(shape, input);
	return [shape, []];
};

/** A loop may change the shape of what runs round in it. */
const entered: ShapeFunction = ({ inputs, attr }) => [attr('is_constant')?.bool ? (inputs[0] ?? null) : null];

/** What `output_shapes` says, else nothing. */
const declared: ShapeFunction = ({ attr, outputCount }) => {
	const shapes = attr('output_shapes')?.value.list?.shape ?? [];
	return Array.from({ length: outputCount }, (_, i): Shape => {
		const shape = shapes[i];
		return shape && !shape.unknown_rank ? shape.dim.map((dim) => Number(dim.size)) : null;
	});
};

export const controlFlowOps: readonly OpDeclaration[] = [
	{ names: ['Switch', 'RefSwitch'], shape: switched },
	{ names: ['_SwitchN'], shape: switched },
	{ names: ['Merge', 'RefMerge'], shape: merged },
	{ names: ['Enter', 'RefEnter'], shape: entered },
	{ names: ['Exit', 'RefExit', 'NextIteration', 'RefNextIteration'], shape: unchangedShape },
	{ names: ['LoopCond'], shape: () => [[]] },
	{ names: ['NoOp', 'ControlTrigger', 'Abort'], shape: () => [] },
	{ names: ['If', 'StatelessIf', 'Case', 'StatelessCase', 'While', 'StatelessWhile'], shape: declared },
	{
		names: ['PartitionedCall', 'StatefulPartitionedCall', 'SymbolicGradient', 'RemoteCall'],
		shape: declared,
	},
];
