/** Images: resizing, crops. */
import type { OpDeclaration, ShapeContext, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { adjustContrast, adjustHue, adjustSaturation, hsvToRgb, rgbToHsv } from './kernels/colour.ts';
import { cropAndResize } from './kernels/crop-and-resize.ts';
import { decodePng } from './kernels/decode-image.ts';
import { resizeArea, resizeBicubic, resizeBilinear, resizeNearest } from './kernels/resize.ts';
import { scaleAndTranslate } from './kernels/scale-translate.ts';
import { elementsOf, mergeSizes, withRank, withRankAtLeast, withSize } from './shape-algebra.ts';

function resizeTo(context: ShapeContext, input: number): readonly number[] {
	withRank(context.inputs[input], 1);
	return context.sizes(input) ?? [-1, -1];
}

const resizeShape: ShapeFunction = (context) => {
	const image = withRank(context.inputs[0], 4);
	const [height, width] = resizeTo(context, 1);
	return [[image[0]!, height!, width!, image[3]!]];
};

const cropAndResizeShape: ShapeFunction = (context) => {
	const image = withRank(context.inputs[0], 4);
	const boxes = withRank(context.inputs[1], 2);
	const [height, width] = resizeTo(context, 3);
	const count = mergeSizes(boxes[0]!, withRank(context.inputs[2], 1)[0]!);
	return [[count, height!, width!, image[3]!]];
};

const quantizedResizeShape: ShapeFunction = (context) => [resizeShape(context)[0]!, [], []];

/** Three interpolations of a difference, a product and a sum each. */
const bilinear: Pick<OpDeclaration, 'flops' | 'flopsRule'> = {
	flops: ({ outputs }) => {
		const elements = elementsOf(outputs[0] ?? null);
		return elements < 0 ? undefined : 9 * elements;
	},
	flopsRule: 'nine an element: three interpolations',
};

const recoloured: Pick<OpDeclaration, 'dtypes' | 'shape' | 'flushesDenormals'> = {
	dtypes: 'float, half, bfloat16, double',
	shape: unchangedShape,
	flushesDenormals: true,
};

const ofThreeColours: ShapeFunction = ({ inputs }) => {
	const shape = withRankAtLeast(inputs[0], 1);
	return [shape && [...shape.slice(0, -1), withSize(shape.at(-1)!, 3)]];
};

const decodedShape: ShapeFunction = ({ attr }) => [[-1, -1, attr('channels')?.int || -1]];

export const imageOps: readonly OpDeclaration[] = [
	{
		names: ['ResizeBilinear'],
		dtypes: 'numbers up to 32 bits',
		kernel: resizeBilinear,
		shape: resizeShape,
		...bilinear,
		flushesDenormals: true,
	},
	{ names: ['ResizeNearestNeighbor'], dtypes: 'any', kernel: resizeNearest, shape: resizeShape },
	{ names: ['ResizeBicubic'], dtypes: 'numbers up to 32 bits', shape: resizeShape, kernel: resizeBicubic },
	{ names: ['ResizeArea'], dtypes: 'numbers up to 32 bits', shape: resizeShape, kernel: resizeArea },
	{
		names: ['CropAndResize'],
		dtypes: 'numbers up to 32 bits',
		kernel: cropAndResize,
		shape: cropAndResizeShape,
		...bilinear,
	},
	{ names: ['QuantizedResizeBilinear'], shape: quantizedResizeShape },
	{
		names: ['ScaleAndTranslate'],
		dtypes: 'numbers up to 32 bits',
		shape: resizeShape,
		kernel: scaleAndTranslate,
	},
	{ names: ['RGBToHSV'], ...recoloured, shape: ofThreeColours, kernel: rgbToHsv },
	{ names: ['HSVToRGB'], ...recoloured, shape: ofThreeColours, kernel: hsvToRgb },
	{ names: ['AdjustContrastv2'], ...recoloured, kernel: adjustContrast },
	{ names: ['AdjustHue'], ...recoloured, kernel: adjustHue },
	{ names: ['AdjustSaturation'], ...recoloured, kernel: adjustSaturation },
	{
		names: ['DecodePng'],
		dtypes: 'uint8, uint16',
		limits: '8 and 16 bits; colours are not made gray',
		shape: decodedShape,
		kernel: decodePng,
	},
	// Decoders of JPEG differ in their last bits.
	{ names: ['DecodeJpeg', 'DecodeBmp'], shape: decodedShape },
	{ names: ['EncodeJpeg'], shape: () => [[]] },
];
