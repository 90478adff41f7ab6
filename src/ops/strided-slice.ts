/** Parts of tensors in steps: StridedSlice with all its masks. */
import { messageOf } from '../graph/error.ts';
import type { Kernel, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { mergeSizes, misfit, UNKNOWN, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, pick, stridedOffsets, stridesOf } from './values.ts';

/** What the five masks and three vectors of a StridedSlice say of each axis of its input. */
interface AxisRange {
	readonly begin: number;
	readonly end: number;
	readonly stride: number;
	readonly wholeBegin: boolean;
	readonly wholeEnd: boolean;
	readonly shrink: boolean;
}

/** Where an axis of the result comes from: an axis of the input, or a new one of size 1. */
type Source = number | 'new';

interface DenseSlice {
	readonly ranges: readonly AxisRange[];
	readonly sources: readonly Source[];
}

interface SliceMasks {
	readonly begin: number;
	readonly end: number;
	readonly ellipsis: number;
	readonly newAxis: number;
	readonly shrink: number;
}

function sliceMasks(attr: (name: string) => { readonly int: number | undefined } | undefined): SliceMasks {
	const mask = (name: string): number => attr(`${name}_mask`)?.int ?? 0;
	return {
		begin: mask('begin'),
		end: mask('end'),
		ellipsis: mask('ellipsis'),
		newAxis: mask('new_axis'),
		shrink: mask('shrink_axis'),
	};
}

const WHOLE: AxisRange = { begin: 0, end: 0, stride: 1, wholeBegin: true, wholeEnd: true, shrink: false };

/** Spreads the sparse specification over all `rank` axes. Vectors that are not known are empty. */
function spread(
	rank: number,
	count: number,
	vectors: { begin: readonly number[]; end: readonly number[]; strides: readonly number[] },
	masks: SliceMasks,
): DenseSlice {
	const has = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;
	const ranges: AxisRange[] = [];
	const sources: Source[] = [];
	const fillTo = (axis: number): void => {
		while (ranges.length < axis) {
			sources.push(ranges.length);
			ranges.push(WHOLE);
		}
	};
	let ellipsis = false;
	for (let i = 0; i < count; i++) {
		if (has(masks.ellipsis, i)) {
			if (ellipsis) throw misfit('Multiple ellipses in slice spec not allowed');
			ellipsis = true;
			let left = 0;
			for (let j = i + 1; j < count; j++) if (!has(masks.newAxis, j)) left++;
			fillTo(Math.max(ranges.length, rank - left));
		} else if (has(masks.newAxis, i)) sources.push('new');
		else {
			if (rank === 0) throw misfit('Attempting to slice scalar input.');
			if (ranges.length === rank)
				throw misfit(`Index out of range using input dim ${rank}; input has only ${rank} dims`);
			const shrink = has(masks.shrink, i);
			if (!shrink) sources.push(ranges.length);
			ranges.push({
				begin: vectors.begin[i] ?? 0,
				end: vectors.end[i] ?? 0,
				stride: vectors.strides[i]!,
				wholeBegin: has(masks.begin, i),
				wholeEnd: has(masks.end, i),
				shrink,
			});
		}
	}
	fillTo(rank);
	return { ranges, sources };
}

/** First index and number of indices of an axis of a known size. */
function resolve(range: AxisRange, size: number, axis: number): { start: number; length: number } {
	const { stride } = range;
	if (range.shrink) {
		const start = range.begin < 0 ? range.begin + size : range.begin;
		if (start < 0 || start >= size)
			throw misfit(`slice index ${range.begin} of dimension ${axis} out of bounds.`);
		return { start, length: 1 };
	}
	const low = stride > 0 ? 0 : -1;
	const high = stride > 0 ? size : size - 1;
	const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, low), high);
	const start = range.wholeBegin ? (stride > 0 ? low : high) : clamp(range.begin);
	const end = range.wholeEnd ? (stride > 0 ? high : low) : clamp(range.end);
	return { start, length: Math.max(0, Math.ceil((end - start) / stride)) };
}

function checkStride(range: AxisRange, axis: number, sizeIsKnown = true): void {
	if (range.stride === 0) throw misfit(`strides[${axis}] must be non-zero`);
	if (sizeIsKnown && range.shrink && range.stride <= 0)
		throw misfit('only stride 1 allowed on non-range indexing.');
}

const stridedSliceShape: ShapeFunction = ({ inputs, value, attr, handle, setHandle }) => {
	const shape = inputs[0]!;
	let specification: Shape = withRank(inputs[1], 1);
	for (const i of [2, 3]) specification = [mergeSizes(specification![0]!, withRank(inputs[i], 1)[0]!)];
	const count = specification![0]!;
	const data = handle(0);
	if (data) setHandle(0, data);
	const strides = value(3);
	if (shape === null || count < 0 || !strides) return [UNKNOWN];
	const begin = value(1);
	const end = value(2);
	const { ranges, sources } = spread(
		shape.length,
		count,
		{ begin: begin ? integers(begin) : [], end: end ? integers(end) : [], strides: integers(strides) },
		sliceMasks(attr),
	);
	const lengths = ranges.map((range, axis) => {
		const size = shape[axis]!;
		checkStride(range, axis, size >= 0);
		if (size < 0) return -1;
		if (begin && end) return resolve(range, size, axis).length;
		if (!range.shrink && range.wholeBegin && range.wholeEnd) return Math.ceil(size / Math.abs(range.stride));
		return -1;
	});
	return [sources.map((source) => (source === 'new' ? 1 : lengths[source]!))];
};

const stridedSlice: Kernel = ([x, begin, end, strides], context) => {
	try {
		const vectors = { begin: integers(begin!), end: integers(end!), strides: integers(strides!) };
		const masks = sliceMasks(context.attr);
		const { ranges, sources } = spread(x!.shape.length, vectors.begin.length, vectors, masks);
		const own = stridesOf(x!.shape);
		let start = 0;
		const axes = ranges.map((range, axis) => {
			checkStride(range, axis);
			const found = resolve(range, x!.shape[axis]!, axis);
			start += found.start * own[axis]!;
			return { length: found.length, step: range.stride * own[axis]! };
		});
		const shape = sources.map((source) => (source === 'new' ? 1 : axes[source]!.length));
		const steps = sources.map((source) => (source === 'new' ? 0 : axes[source]!.step));
		const whole =
			elementCount(shape) === elementCount(x!.shape) && ranges.every((range) => range.stride === 1);
		if (whole) return [{ dtype: x!.dtype, shape, data: x!.data }];
		return [{ dtype: x!.dtype, shape, data: pick(x!, stridedOffsets(shape, steps, start)) }];
	} catch (error) {
		throw cannotRun(context, messageOf(error));
	}
};

const gradShape: ShapeFunction = ({ sizes }) => [sizes(0) ?? UNKNOWN];

export const stridedSliceOps: readonly OpDeclaration[] = [
	{ names: ['StridedSlice'], shape: stridedSliceShape, kernel: stridedSlice },
	{ names: ['StridedSliceGrad'], shape: gradShape },
];
