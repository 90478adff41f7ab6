/** Diagonals of matrices: taken out, put in, made into matrices. The newest versions take a band of them. */
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import type { Kernel, KernelContext, OpDeclaration, ShapeFunction } from './define.ts';
import { withDiagonalShape } from './matrix-shapes.ts';
import { withRankAtLeast } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, isComplex, noDtype, scalar } from './values.ts';

/** Diagonals from `low` to `high`, 0 the main one, and how short ones are aligned in a row of the longest. */
interface Band {
	readonly low: number;
	readonly high: number;
	readonly longest: number;
	/** Whether those above the main one, and those below, are moved to the right. */
	readonly right: { readonly above: boolean; readonly below: boolean };
}

interface Items {
	[i: number]: unknown;
}

function bandOf(k: TensorValue | undefined, rows: number, columns: number, context: KernelContext): Band {
	const given = k ? integers(k) : [0];
	const [low, high] = [given[0]!, given.at(-1)!];
	const align = context.attr('align')?.string ?? 'LEFT_LEFT';
	if (low > high || low <= -rows || high >= columns) {
		if (rows > 0 && columns > 0 && !(low === 0 && high === 0))
			throw cannotRun(
				context,
				`there are no diagonals ${low} to ${high} in a matrix of ${rows} × ${columns}`,
			);
	}
	const longest = Math.min(rows + Math.min(high, 0), columns - Math.max(low, 0));
	return { low, high, longest, right: { above: align.startsWith('RIGHT'), below: align.endsWith('RIGHT') } };
}

/** Visits every place of a band: which diagonal and place in its row, and where it lies in the matrix. */
function visit(
	band: Band,
	rows: number,
	columns: number,
	at: (inBand: number, inMatrix: number) => void,
): void {
	for (let diagonal = band.high; diagonal >= band.low; diagonal--) {
		const length = Math.min(rows + Math.min(diagonal, 0), columns - Math.max(diagonal, 0));
		const moved = (diagonal > 0 ? band.right.above : diagonal < 0 && band.right.below)
			? band.longest - length
			: 0;
		for (let i = 0; i < length; i++) {
			const row = i - Math.min(diagonal, 0);
			at((band.high - diagonal) * band.longest + moved + i, row * columns + row + diagonal);
		}
	}
}

function size(band: Band): number[] {
	return band.low === band.high ? [band.longest] : [band.high - band.low + 1, band.longest];
}

function filled(dtype: number, shape: readonly number[], padding: TensorValue | undefined): Items {
	const data = allocate(dtype, elementCount(shape)) as unknown as Items & { fill(value: unknown): void };
	if (padding) data.fill(padding.data[0]);
	return data;
}

function plainOnly(x: TensorValue, context: KernelContext): void {
	if (isComplex(x.dtype) || Array.isArray(x.data)) throw noDtype(context, x.dtype);
}

const diagonalPart: Kernel = ([x, k, padding], context) => {
	plainOnly(x!, context);
	const [rows, columns] = x!.shape.slice(-2) as [number, number];
	const band = bandOf(k, rows, columns, context);
	const shape = [...x!.shape.slice(0, -2), ...size(band)];
	const data = filled(x!.dtype, shape, padding);
	const step = elementCount(size(band));
	const matrices = elementCount(x!.shape.slice(0, -2));
	for (let i = 0; i < matrices; i++)
		visit(band, rows, columns, (to, from) => {
			data[i * step + to] = x!.data[i * rows * columns + from];
		});
	return [{ dtype: x!.dtype, shape, data: data as unknown as TensorData }];
};

/** Puts diagonals into matrices that are there already, or are made. */
function put(
	diagonals: TensorValue,
	data: Items,
	band: Band,
	rows: number,
	columns: number,
	matrices: number,
): void {
	const step = elementCount(size(band));
	for (let i = 0; i < matrices; i++)
		visit(band, rows, columns, (from, to) => {
			data[i * rows * columns + to] = diagonals.data[i * step + from];
		});
}

const setDiagonal: Kernel = ([x, diagonals, k], context) => {
	plainOnly(x!, context);
	const { dtype, shape } = x!;
	const [rows, columns] = shape.slice(-2) as [number, number];
	const band = bandOf(k, rows, columns, context);
	const data = (x!.data as Float32Array).slice();
	put(diagonals!, data as unknown as Items, band, rows, columns, elementCount(shape.slice(0, -2)));
	return [{ dtype, shape, data }];
};

const diagonalMatrix: Kernel = ([diagonals, k, rowCount, columnCount, padding], context) => {
	plainOnly(diagonals!, context);
	const given = k ? integers(k) : [0];
	const [low, high] = [given[0]!, given.at(-1)!];
	const own = low === high ? 1 : 2;
	const longest = diagonals!.shape.at(-1)!;
	let rows = rowCount ? scalar(rowCount) : -1;
	let columns = columnCount ? scalar(columnCount) : -1;
	const [leastRows, leastColumns] = [longest - Math.min(high, 0), longest + Math.max(low, 0)];
	if (rows < 0 && columns < 0) {
		rows = Math.max(leastRows, leastColumns);
		columns = rows;
	} else if (rows < 0) rows = leastRows;
	else if (columns < 0) columns = leastColumns;
	const batch = diagonals!.shape.slice(0, -own);
	const shape = [...batch, rows, columns];
	const data = filled(diagonals!.dtype, shape, padding);
	put(diagonals!, data, bandOf(k, rows, columns, context), rows, columns, elementCount(batch));
	return [{ dtype: diagonals!.dtype, shape, data: data as unknown as TensorData }];
};

/** Only the rank is told where a band is not known to be one diagonal. */
const partShape: ShapeFunction = ({ inputs, node, value }) => {
	const shape = inputs[0];
	if (!shape || shape.length < 2) return [null];
	const k = /V\d$/.test(node.op) ? value(1) : undefined;
	if (/V\d$/.test(node.op) && !k) return [null];
	const given = k ? integers(k) : [0];
	const [low, high] = [given[0]!, given.at(-1)!];
	const [rows, columns] = shape.slice(-2) as [number, number];
	const longest =
		rows < 0 || columns < 0 ? -1 : Math.min(rows + Math.min(high, 0), columns - Math.max(low, 0));
	return [[...shape.slice(0, -2), ...(low === high ? [] : [high - low + 1]), longest]];
};

/** Rows and columns that are not given are as many as the diagonals need; those not known count as not given. */
const matrixShape: ShapeFunction = ({ inputs, node, value }) => {
	const shape = withRankAtLeast(inputs[0], 1);
	const k = value(1);
	if (!shape) return [null];
	if (node.op === 'MatrixDiag') return [[...shape, shape.at(-1)!]];
	if (!k) return [null];
	const given = integers(k);
	const [low, high] = [given[0]!, given.at(-1)!];
	const batch = shape.slice(0, low === high ? -1 : -2);
	const longest = shape.at(-1)!;
	const asked = (input: number): number => {
		const count = value(input);
		return count ? (integers(count)[0] ?? -1) : -1;
	};
	if (longest < 0) return [[...batch, asked(2), asked(3)]];
	const [leastRows, leastColumns] = [longest - Math.min(high, 0), longest + Math.max(low, 0)];
	const [rows, columns] = [asked(2), asked(3)];
	if (rows < 0 && columns < 0) {
		const size = Math.max(leastRows, leastColumns);
		return [[...batch, size, size]];
	}
	return [[...batch, rows < 0 ? leastRows : rows, columns < 0 ? leastColumns : columns]];
};

const dtypes = 'all but complex numbers and strings';

export const diagonalOps: readonly OpDeclaration[] = [
	{
		names: ['MatrixDiagPart', 'MatrixDiagPartV2', 'MatrixDiagPartV3'],
		dtypes,
		shape: partShape,
		kernel: diagonalPart,
	},
	{
		names: ['MatrixSetDiag', 'MatrixSetDiagV2', 'MatrixSetDiagV3'],
		dtypes,
		shape: withDiagonalShape,
		kernel: setDiagonal,
	},
	{
		names: ['MatrixDiag', 'MatrixDiagV2', 'MatrixDiagV3'],
		dtypes,
		shape: matrixShape,
		kernel: diagonalMatrix,
	},
];
