/** Elements in another order, or blotted out, by where they stand: Roll, ReverseSequence, MatrixBandPart, DynamicPartition. */
import type { TensorValue } from '../graph/tensor.ts';
import { pickOr } from './array-move.ts';
import type { Kernel, OpDeclaration, ShapeFunction } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { mergeSizes, UNKNOWN, withRank } from './shape-algebra.ts';
import { cannotRun, elementCount, integers, isStrings, pick, scalar, stridesOf } from './values.ts';

/** Elements of `x` taken from the places that `source` names for each index; −1 for zero. */
function taken(x: TensorValue, source: (index: readonly number[]) => number): TensorValue {
	const { dtype, shape } = x;
	const offsets = new Int32Array(elementCount(shape));
	const index = new Array<number>(shape.length).fill(0);
	for (let i = 0; i < offsets.length; i++) {
		offsets[i] = source(index);
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			if (++index[axis]! < shape[axis]!) break;
			index[axis] = 0;
		}
	}
	return { dtype, shape, data: pickOr(x, offsets) };
}

const roll: Kernel = ([x, shiftValue, axisValue], context) => {
	const { shape } = x!;
	const shifts = new Array<number>(shape.length).fill(0);
	const amounts = integers(shiftValue!);
	integers(axisValue!).forEach((given, i) => {
		const axis = given < 0 ? given + shape.length : given;
		if (!(axis in shifts)) throw cannotRun(context, `axis ${given} is outside of [${shape}]`);
		shifts[axis]! += amounts[i]!;
	});
	const strides = stridesOf(shape);
	const place = (at: number, axis: number): number => {
		const size = shape[axis]!;
		return ((((at - shifts[axis]!) % size) + size) % size) * strides[axis]!;
	};
	return [taken(x!, (index) => index.reduce((sum, at, axis) => sum + place(at, axis), 0))];
};

const reverseSequence: Kernel = ([x, lengthValue], context) => {
	const { shape } = x!;
	const rank = shape.length;
	const axisOf = (name: string): number => {
		const given = context.attr(name)?.int ?? 0;
		return given < 0 ? given + rank : given;
	};
	const [along, batch] = [axisOf('seq_dim'), axisOf('batch_dim')];
	const lengths = integers(lengthValue!);
	const fits = lengths.every((length) => length >= 0 && length <= shape[along]!);
	if (along === batch || lengths.length !== shape[batch] || !fits)
		throw cannotRun(context, `lengths [${lengths}] do not fit [${shape}]`);
	const strides = stridesOf(shape);
	return [
		taken(x!, (index) =>
			index.reduce((sum, at, axis) => {
				const length = lengths[index[batch]!]!;
				return sum + (axis === along && at < length ? length - 1 - at : at) * strides[axis]!;
			}, 0),
		),
	];
};

const bandPart: Kernel = ([x, lowerValue, upperValue], context) => {
	if (isStrings(x!.data) || x!.shape.length < 2)
		throw cannotRun(context, 'its input is no matrix of numbers');
	const [lower, upper] = [scalar(lowerValue!), scalar(upperValue!)];
	const [rows, columns] = x!.shape.slice(-2) as [number, number];
	let at = -1;
	return [
		taken(x!, () => {
			at++;
			const below = (Math.floor(at / columns) % rows) - (at % columns);
			return (lower < 0 || below <= lower) && (upper < 0 || -below <= upper) ? at : -1;
		}),
	];
};

const partitionShape: ShapeFunction = ({ inputs, outputCount }) => {
	const [data = null, partitions = null] = inputs;
	const shape = data && partitions ? [-1, ...data.slice(partitions.length)] : UNKNOWN;
	return Array.from({ length: outputCount }, () => shape);
};

const dynamicPartition: Kernel = ([x, partitions], context) => {
	const rest = x!.shape.slice(partitions!.shape.length);
	const inner = elementCount(rest);
	const offsets: number[][] = Array.from({ length: context.outputCount }, () => []);
	integers(partitions!).forEach((part, row) => {
		const list = offsets[part];
		if (!list) throw cannotRun(context, `partition ${part} is not in [0, ${context.outputCount})`);
		for (let i = 0; i < inner; i++) list.push(row * inner + i);
	});
	return offsets.map((list) => ({
		dtype: x!.dtype,
		shape: [inner === 0 ? 0 : list.length / inner, ...rest],
		data: pick(x!, list),
	}));
};

/** As many lengths as there are sequences. */
const sequencesShape: ShapeFunction = ({ inputs, attr }) => {
	const lengths = withRank(inputs[1], 1)[0]!;
	const batch = attr('batch_dim')?.int ?? 0;
	const shape = inputs[0] ?? null;
	return [shape?.map((size, axis) => (axis === batch ? mergeSizes(size, lengths) : size)) ?? null];
};

export const arrayTurnOps: readonly OpDeclaration[] = [
	{ names: ['Roll'], shape: unchangedShape, kernel: roll },
	{ names: ['ReverseSequence'], shape: sequencesShape, kernel: reverseSequence },
	{ names: ['MatrixBandPart', 'BatchMatrixBandPart'], shape: unchangedShape, kernel: bandPart },
	{ names: ['DynamicPartition'], shape: partitionShape, kernel: dynamicPartition },
];
