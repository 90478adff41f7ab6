/** Ops of which whittle knows the shape and nothing more. */
import type { OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { broadcastShapes, mergeShapes, unknownSizes, withRank } from './shape-algebra.ts';
import { integers } from './values.ts';

const fixed =
	(...shapes: readonly Shape[]): ShapeFunction =>
	() =>
		shapes;

/** As many sizes as an input has numbers, known where they are. */
const sizesGiven =
	(input: number): ShapeFunction =>
	({ inputs, sizes }) => {
		const length = inputs[input]?.[0] ?? -1;
		return [sizes(input) ?? (length >= 0 ? unknownSizes(length) : null)];
	};

/** Three operands, of which single numbers go with everything. */
const betaShape: ShapeFunction = ({ inputs }) => {
	let found: Shape = [];
	let any = false;
	for (const shape of inputs) {
		if (!shape || shape.length === 0) continue;
		found = any ? mergeShapes(found, shape) : shape;
		any = true;
	}
	return [any ? found : inputs.some((shape) => !shape) ? null : []];
};

const channels = ({ attr }: ShapeContext): number => attr('channels')?.int || -1;

const croppedJpeg: ShapeFunction = (context) => {
	const window = context.value(1);
	const [, , height = -1, width = -1] = window ? integers(window) : [];
	return [[height, width, channels(context)]];
};

const decodedImage: ShapeFunction = (context) => [
	(context.attr('expand_animations')?.bool ?? true) ? null : [-1, -1, channels(context)],
];

/** A picture turned and moved: batch and channels stay, the size is given. */
const projected: ShapeFunction = ({ inputs, sizes }) => {
	const [batch, , , depth] = withRank(inputs[0], 4) as [number, number, number, number];
	const [height = -1, width = -1] = sizes(2) ?? [];
	return [[batch, height, width, depth]];
};

const glimpse: ShapeFunction = ({ inputs, sizes }) => {
	const [images, , , depth] = withRank(inputs[0], 4) as [number, number, number, number];
	const [offsets] = withRank(inputs[2], 2) as [number, number];
	const [height = -1, width = -1] = sizes(1) ?? [];
	return [[images >= 0 ? images : offsets, height, width, depth]];
};

/** The last axis gives way to the chosen k. */
const approximatelyLargest: ShapeFunction = ({ inputs, attr }) => {
	const shape = inputs[0];
	const k = attr('k')?.int ?? -1;
	if (!shape) return [null, null];
	const given = attr('reduction_dimension')?.int ?? -1;
	const axis = given < 0 ? given + shape.length : given;
	if (attr('aggregate_to_topk')?.bool === false) return [null, null];
	const chosen = shape.map((size, i) => (i === axis ? k : size));
	return [chosen, chosen];
};

const withoutLast: ShapeFunction = ({ inputs }) => [inputs[0] ? inputs[0].slice(0, -1) : null];

const largestOfRows =
	(outputs: number): ShapeFunction =>
	({ inputs, attr }) => {
		const rows = withRank(inputs[0], 2)[0]!;
		return new Array<Shape>(outputs).fill([rows, attr('k')?.int ?? -1]);
	};

/** Repeats along an axis are found, or along all of a vector. */
const uniqueAlong =
	(outputs: number): ShapeFunction =>
	({ inputs }) => {
		const found = inputs[0] ? unknownSizes(inputs[0].length) : null;
		return [found, ...new Array<Shape>(outputs - 1).fill([-1])];
	};

/** Rows that are added up by their segment: as many as there are said to be. */
const segmentsGiven: ShapeFunction = ({ inputs, value }) => {
	const [data = null, ids = null, count] = inputs;
	withRank(count, 0);
	const number = value(2);
	if (!data || !ids) return [null];
	return [[number ? integers(number)[0]! : -1, ...data.slice(ids.length)]];
};

const boxes = fixed([3], [3], [1, 1, 4]);

const fingerprint: ShapeFunction = ({ inputs }) => [[inputs[0]?.[0] ?? -1, -1]];

export const declaredShapeOps: readonly OpDeclaration[] = [
	{
		names: [
			...['BesselI0', 'BesselI1', 'BesselJ0', 'BesselJ1', 'BesselK0', 'BesselK0e', 'BesselK1', 'BesselK1e'],
			...['BesselY0', 'BesselY1', 'Dawsn', 'Expint', 'FresnelCos', 'FresnelSin', 'Spence'],
			...[
				'DataFormatDimMap',
				'DataFormatVecPermute',
				'CumulativeLogsumexp',
				'Dilation2DBackpropInput',
				'StatelessShuffle',
			],
			...['InplaceAdd', 'InplaceSub', 'InplaceUpdate', 'ScatterNdNonAliasingAdd', 'TensorStridedSliceUpdate'],
			...[
				'FFTND',
				'IFFTND',
				'RFFTND',
				'IRFFTND',
				'DecodeJSONExample',
				'StochasticCastToInt',
				'CheckPinned',
				'Copy',
			],
			...['DrawBoundingBoxes', 'DrawBoundingBoxesV2'],
		],
		shape: unchangedShape,
	},
	{ names: ['Betainc'], shape: betaShape },
	{ names: ['MakeUnique'], shape: ({ inputs }) => [withRank(inputs[0], 2)] },
	{ names: ['Dilation2DBackpropFilter'], shape: ({ inputs }) => [inputs[1] ?? null] },
	{
		names: ['DecodeCSV'],
		shape: ({ inputs, outputCount }) => new Array<Shape>(outputCount).fill(inputs[0] ?? null),
	},
	{ names: ['StringFormat'], shape: fixed([]) },
	{
		names: [
			...['SparseSegmentSumWithNumSegments', 'SparseSegmentMeanWithNumSegments'],
			'SparseSegmentSqrtNWithNumSegments',
		],
		shape: ({ inputs, value }) => {
			const count = value(3);
			return [inputs[0] ? [count ? integers(count)[0]! : -1, ...inputs[0].slice(1)] : null];
		},
	},
	{ names: ['NthElement'], shape: withoutLast },
	{ names: ['KthOrderStatistic'], shape: ({ inputs }) => [[withRank(inputs[0], 2)[0]!]] },
	{ names: ['TopKUnique', 'TopKWithUnique'], shape: largestOfRows(2) },
	{ names: ['ApproxTopK'], shape: approximatelyLargest },
	{ names: ['UniqueV2'], shape: uniqueAlong(2) },
	{ names: ['UniqueWithCountsV2'], shape: uniqueAlong(3) },
	{ names: ['SegmentSumV2', 'SegmentProdV2', 'SegmentMaxV2', 'SegmentMinV2'], shape: segmentsGiven },
	{ names: ['UnsortedSegmentJoin'], shape: segmentsGiven },
	{ names: ['NonDeterministicInts'], shape: sizesGiven(0) },
	{
		names: [
			...[
				'StatelessRandomBinomial',
				'StatelessRandomGammaV2',
				'StatelessRandomGammaV3',
				'StatelessRandomPoisson',
			],
			'StatelessParameterizedTruncatedNormal',
		],
		shape: sizesGiven(0),
	},
	{
		names: [
			...['StatefulUniform', 'StatefulUniformFullInt', 'StatefulUniformInt', 'StatefulStandardNormalV2'],
			...['StatefulTruncatedNormal', 'StatefulRandomBinomial'],
		],
		shape: sizesGiven(2),
	},
	{ names: ['StatelessRandomGetKeyCounterAlg'], shape: fixed([1], [2], []) },
	{ names: ['StatelessRandomGetKeyCounter'], shape: fixed([1], [2]) },
	{ names: ['StatelessRandomGetAlg'], shape: fixed([]) },
	{ names: ['DecodeAndCropJpeg'], shape: croppedJpeg },
	{ names: ['DecodeJxl'], shape: (context) => [[-1, -1, channels(context)]] },
	{ names: ['DecodeWebP'], shape: (context) => [[-1, -1, -1, channels(context)]] },
	{ names: ['DecodeGif'], shape: fixed([-1, -1, -1, 3]) },
	{ names: ['DecodeImage'], shape: decodedImage },
	{ names: ['ExtractJpegShape'], shape: fixed([3]) },
	{ names: ['EncodeWav', 'EncodeJpegVariableQuality', 'SerializeTensor'], shape: fixed([]) },
	{ names: ['EncodePng'], shape: ({ inputs }) => [inputs[0] ? inputs[0].slice(0, -3) : null] },
	{ names: ['ImageProjectiveTransformV2', 'ImageProjectiveTransformV3'], shape: projected },
	{ names: ['ExtractGlimpse', 'ExtractGlimpseV2'], shape: glimpse },
	{
		names: [
			'SampleDistortedBoundingBox',
			'SampleDistortedBoundingBoxV2',
			'StatelessSampleDistortedBoundingBox',
		],
		shape: boxes,
	},
	{ names: ['Fingerprint'], shape: fingerprint },
	{ names: ['RandomIndexShuffle'], shape: shuffled },
	{ names: ['GenerateBoundingBoxProposals'], shape: proposals },
];

/** An index, or one of each of several; seeds and largest values broadcast. */
function shuffled({ inputs }: ShapeContext): readonly Shape[] {
	const [index = null, seed = null, largest = null] = inputs;
	const several = [
		[index, 0],
		[seed, 1],
		[largest, 0],
	] as const;
	let found: number[] | undefined;
	for (const [shape, single] of several) {
		if (!shape) continue;
		if (shape.length > single) found = broadcastShapes(found ?? [], [shape[0]!]) as number[];
	}
	if (found) return [found];
	return inputs.slice(0, 3).every((shape) => shape) ? [[]] : [null];
}

function proposals({ inputs, attr, value }: ShapeContext): readonly Shape[] {
	const batch = withRank(inputs[0], 4)[0]!;
	const most = attr('post_nms_topn')?.int ?? (value(6) ? integers(value(6)!)[0]! : -1);
	return [
		[batch, most, 4],
		[batch, most],
	];
}
