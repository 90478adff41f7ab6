/** Functions of three and more operands: AddN, SelectV2, ClipByValue. */

import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { broadcastKnown, broadcastOffsets, sameShape } from './broadcast.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { binaryOps } from './elementwise-binary.ts';
import { broadcastShapes, elementsOf, mergeShapes, misfit } from './shape-algebra.ts';
import { cannotRun, elementCount, isComplex } from './values.ts';

function kernelOf(name: string): Kernel {
	return binaryOps.find((op) => op.names.includes(name))!.kernel!;
}

const add = kernelOf('AddV2');
const maximum = kernelOf('Maximum');
const minimum = kernelOf('Minimum');

const addNShape: ShapeFunction = ({ inputs }) => {
	let merged: Shape = inputs.at(-1) ?? null;
	for (let i = inputs.length - 2; i >= 0; i--) {
		try {
			merged = mergeShapes(inputs[i]!, merged);
		} catch (error) {
			throw misfit(`${(error as Error).message}\n\tFrom merging shape ${i} with other shapes.`);
		}
	}
	return [merged];
};

const addN: Kernel = (inputs, context) => {
	let total: TensorValue = inputs[0]!;
	for (const next of inputs.slice(1)) {
		if (!sameShape(total.shape, next.shape))
			throw cannotRun(context, `shapes [${total.shape}] and [${next.shape}] differ`);
		total = add([total, next], context)[0]!;
	}
	return [total];
};

const selectShape: ShapeFunction = ({ inputs }) => {
	const [condition = null, then = null, otherwise = null] = inputs;
	if (condition === null || then === null || otherwise === null) return [null];
	return [broadcastShapes(condition, broadcastShapes(then, otherwise))];
};

const select: Kernel = ([condition, then, otherwise], context) => {
	const both = broadcastKnown(then!.shape, otherwise!.shape);
	const shape = both && broadcastKnown(condition!.shape, both);
	if (!shape) throw cannotRun(context, 'its operands do not broadcast');
	const { dtype } = then!;
	const unit = isComplex(dtype) ? 2 : 1;
	const flags = broadcastOffsets(condition!.shape, shape);
	const yes = broadcastOffsets(then!.shape, shape);
	const no = broadcastOffsets(otherwise!.shape, shape);
	const data = allocate(dtype, elementCount(shape)) as unknown as { [i: number]: unknown };
	for (let i = 0; i < flags.length; i++) {
		const [from, at] = condition!.data[flags[i]!] ? [then!, yes[i]!] : [otherwise!, no[i]!];
		for (let part = 0; part < unit; part++) data[i * unit + part] = from.data[at * unit + part];
	}
	return [{ dtype, shape, data: data as unknown as TensorData }];
};

const clip: Kernel = ([x, low, high], context) => {
	const [above] = minimum([x!, high!], context);
	return maximum([above!, low!], context);
};

export const manyOperandOps: readonly OpDeclaration[] = [
	{
		names: ['AddN'],
		shape: addNShape,
		kernel: addN,
		flops: (context) => {
			const elements = elementsOf(context.outputs[0] ?? null);
			return elements < 0 ? undefined : elements * Math.max(0, context.inputs.length - 1);
		},
		flopsRule: 'one an element for each operand but the first',
		flushesDenormals: true,
	},
	{ names: ['SelectV2'], shape: selectShape, kernel: select },
	{
		names: ['ClipByValue'],
		shape: unchangedShape,
		kernel: clip,
		...oneFlopAnElement,
		flushesDenormals: true,
	},
];
