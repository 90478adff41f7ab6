/** A tensor in a few figures: range, mean, zeros, and where its values lie. */
import { DT_BFLOAT16, DT_BOOL, DT_HALF, dtypeName, dtypeStorage } from '../graph/dtype.ts';
import { fromBfloat16, fromHalf } from '../graph/half.ts';
import type { Tensor } from '../graph/tensor.ts';

export interface HistogramBin {
	readonly from: number;
	readonly to: number;
	readonly count: number;
}

export interface TensorStatistics {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly elements: number;
	/** Over finite values; null where there are none, or the type has no order. */
	readonly min: number | null;
	readonly max: number | null;
	readonly mean: number | null;
	/** Standard deviation. */
	readonly std: number | null;
	readonly zeros: number;
	/** Values that are no finite number. */
	readonly notFinite: number;
	/** Bins of equal width between min and max; empty without a range. */
	readonly histogram: readonly HistogramBin[];
	/** Why there are no figures; undefined when there are. */
	readonly problem?: string;
}

/** What is looked at: a constant, or a value that was computed. */
export type Measured = Pick<Tensor, 'dtype' | 'shape' | 'elements' | 'data' | 'decodable' | 'problem'>;

const BINS = 12;

/** Two passes over the values; nothing of their size is kept. */
export function tensorStatistics(tensor: Measured): TensorStatistics {
	const { dtype, shape, elements } = tensor;
	const frame = { dtype: dtypeName(dtype), shape, elements };
	const none = { min: null, max: null, mean: null, std: null, zeros: 0, notFinite: 0, histogram: [] };
	if (!tensor.decodable) return { ...frame, ...none, problem: tensor.problem! };
	const read = numberReader(tensor);
	if (!read) return { ...frame, ...none };
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	let zeros = 0;
	let finite = 0;
	let mean = 0;
	let squares = 0;
	for (let i = 0; i < elements; i++) {
		const value = read(i);
		if (!Number.isFinite(value)) continue;
		finite++;
		if (value === 0) zeros++;
		if (value < min) min = value;
		if (value > max) max = value;
		const delta = value - mean;
		mean += delta / finite;
		squares += delta * (value - mean);
	}
	if (finite === 0) return { ...frame, ...none, notFinite: elements };
	return {
		...frame,
		min,
		max,
		mean,
		std: Math.sqrt(squares / finite),
		zeros,
		notFinite: elements - finite,
		histogram: max > min ? histogram(read, elements, min, max) : [],
	};
}

function histogram(
	read: (index: number) => number,
	elements: number,
	min: number,
	max: number,
): HistogramBin[] {
	const counts = new Array<number>(BINS).fill(0);
	const width = (max - min) / BINS;
	for (let i = 0; i < elements; i++) {
		const value = read(i);
		if (Number.isFinite(value)) counts[Math.min(BINS - 1, Math.floor((value - min) / width))]!++;
	}
	return counts.map((count, i) => ({
		from: min + i * width,
		to: i === BINS - 1 ? max : min + (i + 1) * width,
		count,
	}));
}

/** Elements as numbers; undefined for strings, complex types and handles. */
export function numberReader(tensor: Measured): ((index: number) => number) | undefined {
	const storage = dtypeStorage(tensor.dtype);
	if (storage === 'string' || storage === 'opaque' || storage.startsWith('complex')) return undefined;
	const { data } = tensor;
	if (!ArrayBuffer.isView(data)) return undefined;
	if (tensor.dtype === DT_HALF) return (i) => fromHalf(Number(data[i]));
	if (tensor.dtype === DT_BFLOAT16) return (i) => fromBfloat16(Number(data[i]));
	if (tensor.dtype === DT_BOOL) return (i) => (data[i] ? 1 : 0);
	return (i) => Number(data[i]);
}
