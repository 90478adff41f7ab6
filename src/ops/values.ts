/** Tensor values as kernels want them: integers out of small tensors, results of a dtype, strides. */
import { DT_BFLOAT16, DT_HALF, dtypeName, dtypeStorage } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { fromBfloat16, fromHalf, toBfloat16, toHalf } from '../graph/half.ts';
import type { BigInts, Numbers, TensorData, TensorValue } from '../graph/tensor.ts';
import type { KernelContext } from './define.ts';

export type { BigInts, Numbers };

/** The error of a node that cannot be run. */
export function cannotRun(context: KernelContext, why: string): WhittleError {
	return new WhittleError('evaluate', `cannot run \`${context.node.name}\` (${context.node.op}): ${why}`);
}

/** The error of a kernel whose operands' values are refused, in TensorFlow's words; the caller names the node. */
export function refusedValue(message: string): WhittleError {
	return new WhittleError('graph', message);
}

/** The error of a dtype that the kernel does not know. */
export function noDtype(context: KernelContext, dtype: number): WhittleError {
	return cannotRun(context, `dtype ${dtypeName(dtype)} is not implemented`);
}

export function isBigInts(data: TensorData): data is BigInts {
	return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

export function isStrings(data: TensorData): data is readonly Uint8Array[] {
	return Array.isArray(data);
}

export function isNumbers(data: TensorData): data is Numbers {
	return !isBigInts(data) && !isStrings(data);
}

/** Whether values of this dtype are kept as the bits of a sixteen-bit float. */
export function isSixteenBitFloat(dtype: number): boolean {
	return dtype === DT_HALF || dtype === DT_BFLOAT16;
}

export function isComplex(dtype: number): boolean {
	const storage = dtypeStorage(dtype);
	return storage === 'complex64' || storage === 'complex128';
}

/** Sixteen-bit floats as float32, exactly. */
export function widen(value: TensorValue): Float32Array {
	const bits = value.data as Uint16Array;
	const wide = new Float32Array(bits.length);
	const convert = value.dtype === DT_HALF ? fromHalf : fromBfloat16;
	for (let i = 0; i < bits.length; i++) wide[i] = convert(bits[i]!);
	return wide;
}

/** Float32 rounded to sixteen-bit floats, nearest even. */
export function narrow(values: Float32Array, dtype: number): Uint16Array {
	const bits = new Uint16Array(values.length);
	const convert = dtype === DT_HALF ? toHalf : toBfloat16;
	for (let i = 0; i < values.length; i++) bits[i] = convert(values[i]!);
	return bits;
}

/** Rounds a number to a sixteen-bit float. */
export function rounding(dtype: number): (value: number) => number {
	return dtype === DT_HALF ? (value) => fromHalf(toHalf(value)) : (value) => fromBfloat16(toBfloat16(value));
}

/** All elements of an integer tensor as numbers. */
export function integers(value: TensorValue): number[] {
	const { data } = value;
	if (isStrings(data)) throw new WhittleError('evaluate', 'integers were expected, not strings');
	return isBigInts(data) ? Array.from(data, Number) : Array.from(data);
}

/** The one element of a scalar, or of a tensor of one element. */
export function scalar(value: TensorValue): number {
	const { data } = value;
	if (isStrings(data)) throw new WhittleError('evaluate', 'a number was expected, not a string');
	if (isSixteenBitFloat(value.dtype)) return widen(value)[0]!;
	return Number(data[0]);
}

export function elementCount(shape: readonly number[]): number {
	let product = 1;
	for (const size of shape) product *= size;
	return product;
}

/** Distance in elements between neighbours on each axis of a row-major tensor. */
export function stridesOf(shape: readonly number[]): number[] {
	const strides = new Array<number>(shape.length);
	let stride = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		strides[i] = stride;
		stride *= shape[i]!;
	}
	return strides;
}

/** Elements at `indices`, in a new array of the same kind. Complex elements are pairs. */
export function pick(value: TensorValue, indices: Int32Array | readonly number[]): TensorData {
	const { data } = value;
	if (isStrings(data)) return Array.from(indices, (index) => data[index]!);
	if (isComplex(value.dtype)) {
		const source = data as Float32Array | Float64Array;
		const found = new (source.constructor as Float32ArrayConstructor)(indices.length * 2);
		for (let i = 0; i < indices.length; i++) {
			found[2 * i] = source[2 * indices[i]!]!;
			found[2 * i + 1] = source[2 * indices[i]! + 1]!;
		}
		return found;
	}
	if (isBigInts(data)) {
		const found = new (data.constructor as BigInt64ArrayConstructor)(indices.length);
		for (let i = 0; i < indices.length; i++) found[i] = data[indices[i]!]!;
		return found;
	}
	const found = new (data.constructor as Float32ArrayConstructor)(indices.length);
	for (let i = 0; i < indices.length; i++) found[i] = data[indices[i]!]!;
	return found;
}

/** Integers as a tensor of type int32 or int64. */
export function integerTensor(
	dtype: number,
	shape: readonly number[],
	values: readonly number[],
): TensorValue {
	const data = dtypeStorage(dtype) === 'int64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values);
	return { dtype, shape, data };
}

/** Visits each row-major index of `shape` with its offset under other `strides`: where element i comes from. */
export function stridedOffsets(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
	const count = elementCount(shape);
	const offsets = new Int32Array(count);
	if (count === 0) return offsets;
	const rank = shape.length;
	const index = new Int32Array(rank);
	let offset = start;
	for (let i = 0; i < count; i++) {
		offsets[i] = offset;
		for (let axis = rank - 1; axis >= 0; axis--) {
			offset += strides[axis]!;
			if (++index[axis]! < shape[axis]!) break;
			offset -= index[axis]! * strides[axis]!;
			index[axis] = 0;
		}
	}
	return offsets;
}

/** Copies `length` elements between arrays of the same kind. */
export function copyElements(
	from: TensorData,
	start: number,
	length: number,
	to: TensorData,
	at: number,
): void {
	if (isStrings(from)) {
		const target = to as Uint8Array[];
		for (let i = 0; i < length; i++) target[at + i] = from[start + i]!;
	} else (to as Float32Array).set((from as Float32Array).subarray(start, start + length), at);
}
