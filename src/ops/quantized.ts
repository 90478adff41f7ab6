/** Values in eight and thirty-two bits with the range they stand for: to them, from them, and arithmetic on them. */

import { convolution2dShape, convolutionFlops, convolutionRule } from './convolution.ts';
import type { Flops, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { dequantize, quantize } from './kernels/quantize.ts';
import { quantizeAndDequantize } from './kernels/quantize-and-dequantize.ts';
import {
	quantizedAdd,
	quantizedAveragePool,
	quantizedConvolution,
	quantizedMatMul,
	quantizedMaxPool,
	quantizedMul,
	quantizedRelu,
	quantizedRelu6,
	quantizedReluX,
	quantizedReshape,
} from './kernels/quantized.ts';
import { requantizationRange, requantize, shrinkRange } from './kernels/requantize.ts';
import { requantizationRangePerChannel, requantizePerChannel } from './kernels/requantize-channels.ts';
import { matMulFlops, matMulShape } from './matmul.ts';
import { poolFlops, poolShape } from './pooling.ts';
import { broadcastShapes, elementsOf, withRank } from './shape-algebra.ts';

const scalar: Shape = [];

/** The shape of `shape`'s first output, and the two ends of its range. */
function ranged(shape: ShapeFunction): ShapeFunction {
	return (context) => [shape(context)[0] ?? null, scalar, scalar];
}

const unchanged = ranged(unchangedShape);

/** One range for all, or one for each slice along `axis`. */
const quantizeShape: ShapeFunction = ({ inputs, attr }) => {
	const x = inputs[0] ?? null;
	const axis = attr('axis')?.int ?? -1;
	const range: Shape = axis < 0 ? scalar : x ? [x[axis] ?? -1] : [-1];
	return [x, range, range];
};

const reshape: ShapeFunction = ({ inputs, sizes }) => {
	const known = sizes(1);
	if (!known) return [null, scalar, scalar];
	const total = elementsOf(inputs[0] ?? null);
	const rest = known.filter((size) => size >= 0).reduce((product, size) => product * size, 1);
	const shape = known.map((size) => (size < 0 && total >= 0 && rest > 0 ? total / rest : size));
	return [shape, scalar, scalar];
};

const perElement =
	(factor: number): Flops =>
	({ outputs }) => {
		const elements = elementsOf(outputs[0] ?? null);
		return elements < 0 ? undefined : factor * elements;
	};

const conversion: Pick<OpDeclaration, 'flops' | 'flopsRule'> = {
	flops: perElement(2),
	flopsRule: 'two an element: a factor and an offset',
};

const relu = { shape: unchanged, flops: perElement(1), flopsRule: 'one an element' } as const;

const pool = {
	shape: ranged(poolShape),
	flops: poolFlops,
	flopsRule: 'output elements × elements of the window',
} as const;

const sum = {
	shape: ranged(({ inputs }) => [broadcastShapes(inputs[0] ?? null, inputs[1] ?? null)]),
	flops: perElement(1),
	flopsRule: 'one an element',
} as const;

export const quantizedOps: readonly OpDeclaration[] = [
	{
		names: ['QuantizeV2'],
		dtypes: 'qint8, quint8, qint16, quint16',
		kernel: quantize,
		shape: quantizeShape,
		...conversion,
	},
	{
		names: ['Dequantize'],
		dtypes: 'qint8, quint8, qint16, quint16, qint32 → float, bfloat16',
		kernel: dequantize,
		shape: unchangedShape,
		...conversion,
	},
	{
		names: ['QuantizeAndDequantizeV2', 'QuantizeAndDequantizeV3', 'QuantizeAndDequantizeV4'],
		dtypes: 'float, half, bfloat16, double',
		limits: 'no range along an axis',
		kernel: quantizeAndDequantize,
		shape: unchangedShape,
		...conversion,
	},
	{
		names: ['Requantize'],
		dtypes: 'qint32 → qint8, quint8',
		shape: unchanged,
		kernel: requantize,
		...conversion,
	},
	{
		names: ['QuantizeDownAndShrinkRange'],
		dtypes: 'qint32 → quint8',
		shape: unchanged,
		kernel: shrinkRange,
		...conversion,
	},
	{
		names: ['RequantizationRange'],
		dtypes: 'qint32',
		kernel: requantizationRange,
		shape: () => [scalar, scalar],
	},
	{
		names: ['RequantizePerChannel'],
		dtypes: 'qint32 → qint8, quint8',
		limits: 'four axes',
		shape: unchanged,
		kernel: requantizePerChannel,
		...conversion,
	},
	{
		names: ['RequantizationRangePerChannel'],
		dtypes: 'qint32',
		limits: 'four axes',
		kernel: requantizationRangePerChannel,
		shape: () => [scalar, scalar],
	},
	{
		names: ['QuantizedConv2D'],
		dtypes: 'quint8, qint8 → qint32',
		limits: 'NHWC',
		kernel: quantizedConvolution,
		shape: ranged(convolution2dShape),
		flops: convolutionFlops(1),
		flopsRule: convolutionRule,
	},
	{
		names: ['QuantizedMatMul'],
		dtypes: 'quint8, qint8 → qint32',
		kernel: quantizedMatMul,
		shape: ranged(matMulShape),
		flops: matMulFlops,
		flopsRule: '2 × output elements × length of the summed axis',
	},
	{
		names: ['QuantizedBiasAdd'],
		dtypes: 'quint8, qint8 → qint32',
		kernel: quantizedAdd,
		shape: unchanged,
		flops: perElement(1),
		flopsRule: 'one an element',
	},
	{ names: ['QuantizedRelu'], dtypes: 'quint8', kernel: quantizedRelu, ...relu },
	{ names: ['QuantizedRelu6'], dtypes: 'quint8', kernel: quantizedRelu6, ...relu },
	{ names: ['QuantizedReluX'], dtypes: 'quint8', kernel: quantizedReluX, ...relu },
	{ names: ['QuantizedMaxPool'], dtypes: 'quint8', kernel: quantizedMaxPool, ...pool },
	{ names: ['QuantizedAvgPool'], dtypes: 'quint8', kernel: quantizedAveragePool, ...pool },
	{
		names: ['QuantizedAdd'],
		dtypes: 'quint8 → qint32',
		limits: 'the second operand repeats along the last axes only',
		kernel: quantizedAdd,
		...sum,
	},
	{
		names: ['QuantizedMul'],
		dtypes: 'quint8 → qint32',
		limits: 'the second operand repeats along the last axes only',
		kernel: quantizedMul,
		...sum,
	},
	{ names: ['QuantizedReshape'], dtypes: 'any', kernel: quantizedReshape, shape: reshape },
	{
		names: ['QuantizedBatchNormWithGlobalNormalization'],
		shape: ranged(({ inputs }) => [withRank(inputs[0], 4)]),
	},
	{ names: ['QuantizedInstanceNorm'], shape: unchanged },
];
