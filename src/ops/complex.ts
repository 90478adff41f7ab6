/** Complex numbers made of two real ones, and taken apart. */
import { DT_COMPLEX64, DT_COMPLEX128, DT_DOUBLE, DT_FLOAT } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { broadcastKnown, broadcastOffsets } from './broadcast.ts';
import type { Kernel, OpDeclaration } from './define.ts';
import { oneFlopAnElement, unchangedShape } from './elementwise.ts';
import { broadcastShapes } from './shape-algebra.ts';
import { cannotRun, isComplex, noDtype } from './values.ts';

type Pairs = Float32Array | Float64Array;

function pairsOf(x: TensorValue): Pairs {
	return x.data as Pairs;
}

/** A real number for each complex one. */
function toReal(f: (real: number, imaginary: number) => number): Kernel {
	return ([x], context) => {
		if (!isComplex(x!.dtype)) throw noDtype(context, x!.dtype);
		const pairs = pairsOf(x!);
		const data = new (pairs.constructor as Float32ArrayConstructor)(pairs.length / 2);
		for (let i = 0; i < data.length; i++) data[i] = f(pairs[2 * i]!, pairs[2 * i + 1]!);
		return [{ dtype: x!.dtype === DT_COMPLEX64 ? DT_FLOAT : DT_DOUBLE, shape: x!.shape, data }];
	};
}

const complex: Kernel = ([real, imaginary], context) => {
	const shape = broadcastKnown(real!.shape, imaginary!.shape);
	if (!shape) throw cannotRun(context, `shapes [${real!.shape}] and [${imaginary!.shape}] do not broadcast`);
	const [left, right] = [broadcastOffsets(real!.shape, shape), broadcastOffsets(imaginary!.shape, shape)];
	const parts = [pairsOf(real!), pairsOf(imaginary!)] as const;
	const data = new (parts[0].constructor as Float32ArrayConstructor)(2 * left.length);
	for (let i = 0; i < left.length; i++) {
		data[2 * i] = parts[0][left[i]!]!;
		data[2 * i + 1] = parts[1][right[i]!]!;
	}
	return [{ dtype: real!.dtype === DT_FLOAT ? DT_COMPLEX64 : DT_COMPLEX128, shape, data }];
};

/** The conjugate; of a real number the number itself. */
const conjugate: Kernel = ([x]) => {
	if (!isComplex(x!.dtype)) return [x!];
	return [{ ...plain(x!), data: pairsOf(x!).map((part, i) => (i % 2 === 0 ? part : -part)) }];
};

function plain({ dtype, shape }: TensorValue): Pick<TensorValue, 'dtype' | 'shape'> {
	return { dtype, shape };
}

const dtypes = 'complex64, complex128';

export const complexOps: readonly OpDeclaration[] = [
	{
		names: ['Complex'],
		dtypes: 'float, double',
		shape: ({ inputs }) => [broadcastShapes(inputs[0] ?? null, inputs[1] ?? null)],
		kernel: complex,
		...oneFlopAnElement,
		flushesDenormals: true,
	},
	{ names: ['Real'], dtypes, shape: unchangedShape, kernel: toReal((real) => real) },
	{ names: ['Imag'], dtypes, shape: unchangedShape, kernel: toReal((_real, imaginary) => imaginary) },
	{
		names: ['Angle'],
		dtypes,
		shape: unchangedShape,
		kernel: toReal((real, imaginary) => Math.atan2(imaginary, real)),
	},
	{ names: ['ComplexAbs'], dtypes, shape: unchangedShape, kernel: toReal(Math.hypot) },
	{ names: ['Conj'], shape: unchangedShape, kernel: conjugate },
];
