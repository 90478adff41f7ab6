/** Activations, and the bias that stands before them. */
import { layoutOf } from './data-format.ts';
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { biasAdd, elu, leakyRelu, relu, relu6, selu, softplus, softsign } from './kernels/activation.ts';
import { mergeSizes, withRank, withRankAtLeast } from './shape-algebra.ts';

const biasShape: ShapeFunction = (context) => {
	const format = context.attr('data_format')?.string ?? 'NHWC';
	const x = withRankAtLeast(context.inputs[0], format === 'NCHW' ? 3 : 2);
	const bias = withRank(context.inputs[1], 1)[0]!;
	if (!x) return [null];
	const shape = [...x];
	const channel = format === 'NCHW' ? 1 : layoutOf(context, x.length).channel;
	shape[channel] = mergeSizes(shape[channel]!, bias);
	return [shape];
};

const activation = {
	shape: unchangedShape,
	...oneFlopAnElement,
	flushesDenormals: true,
} as const;

export const activationOps: readonly OpDeclaration[] = [
	{
		names: ['BiasAdd', 'BiasAddV1'],
		dtypes: 'float, half, bfloat16, double, integers',
		shape: biasShape,
		kernel: biasAdd,
		...oneFlopAnElement,
		flushesDenormals: true,
	},
	{ names: ['Relu'], dtypes: 'float, half, bfloat16, double, integers', kernel: relu, ...activation },
	{ names: ['Relu6'], dtypes: 'float, half, bfloat16, double, integers', kernel: relu6, ...activation },
	{ names: ['LeakyRelu'], dtypes: 'float, half, bfloat16, double', kernel: leakyRelu, ...activation },
	{ names: ['Elu'], dtypes: 'float, half, bfloat16, double', kernel: elu, ...activation },
	{ names: ['Selu'], dtypes: 'float, half, bfloat16, double', kernel: selu, ...activation },
	{ names: ['Softplus'], dtypes: 'float, half, bfloat16, double', kernel: softplus, ...activation },
	{ names: ['Softsign'], dtypes: 'float, half, bfloat16, double', kernel: softsign, ...activation },
];
