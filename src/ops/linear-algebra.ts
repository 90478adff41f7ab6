/** Inverses, determinants and systems of equations of small matrices, in double precision inside. */
import type { TensorValue } from '../graph/tensor.ts';
import type { Kernel, KernelContext, OpDeclaration, ShapeFunction } from './define.ts';
import { floatsOf, likeInput } from './kernels/normalization.ts';
import { broadcastSolutionShape, crossShape, solutionShape, squareMatrix } from './matrix-shapes.ts';
import { cannotRun, elementCount } from './values.ts';

/** A matrix with its rows one after the other. */
interface Matrix {
	readonly size: number;
	readonly values: Float64Array;
}

function matricesOf(x: TensorValue, context: KernelContext): Matrix[] {
	const [rows, size] = x.shape.slice(-2) as [number, number];
	if (rows !== size || x.shape.length < 2) throw cannotRun(context, `[${x.shape}] are no square matrices`);
	const values = Float64Array.from(floatsOf(x, context));
	return Array.from({ length: elementCount(x.shape.slice(0, -2)) }, (_, i) => ({
		size,
		values: values.slice(i * size * size, (i + 1) * size * size),
	}));
}

/** Brings `right` to the solution by elimination with the largest pivot; the matrix is used up. @returns its determinant. */
function eliminate({ size, values }: Matrix, right: Float64Array, columns: number): number {
	let determinant = 1;
	const swap = (data: Float64Array, width: number, a: number, b: number): void => {
		for (let i = 0; i < width; i++)
			[data[a * width + i], data[b * width + i]] = [data[b * width + i]!, data[a * width + i]!];
	};
	for (let pivot = 0; pivot < size; pivot++) {
		let best = pivot;
		for (let row = pivot + 1; row < size; row++)
			if (Math.abs(values[row * size + pivot]!) > Math.abs(values[best * size + pivot]!)) best = row;
		if (best !== pivot) {
			swap(values, size, pivot, best);
			swap(right, columns, pivot, best);
			determinant = -determinant;
		}
		const scale = values[pivot * size + pivot]!;
		determinant *= scale;
		if (scale === 0) return 0;
		for (let row = 0; row < size; row++) {
			if (row === pivot) continue;
			const factor = values[row * size + pivot]! / scale;
			for (let i = pivot; i < size; i++) values[row * size + i]! -= factor * values[pivot * size + i]!;
			for (let i = 0; i < columns; i++) right[row * columns + i]! -= factor * right[pivot * columns + i]!;
		}
	}
	for (let row = 0; row < size; row++)
		for (let i = 0; i < columns; i++) right[row * columns + i]! /= values[row * size + row]!;
	return determinant;
}

function transposed({ size, values }: Matrix): Matrix {
	return { size, values: values.map((_, i) => values[(i % size) * size + Math.floor(i / size)]!) };
}

/** All results one after the other, in the dtype of the operand. */
function joined(like: TensorValue, shape: readonly number[], parts: readonly Float64Array[]): TensorValue {
	const all = Float64Array.from(parts.flatMap((part) => [...part]));
	return likeInput({ ...like, shape }, like.data instanceof Float64Array ? all : Float32Array.from(all));
}

function solved(matrix: Matrix, right: Float64Array, columns: number, context: KernelContext): Float64Array {
	if (eliminate(matrix, right, columns) === 0 && matrix.size > 0)
		throw cannotRun(context, 'Input matrix is not invertible.');
	return right;
}

const inverse: Kernel = ([x], context) => {
	const adjoint = context.attr('adjoint')?.bool ?? false;
	const parts = matricesOf(x!, context).map((matrix) => {
		const { size } = matrix;
		const unit = Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
		return solved(adjoint ? transposed(matrix) : matrix, unit, size, context);
	});
	return [joined(x!, x!.shape, parts)];
};

const determinant: Kernel = ([x], context) => {
	const parts = matricesOf(x!, context).map((matrix) =>
		Float64Array.of(eliminate(matrix, new Float64Array(0), 0)),
	);
	return [joined(x!, x!.shape.slice(0, -2), parts)];
};

const logDeterminant: Kernel = ([x], context) => {
	const found = matricesOf(x!, context).map((matrix) => eliminate(matrix, new Float64Array(0), 0));
	const shape = x!.shape.slice(0, -2);
	return [Math.sign, (value: number) => Math.log(Math.abs(value))].map((f) =>
		joined(x!, shape, [Float64Array.from(found, f)]),
	);
};

/** MatrixSolve, and MatrixTriangularSolve, which looks at one half of its matrices only. */
function solve(triangular: boolean): Kernel {
	return ([x, right], context) => {
		const lower = context.attr('lower')?.bool ?? true;
		const columns = right!.shape.at(-1)!;
		const matrices = matricesOf(x!, context);
		const values = Float64Array.from(floatsOf(right!, context));
		const size = x!.shape.at(-1)!;
		if (elementCount(right!.shape) !== matrices.length * size * columns)
			throw cannotRun(context, `[${right!.shape}] does not fit [${x!.shape}]`);
		const parts = matrices.map((matrix, i) => {
			if (triangular)
				for (let at = 0; at < size * size; at++) {
					const [row, column] = [Math.floor(at / size), at % size];
					if (lower ? column > row : column < row) matrix.values[at] = 0;
				}
			const given = context.attr('adjoint')?.bool ? transposed(matrix) : matrix;
			return solved(given, values.slice(i * size * columns, (i + 1) * size * columns), columns, context);
		});
		return [joined(x!, right!.shape, parts)];
	};
}

/** The lower triangle whose product with its transpose the matrix is. */
const cholesky: Kernel = ([x], context) => {
	const parts = matricesOf(x!, context).map(({ size, values }) => {
		const lower = new Float64Array(size * size);
		for (let row = 0; row < size; row++)
			for (let column = 0; column <= row; column++) {
				let sum = values[row * size + column]!;
				for (let i = 0; i < column; i++) sum -= lower[row * size + i]! * lower[column * size + i]!;
				if (row === column && !(sum > 0))
					throw cannotRun(
						context,
						'Cholesky decomposition was not successful. The input might not be valid.',
					);
				lower[row * size + column] = row === column ? Math.sqrt(sum) : sum / lower[column * size + column]!;
			}
		return lower;
	});
	return [joined(x!, x!.shape, parts)];
};

/** The product of vectors of three numbers that stands upright on both. */
const cross: Kernel = ([a, b], context) => {
	if (a!.shape.at(-1) !== 3 || String(a!.shape) !== String(b!.shape))
		throw cannotRun(context, `[${a!.shape}] and [${b!.shape}] are no pairs of vectors of three`);
	const [x, y] = [floatsOf(a!, context), floatsOf(b!, context)];
	const result = x.slice();
	for (let i = 0; i < x.length; i++) {
		const from = i - (i % 3);
		const [p, q] = [from + ((i + 1) % 3), from + ((i + 2) % 3)];
		result[i] = x[p]! * y[q]! - x[q]! * y[p]!;
	}
	return [likeInput(a!, result)];
};

const ofMatrices: ShapeFunction = ({ inputs, outputCount }) =>
	new Array(outputCount).fill(inputs[0] && inputs[0].length >= 2 ? inputs[0].slice(0, -2) : null);

const base = { dtypes: 'float, double', flushesDenormals: true } as const;

export const linearAlgebraOps: readonly OpDeclaration[] = [
	{ names: ['MatrixInverse'], ...base, shape: squareMatrix, kernel: inverse },
	{ names: ['MatrixDeterminant'], ...base, shape: ofMatrices, kernel: determinant },
	{ names: ['LogMatrixDeterminant'], ...base, shape: ofMatrices, kernel: logDeterminant },
	{ names: ['MatrixSolve'], ...base, shape: solutionShape, kernel: solve(false) },
	{ names: ['MatrixTriangularSolve'], ...base, shape: broadcastSolutionShape, kernel: solve(true) },
	{ names: ['Cholesky'], ...base, shape: squareMatrix, kernel: cholesky },
	{ names: ['Cross'], ...base, shape: crossShape, kernel: cross },
];
