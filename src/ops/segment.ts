/** Rows brought together by the segment that they belong to: Segment*, UnsortedSegment*, SparseSegment*. */
import { DT_BFLOAT16, DT_FLOAT, DT_HALF } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import {
	type Cells,
	type Combination,
	cellsOf,
	combiner,
	emptyCells,
	fillOnes,
	finished,
	rowSize,
} from './accumulate.ts';
import type { Kernel, KernelContext, OpDeclaration, ShapeFunction } from './define.ts';
import { concatenateShapes, subshape, UNKNOWN } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, isSixteenBitFloat, isStrings, scalar } from './values.ts';

const MOST_ROWS = 1 << 28;

const segmentRows: ShapeFunction = ({ inputs }) => [
	concatenateShapes([-1], subshape(inputs[0] ?? UNKNOWN, 1)),
];

const unsortedRows: ShapeFunction = ({ inputs, value }) => {
	const [data = null, ids = null] = inputs;
	const count = value(2);
	if (ids === null) return [UNKNOWN];
	return [concatenateShapes([count ? scalar(count) : -1], subshape(data, ids.length))];
};

/** Whether the first row is taken as it is, so that nothing has to begin with a lowest number. */
function startsWithFirst(combination: Combination): boolean {
	return combination === 'largest' || combination === 'smallest';
}

interface Segments {
	readonly cells: Cells;
	/** How many rows each segment has. */
	readonly counts: readonly number[];
}

/** @param rows the row of `source` that each id stands for; an id below zero is left out. */
function gathered(
	combination: Combination,
	source: Cells,
	dtype: number,
	inner: number,
	ids: readonly number[],
	rows: (i: number) => number,
	segments: number,
): Segments {
	const cells = emptyCells(dtype, segments * inner);
	if (combination === 'product') fillOnes(cells, dtype);
	const counts = new Array<number>(segments).fill(0);
	const combine = combiner(combination, dtype);
	const sum = combiner('sum', dtype);
	for (const [i, id] of ids.entries()) {
		if (id < 0) continue;
		const first = counts[id]!++ === 0 && startsWithFirst(combination);
		(first ? sum : combine)(cells, id * inner, source, rows(i) * inner, inner);
	}
	return { cells, counts };
}

/** Divides each segment by a number that its count of rows gives; integers are cut. */
function divide({ cells, counts }: Segments, dtype: number, by: (count: number) => number): void {
	const width = cells.length / Math.max(counts.length, 1);
	const big = cells instanceof BigInt64Array || cells instanceof BigUint64Array;
	const half = isSixteenBitFloat(dtype);
	counts.forEach((count, segment) => {
		if (count === 0) return;
		const divisor = (big ? BigInt(count) : by(count)) as number;
		for (let i = segment * width; i < (segment + 1) * width; i++)
			cells[i] = half ? Math.fround(cells[i]! / divisor) : cells[i]! / divisor;
	});
}

function sortedIds(value: TensorValue, context: KernelContext): number[] {
	const ids = integers(value);
	ids.forEach((id, i) => {
		if (id < 0 || id > MOST_ROWS || (i > 0 && id < ids[i - 1]!))
			throw cannotRun(context, 'segment ids must be sorted and not negative');
	});
	return ids;
}

const segment =
	(combination: Combination, mean = false): Kernel =>
	([data, idValue], context) => {
		if (isStrings(data!.data)) throw cannotRun(context, 'its dtype is not implemented');
		const ids = sortedIds(idValue!, context);
		if (ids.length !== data!.shape[0]) throw cannotRun(context, 'there must be one segment id a row');
		const { dtype, shape } = data!;
		const count = ids.length === 0 ? 0 : ids.at(-1)! + 1;
		const found = gathered(combination, cellsOf(data!), dtype, rowSize(shape), ids, (i) => i, count);
		if (mean) divide(found, dtype, (rows) => rows);
		return [finished(found.cells, dtype, [count, ...shape.slice(1)])];
	};

/** The bounds of floats, and of integers by their width. */
function extreme(combination: Combination, dtype: number, cells: Cells): number {
	const sign = combination === 'largest' ? -1 : 1;
	if (dtype === DT_HALF) return sign * 65504;
	if (dtype === DT_BFLOAT16) return sign * (2 - 2 ** -7) * 2 ** 127;
	if (dtype === DT_FLOAT) return sign * (2 - 2 ** -23) * 2 ** 127;
	if (cells instanceof Float64Array) return sign * Number.MAX_VALUE;
	const bits = 8 * (cells as unknown as Int32Array).BYTES_PER_ELEMENT;
	const unsigned = /^(Big)?Uint/.test(cells.constructor.name);
	const big = cells.constructor.name.startsWith('Big');
	const high = 2n ** BigInt(unsigned ? bits : bits - 1) - 1n;
	const low = unsigned ? 0n : -high - 1n;
	const bound = sign < 0 ? low : high;
	return (big ? bound : Number(bound)) as number;
}

const unsortedSegment =
	(combination: Combination): Kernel =>
	([data, idValue, countValue], context) => {
		if (isStrings(data!.data)) throw cannotRun(context, 'its dtype is not implemented');
		const count = scalar(countValue!);
		const ids = integers(idValue!);
		if (!(count >= 0 && count <= MOST_ROWS)) throw cannotRun(context, `num_segments is ${count}`);
		if (ids.some((id) => id >= count)) throw cannotRun(context, `a segment id is not below ${count}`);
		const { dtype } = data!;
		const rest = data!.shape.slice(idValue!.shape.length);
		const inner = elementCount(rest);
		const found = gathered(combination, cellsOf(data!), dtype, inner, ids, (i) => i, count);
		if (startsWithFirst(combination)) {
			const bound = extreme(combination, dtype, found.cells);
			found.counts.forEach((rows, id) => {
				for (let i = 0; rows === 0 && i < inner; i++) found.cells[id * inner + i] = bound;
			});
		}
		return [finished(found.cells, dtype, [count, ...rest])];
	};

/** Sums of rows picked by index. Sixteen-bit floats are summed in float. */
const sparseSegment =
	(by?: (count: number) => number): Kernel =>
	([data, indexValue, idValue], context) => {
		const ids = sortedIds(idValue!, context);
		const indices = integers(indexValue!);
		const { dtype, shape } = data!;
		if (indices.length !== ids.length || indices.some((row) => row < 0 || row >= shape[0]!))
			throw cannotRun(context, `an index is outside of [0, ${shape[0]})`);
		const count = ids.length === 0 ? 0 : ids.at(-1)! + 1;
		const working = isSixteenBitFloat(dtype) ? DT_FLOAT : dtype;
		const found = gathered('sum', cellsOf(data!), working, rowSize(shape), ids, (i) => indices[i]!, count);
		if (by) divide(found, working, by);
		return [finished(found.cells, dtype, [count, ...shape.slice(1)])];
	};

const flushesDenormals = true;

export const segmentOps: readonly OpDeclaration[] = [
	{ names: ['SegmentSum'], shape: segmentRows, kernel: segment('sum'), flushesDenormals },
	{ names: ['SegmentMean'], shape: segmentRows, kernel: segment('sum', true), flushesDenormals },
	{ names: ['SegmentProd'], shape: segmentRows, kernel: segment('product'), flushesDenormals },
	{ names: ['SegmentMax'], shape: segmentRows, kernel: segment('largest'), flushesDenormals },
	{ names: ['SegmentMin'], shape: segmentRows, kernel: segment('smallest'), flushesDenormals },
	{ names: ['UnsortedSegmentSum'], shape: unsortedRows, kernel: unsortedSegment('sum'), flushesDenormals },
	{
		names: ['UnsortedSegmentProd'],
		shape: unsortedRows,
		kernel: unsortedSegment('product'),
		flushesDenormals,
	},
	{
		names: ['UnsortedSegmentMax'],
		shape: unsortedRows,
		kernel: unsortedSegment('largest'),
		flushesDenormals,
	},
	{
		names: ['UnsortedSegmentMin'],
		shape: unsortedRows,
		kernel: unsortedSegment('smallest'),
		flushesDenormals,
	},
	{ names: ['SparseSegmentSum'], shape: segmentRows, kernel: sparseSegment(), flushesDenormals },
	{ names: ['SparseSegmentMean'], shape: segmentRows, kernel: sparseSegment((n) => n), flushesDenormals },
	{ names: ['SparseSegmentSqrtN'], shape: segmentRows, kernel: sparseSegment(Math.sqrt), flushesDenormals },
];
