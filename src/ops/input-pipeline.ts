/** Shapes of what stands around a model: data sets, queues, tables, files, summaries, sparse tensors. Not run. */
import { DT_STRING } from '../graph/dtype.ts';
import { decodeText } from '../graph/text.ts';
import type { OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { concatenateShapes, SCALAR, sizeAt, subshape, UNKNOWN, unknownSizes } from './shape-algebra.ts';
import { joinAlong } from './string-parts.ts';

const scalars: ShapeFunction = ({ outputCount }) => new Array<Shape>(outputCount).fill(SCALAR);
const pair: ShapeFunction = () => [[2]];
const nothing: ShapeFunction = () => [];

/** What a list attribute of shapes says. */
const declared =
	(name: string): ShapeFunction =>
	({ attr, outputCount }) => {
		const shapes = attr(name)?.value.list?.shape ?? [];
		return Array.from({ length: outputCount }, (_, i): Shape => {
			const shape = shapes[i];
			return shape && !shape.unknown_rank ? shape.dim.map((dim) => Number(dim.size)) : UNKNOWN;
		});
	};

/** `2 3 0,1:-`: the full shape, then the slice of each axis; empty where the whole tensor is meant. */
const restored: ShapeFunction = ({ value, outputCount }) => {
	const slices = value(2);
	if (!slices || slices.dtype !== DT_STRING) return new Array<Shape>(outputCount).fill(UNKNOWN);
	return Array.from({ length: outputCount }, (_, i): Shape => {
		const item = slices.data[i];
		const text = item instanceof Uint8Array ? decodeText(item) : '';
		const parts = text.split(' ');
		const extents = parts.at(-1)!.split(':');
		if (text === '' || extents.length !== parts.length - 1) return UNKNOWN;
		return extents.map((extent, axis) => Number(extent === '-' ? parts[axis] : extent.split(',')[1]));
	});
};

const segmentGradient: ShapeFunction = ({ inputs, value }) => {
	const rows = value(3);
	return [concatenateShapes([rows ? Number(rows.data[0]) : -1], subshape(inputs[0] ?? UNKNOWN, 1))];
};

/** The same of one example: no batch. */
const parsedExample: ShapeFunction = ({ attr, outputCount }) => {
	const sparse = attr('num_sparse')?.int ?? 0;
	const dense = attr('dense_shapes')?.value.list?.shape ?? [];
	const shapes: Shape[] = [];
	for (let i = 0; i < sparse; i++) shapes.push([-1, 1]);
	for (let i = 0; i < sparse; i++) shapes.push([-1]);
	for (let i = 0; i < sparse; i++) shapes.push([1]);
	for (const shape of dense)
		shapes.push(shape.unknown_rank ? UNKNOWN : shape.dim.map((dim) => Number(dim.size)));
	return Array.from({ length: outputCount }, (_, i) => shapes[i] ?? UNKNOWN);
};

/** Version 2 knows from its keys' form whether a batch comes in. */
const parsedExamplesV2: ShapeFunction = ({ inputs, attr, outputCount }) => {
	const batch = inputs[0] ?? UNKNOWN;
	const sparse = attr('num_sparse')?.int ?? 0;
	const dense = attr('dense_shapes')?.value.list?.shape ?? [];
	const rank = batch === null ? -1 : batch.length + 1;
	const shapes: Shape[] = [];
	for (let i = 0; i < sparse; i++) shapes.push([-1, rank]);
	for (let i = 0; i < sparse; i++) shapes.push([-1]);
	for (let i = 0; i < sparse; i++) shapes.push([rank]);
	for (const shape of dense) {
		const own = shape.unknown_rank ? UNKNOWN : shape.dim.map((dim) => Number(dim.size));
		shapes.push(concatenateShapes(batch, own));
	}
	return Array.from({ length: outputCount }, (_, i) => shapes[i] ?? UNKNOWN);
};

/** Dense features have declared shapes; sparse ones come as indices, values and shape. */
const parsedExamples: ShapeFunction = ({ inputs, attr, outputCount }) => {
	const batch = sizeAt(inputs[0] ?? null, 0);
	const sparse = attr('Nsparse')?.int ?? 0;
	const dense = attr('dense_shapes')?.value.list?.shape ?? [];
	const shapes: Shape[] = [];
	for (let i = 0; i < sparse; i++) shapes.push([-1, 2]);
	for (let i = 0; i < sparse; i++) shapes.push([-1]);
	for (let i = 0; i < sparse; i++) shapes.push([2]);
	for (const shape of dense)
		shapes.push(shape.unknown_rank ? UNKNOWN : [batch, ...shape.dim.map((dim) => Number(dim.size))]);
	return Array.from({ length: outputCount }, (_, i) => shapes[i] ?? UNKNOWN);
};

const reduceJoin: ShapeFunction = ({ inputs, attr, value }) => {
	const shape = inputs[0] ?? UNKNOWN;
	const keep = attr('keep_dims')?.bool ?? false;
	const axesValue = value(1);
	if (shape === null || !axesValue) return [keep && shape ? unknownSizes(shape.length) : UNKNOWN];
	const axes = Array.from(axesValue.data as Int32Array, (axis) => (axis < 0 ? axis + shape.length : axis));
	if (axes.length === 0) return [SCALAR];
	return [
		keep
			? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
			: shape.filter((_, axis) => !axes.includes(axis)),
	];
};

export const inputPipelineOps: readonly OpDeclaration[] = [
	{ names: ['IteratorGetNext', 'IteratorGetNextSync'], shape: declared('output_shapes') },
	{
		names: [
			'IteratorV2',
			'IteratorFromStringHandle',
			'IteratorFromStringHandleV2',
			'IteratorToStringHandle',
			'AnonymousIteratorV2',
			'OneShotIterator',
		],
		shape: scalars,
	},
	{
		names: [
			'MakeIterator',
			'SaveV2',
			'Save',
			'SaveSlices',
			'MergeV2Checkpoints',
			'Assert',
			'PrintV2',
			'Stage',
		],
		shape: nothing,
	},
	{
		names: [
			'TFRecordDataset',
			'TensorSliceDataset',
			'RepeatDataset',
			'BatchDatasetV2',
			'OptimizeDataset',
			'ModelDataset',
			'ShuffleDataset',
			'MapDataset',
		],
		shape: scalars,
	},
	{
		names: ['FIFOQueueV2', 'HashTableV2', 'MutableHashTableV2', 'RandomShuffleQueueV2', 'LookupTableSizeV2'],
		shape: scalars,
	},
	{ names: ['FIFOQueue', 'HashTable', 'RandomShuffleQueue', 'PaddingFIFOQueue'], shape: pair },
	{ names: ['LookupTableFindV2', 'LookupTableFind'], shape: () => [UNKNOWN] },
	{ names: ['OptionalFromValue', 'OptionalNone', 'OptionalHasValue'], shape: scalars },
	{
		names: ['LookupTableImportV2', 'LookupTableImport', 'InitializeTable', 'InitializeTableV2'],
		shape: nothing,
	},
	{ names: ['RestoreV2'], shape: restored },
	{
		names: [
			'ScalarSummary',
			'HistogramSummary',
			'MergeSummary',
			'ImageSummary',
			'TensorSummary',
			'ReadFile',
			'Timestamp',
		],
		shape: scalars,
	},
	{ names: ['MatchingFiles'], shape: () => [[-1]] },
	{ names: ['ReduceJoin'], shape: reduceJoin, kernel: joinAlong },
	{
		names: ['SparseSegmentMeanGrad', 'SparseSegmentSumGrad', 'SparseSegmentSqrtNGrad'],
		shape: segmentGradient,
	},
	{ names: ['ParseExample'], shape: parsedExamples },
	{ names: ['ParseExampleV2'], shape: parsedExamplesV2 },
	{ names: ['ParseSingleExample'], shape: parsedExample },
];
