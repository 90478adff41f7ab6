/** Shape functions of decompositions and solvers of matrices, with as many leading axes as there are. */
import type { OpDeclaration, Shape, ShapeFunction } from './define.ts';
import {
	broadcastShapes,
	concatenateShapes,
	mergeShapes,
	mergeSizes,
	withRankAtLeast,
	withSize,
} from './shape-algebra.ts';

/** Leading axes, rows, columns; undefined for an unknown rank. */
function parted(shape: Shape | undefined): { batch: number[]; rows: number; columns: number } | undefined {
	const known = withRankAtLeast(shape, 2);
	if (!known) return undefined;
	return { batch: known.slice(0, -2), rows: known.at(-2)!, columns: known.at(-1)! };
}

/** A square matrix: rows and columns are one size. */
function square(shape: Shape | undefined): readonly number[] | null {
	const matrix = parted(shape);
	if (!matrix) return null;
	const size = mergeSizes(matrix.rows, matrix.columns);
	return [...matrix.batch, size, size];
}

export const squareMatrix: ShapeFunction = ({ inputs }) => [square(inputs[0])];

/** A X = B of a square A. */
export const solutionShape: ShapeFunction = ({ inputs }) => {
	const left = square(inputs[0]);
	const right = withRankAtLeast(inputs[1], 2);
	if (!left || !right) return [mergeOfBatches(left, right)];
	const batch = mergeShapes(left.slice(0, -2), right.slice(0, -2));
	return [concatenateShapes(batch, [mergeSizes(left.at(-1)!, right.at(-2)!), right.at(-1)!])];
};

/** With one side of unknown rank, the other tells what there is. */
function mergeOfBatches(left: Shape, right: Shape): Shape {
	if (right) return right;
	return left ? [...left.slice(0, -1), -1] : null;
}

/** The batches of both sides broadcast. */
export const broadcastSolutionShape: ShapeFunction = ({ inputs }) => {
	const left = square(inputs[0]);
	const right = parted(inputs[1]);
	if (!left || !right) return [null];
	const batch = broadcastShapes(left.slice(0, -2), right.batch);
	return [concatenateShapes(batch, [mergeSizes(left.at(-1)!, right.rows), right.columns])];
};

const bandedSolution: ShapeFunction = ({ inputs }) => {
	const [bands, right] = [parted(inputs[0]), parted(inputs[1])];
	if (!bands || !right) return [null];
	const batch = broadcastShapes(bands.batch, right.batch);
	return [concatenateShapes(batch, [mergeSizes(bands.columns, right.rows), right.columns])];
};

const leastSquares: ShapeFunction = ({ inputs }) => {
	const [left, right] = [parted(inputs[0]), parted(inputs[1])];
	if (!left && !right) return [null];
	const batch = mergeShapes(left?.batch ?? null, right?.batch ?? null);
	return [concatenateShapes(batch, [left?.columns ?? -1, right?.columns ?? -1])];
};

const smaller = (a: number, b: number): number =>
	a === 0 || b === 0 ? 0 : a < 0 || b < 0 ? -1 : Math.min(a, b);

const qrShape: ShapeFunction = ({ inputs, attr }) => {
	const matrix = parted(inputs[0]);
	if (!matrix) return [null, null];
	const { batch, rows, columns } = matrix;
	const inner = smaller(rows, columns);
	return attr('full_matrices')?.bool
		? [
				[...batch, rows, rows],
				[...batch, rows, columns],
			]
		: [
				[...batch, rows, inner],
				[...batch, inner, columns],
			];
};

const svdShape: ShapeFunction = ({ inputs, attr }) => {
	const matrix = parted(inputs[0]);
	const vectors = attr('compute_uv')?.bool ?? true;
	if (!matrix) return vectors ? [null, null, null] : [null, [0], [0]];
	const { batch, rows, columns } = matrix;
	const inner = smaller(rows, columns);
	if (!vectors) return [[...batch, inner], [0], [0]];
	const full = attr('full_matrices')?.bool ?? false;
	return [
		[...batch, inner],
		[...batch, rows, full ? rows : inner],
		[...batch, columns, full ? columns : inner],
	];
};

const eigenShape: ShapeFunction = ({ inputs, attr }) => {
	const matrix = square(inputs[0]);
	const vectors = attr('compute_v')?.bool ?? true;
	return [matrix?.slice(0, -1) ?? null, vectors ? matrix : [0]];
};

const luShape: ShapeFunction = ({ inputs }) => {
	const matrix = square(inputs[0]);
	return [matrix, matrix?.slice(0, -1) ?? null];
};

const ofRight =
	(input: number): ShapeFunction =>
	({ inputs }) => [inputs[input] ?? null];

const tridiagonalSolution: ShapeFunction = ({ inputs }) => {
	const [diagonals, right] = [parted(inputs[0]), parted(inputs[1])];
	if (!diagonals || !right) return [right ? [...right.batch, right.rows, right.columns] : null];
	withSize(diagonals.rows, 3);
	const batch = mergeShapes(diagonals.batch, right.batch);
	return [concatenateShapes(batch, [mergeSizes(diagonals.columns, right.rows), right.columns])];
};

/** Diagonals become the main one of twice as many axes, and are taken from it. */
const diagonalShape: ShapeFunction = ({ inputs }) => [
	concatenateShapes(inputs[0] ?? null, inputs[0] ?? null),
];

const diagonalPartShape: ShapeFunction = ({ inputs }) => {
	const shape = inputs[0] ?? null;
	if (!shape) return [null];
	const half = shape.length / 2;
	return [mergeShapes(shape.slice(0, half), shape.slice(half))];
};

/** Vectors of three numbers, of one shape. */
export const crossShape: ShapeFunction = ({ inputs }) => {
	const merged = mergeShapes(inputs[0] ?? null, inputs[1] ?? null);
	if (merged) withSize(withRankAtLeast(merged, 1)!.at(-1)!, 3);
	return [merged];
};

/** A matrix or more, with diagonals of one axis less. */
export const withDiagonalShape: ShapeFunction = ({ inputs, node, value }) => {
	const matrix = withRankAtLeast(inputs[0], 2);
	const diagonals = withRankAtLeast(inputs[1], 1);
	if (matrix || !diagonals) return [matrix];
	const k = /V\d$/.test(node.op) ? value(2) : undefined;
	const several = k !== undefined && k.data.length > 1 && Number(k.data[0]) !== Number(k.data[1]);
	return [[...diagonals.slice(0, several ? -2 : -1), -1, -1]];
};

export const matrixShapeOps: readonly OpDeclaration[] = [
	{ names: ['MatrixLogarithm', 'MatrixSquareRoot', 'MatrixExponential'], shape: squareMatrix },
	{ names: ['MatrixSolveLs'], shape: leastSquares },
	{ names: ['BandedTriangularSolve'], shape: bandedSolution },
	{ names: ['TridiagonalSolve'], shape: tridiagonalSolution },
	{ names: ['TridiagonalMatMul'], shape: ofRight(3) },
	{ names: ['Qr'], shape: qrShape },
	{ names: ['Svd'], shape: svdShape },
	{ names: ['Eig', 'SelfAdjointEigV2'], shape: eigenShape },
	{ names: ['Lu'], shape: luShape },
	{ names: ['Diag'], shape: diagonalShape },
	{ names: ['DiagPart'], shape: diagonalPartShape },
];
