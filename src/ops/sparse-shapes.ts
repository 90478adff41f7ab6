/** Shape functions of sparse tensors (indices, values, shape), of sets, and of strings taken to pieces. */
import type { OpDeclaration, Shape, ShapeContext, ShapeFunction } from './define.ts';
import { addSizes, elementsOf, mergeShapes, mergeSizes, withRank } from './shape-algebra.ts';

const fixed =
	(...shapes: readonly Shape[]): ShapeFunction =>
	() =>
		shapes;

/** Row splits and characters of strings in any shape. */
const characters =
	(outputs: number): ShapeFunction =>
	({ inputs }) => {
		const count = elementsOf(inputs[0] ?? null);
		return [[count < 0 ? -1 : count + 1], ...new Array<Shape>(outputs - 1).fill([-1])];
	};

const encodedCharacters: ShapeFunction = ({ inputs }) => {
	const splits = withRank(inputs[1], 1)[0]!;
	return [[splits < 0 ? -1 : splits - 1]];
};

/** Indices, values and shape of as many sparse tensors as are looked for, and how likely each is. */
const decodedPaths: ShapeFunction = ({ inputs, attr }) => {
	const batch = batchOf(inputs);
	const paths = attr('top_paths')?.int ?? 1;
	const each = (shape: Shape): Shape[] => new Array<Shape>(paths).fill(shape);
	return [...each([-1, 2]), ...each([-1]), ...each([2]), [batch, paths]];
};

const decodedGreedily: ShapeFunction = ({ inputs }) => [[-1, 2], [-1], [2], [batchOf(inputs), 1]];

function batchOf(inputs: readonly Shape[]): number {
	const ofInputs = withRank(inputs[0], 3)[1]!;
	return ofInputs >= 0 ? ofInputs : withRank(inputs[1], 1)[0]!;
}

/** A sparse result of unknown length: indices of a rank, values, shape. */
const sparseOfRank =
	(rankOf: (context: ShapeContext) => number): ShapeFunction =>
	(context) => {
		const rank = rankOf(context);
		return [[-1, rank], [-1], [rank]];
	};

const rankOfFirst = ({ inputs }: ShapeContext): number => (inputs[0] ?? inputs[1])?.length ?? -1;
/** Of two sets, sparse ones by their shape. */
const rankOfSets = ({ node, inputs }: ShapeContext): number => {
	if (node.op === 'SparseToSparseSetOperation') return (inputs[2] ?? inputs[5])?.[0] ?? -1;
	if (inputs[0]) return inputs[0].length;
	return (node.op === 'DenseToSparseSetOperation' ? inputs[3]?.[0] : inputs[1]?.length) ?? -1;
};
const sizeOfThird = ({ inputs }: ShapeContext): number => inputs[2]?.[0] ?? -1;

const slicedSparse: ShapeFunction = ({ inputs }) => {
	const shape = inputs[2] ?? null;
	return [[-1, elementsOf(shape)], [-1], shape];
};

const splitSparse: ShapeFunction = ({ inputs, attr }) => {
	const count = attr('num_split')?.int ?? 0;
	const shape = inputs[3] ?? null;
	const each = (one: Shape): Shape[] => new Array<Shape>(count).fill(one);
	const rank = elementsOf(shape);
	return [...each([-1, rank]), ...each([-1]), ...each(shape)];
};

/** Of every pair of sequences one: the last axis of both is along the sequences. */
function distances({ sizes }: ShapeContext): readonly Shape[] {
	const [found, wanted] = [sizes(2), sizes(5)];
	if (!found || !wanted || found.length !== wanted.length) return [null];
	return [
		found
			.slice(0, -1)
			.map((size, axis) => (size < 0 || wanted[axis]! < 0 ? -1 : Math.max(size, wanted[axis]!))),
	];
}

/** Matrices of which some numbers are zero. */
function sparseProduct({ inputs, attr }: ShapeContext): readonly Shape[] {
	const [a, b] = [withRank(inputs[0], 2), withRank(inputs[1], 2)];
	return [[a[attr('transpose_a')?.bool ? 1 : 0]!, b[attr('transpose_b')?.bool ? 0 : 1]!]];
}

/** One after the other; indices, values and shapes are lists of as many inputs each. */
function joinedSparse({ inputs }: ShapeContext): readonly Shape[] {
	const count = inputs.length / 3;
	let [length, rank]: [number, number] = [0, -1];
	let shape: Shape = null;
	for (let i = 0; i < count; i++) {
		const indices = withRank(inputs[i], 2);
		length = addSizes(length, mergeSizes(indices[0]!, withRank(inputs[count + i], 1)[0]!));
		rank = mergeSizes(rank, indices[1]!);
		shape = mergeShapes(shape, withRank(inputs[2 * count + i], 1));
	}
	return [[length, rank], [length], shape];
}

export const sparseShapeOps: readonly OpDeclaration[] = [
	{ names: ['UnicodeDecode'], shape: characters(2) },
	{ names: ['UnicodeDecodeWithOffsets'], shape: characters(3) },
	{ names: ['UnicodeEncode'], shape: encodedCharacters },
	{ names: ['StringNGrams'], shape: ({ inputs }) => [[-1], withRank(inputs[1], 1)] },
	{ names: ['CTCBeamSearchDecoder'], shape: decodedPaths },
	{ names: ['CTCGreedyDecoder'], shape: decodedGreedily },
	{ names: ['ComputeAccidentalHits'], shape: fixed([-1], [-1], [-1]) },
	{ names: ['ComputeBatchSize'], shape: fixed([]) },
	{ names: ['SerializeSparse'], shape: fixed([3]) },
	{ names: ['SerializeManySparse'], shape: fixed([-1, 3]) },
	{
		names: ['DeserializeSparse', 'DeserializeManySparse', 'TakeManySparseFromTensorsMap'],
		shape: fixed([-1, -1], [-1], [-1]),
	},
	{ names: ['AddSparseToTensorsMap'], shape: fixed([]) },
	{ names: ['AddManySparseToTensorsMap'], shape: fixed([-1]) },
	{ names: ['SparseAdd'], shape: sparseOfRank(sizeOfThird) },
	{ names: ['SparseSlice'], shape: slicedSparse },
	{ names: ['SparseSplit'], shape: splitSparse },
	{
		names: ['SparseDenseCwiseAdd', 'SparseDenseCwiseMul', 'SparseDenseCwiseDiv'],
		shape: ({ inputs }) => [[withRank(inputs[0], 2)[0]!]],
	},
	{ names: ['SparseSoftmax'], shape: ({ inputs }) => [withRank(inputs[1], 1)] },
	{ names: ['SparseTensorDenseAdd'], shape: ({ inputs }) => [inputs[3] ?? null] },
	{ names: ['DenseCountSparseOutput'], shape: sparseOfRank(rankOfFirst) },
	{ names: ['SparseCountSparseOutput'], shape: sparseOfRank(({ inputs }) => inputs[0]?.[1] ?? -1) },
	{
		names: ['DenseToDenseSetOperation', 'DenseToSparseSetOperation', 'SparseToSparseSetOperation'],
		shape: sparseOfRank(rankOfSets),
	},
	{ names: ['SparseMatMul'], shape: sparseProduct },
	{ names: ['SparseConcat'], shape: joinedSparse },
	{ names: ['SparseSparseMaximum', 'SparseSparseMinimum'], shape: fixed([-1, -1], [-1]) },
	{ names: ['EditDistance'], shape: distances },
];
