/** Fourier transforms over the last axes, in double precision inside. */
import { DT_COMPLEX64, DT_COMPLEX128, DT_DOUBLE, DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel } from '../define.ts';
import { cannotRun, elementCount, integers } from '../values.ts';

/** Real and imaginary parts, row-major. */
interface Field {
	readonly shape: readonly number[];
	readonly real: Float64Array;
	readonly imaginary: Float64Array;
}

/** One line of `length` places, `stride` apart: powers of two by halves, other lengths by their smallest factor. */
function transformLine(real: Float64Array, imaginary: Float64Array, direction: 1 | -1): void {
	const count = real.length;
	if (count === 1) return;
	let factor = 2;
	while (count % factor !== 0 && factor * factor <= count) factor++;
	if (count % factor !== 0) factor = count;
	const part = count / factor;
	const parts = Array.from({ length: factor }, (_, offset) => {
		const lines = [real, imaginary].map((line) =>
			Float64Array.from({ length: part }, (_, i) => line[i * factor + offset]!),
		);
		const [a, b] = lines as [Float64Array, Float64Array];
		transformLine(a, b, direction);
		return [a, b] as const;
	});
	for (let k = 0; k < count; k++) {
		let [sum, other] = [0, 0];
		for (let offset = 0; offset < factor; offset++) {
			const angle = (direction * 2 * Math.PI * ((k * offset) % count)) / count;
			const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
			const [a, b] = [parts[offset]![0][k % part]!, parts[offset]![1][k % part]!];
			sum += a * cosine - b * sine;
			other += a * sine + b * cosine;
		}
		real[k] = sum;
		imaginary[k] = other;
	}
}

/** Along one axis, in place. Backwards it is divided by the length. */
function transformAxis({ shape, real, imaginary }: Field, axis: number, direction: 1 | -1): void {
	const length = shape[axis]!;
	const stride = elementCount(shape.slice(axis + 1));
	const [a, b] = [new Float64Array(length), new Float64Array(length)];
	const scale = direction === 1 ? 1 / length : 1;
	for (let block = 0; block < real.length; block += length * stride)
		for (let start = block; start < block + stride; start++) {
			for (let i = 0; i < length; i++)
				[a[i], b[i]] = [real[start + i * stride]!, imaginary[start + i * stride]!];
			transformLine(a, b, direction);
			for (let i = 0; i < length; i++) {
				real[start + i * stride] = a[i]! * scale;
				imaginary[start + i * stride] = b[i]! * scale;
			}
		}
}

/** A tensor as a field, cut or filled up with zeros to other sizes of its last axes. */
function fieldOf(x: TensorValue, sizes: readonly number[]): Field {
	const pairs = x.dtype === DT_COMPLEX64 || x.dtype === DT_COMPLEX128;
	const data = x.data as Float32Array;
	const shape = [...x.shape.slice(0, x.shape.length - sizes.length), ...sizes];
	const real = new Float64Array(elementCount(shape));
	const imaginary = new Float64Array(real.length);
	const index = new Array<number>(shape.length).fill(0);
	for (let at = 0; at < real.length; at++) {
		let from = 0;
		for (const [axis, size] of x.shape.entries())
			from = index[axis]! < size ? from * size + index[axis]! : Number.NaN;
		if (from >= 0) {
			real[at] = data[pairs ? 2 * from : from]!;
			if (pairs) imaginary[at] = data[2 * from + 1]!;
		}
		for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
	}
	return { shape, real, imaginary };
}

function complexOf({ shape, real, imaginary }: Field, dtype: number): TensorValue {
	const data = new (dtype === DT_COMPLEX64 ? Float32Array : Float64Array)(2 * real.length);
	for (let i = 0; i < real.length; i++) [data[2 * i], data[2 * i + 1]] = [real[i]!, imaginary[i]!];
	return { dtype, shape, data };
}

/** FFT and IFFT over the last `axes` axes. */
export function complexTransform(axes: number, direction: 1 | -1): Kernel {
	return ([x], context) => {
		const rank = x!.shape.length;
		if (rank < axes) throw cannotRun(context, `[${x!.shape}] has fewer than ${axes} axes`);
		const field = fieldOf(x!, x!.shape.slice(rank - axes));
		for (let axis = rank - axes; axis < rank && field.real.length > 0; axis++)
			transformAxis(field, axis, direction);
		return [complexOf(field, x!.dtype)];
	};
}

/** RFFT: of real values, of which the second half is not kept, for it mirrors the first. */
export function realTransform(axes: number): Kernel {
	return ([x, lengths], context) => {
		const sizes = integers(lengths!);
		const rank = x!.shape.length;
		if (rank < axes || sizes.length !== axes)
			throw cannotRun(context, `[${x!.shape}] has fewer than ${axes} axes`);
		const field = fieldOf(x!, sizes);
		for (let axis = rank - axes; axis < rank && field.real.length > 0; axis++) transformAxis(field, axis, -1);
		const whole = complexOf(field, x!.dtype === DT_FLOAT ? DT_COMPLEX64 : DT_COMPLEX128);
		const kept = [...sizes.slice(0, -1), Math.floor(sizes.at(-1)! / 2) + 1];
		return [complexOf(fieldOf(whole, kept), whole.dtype)];
	};
}

/** IRFFT: the second half is the mirror of the first. */
export function inverseRealTransform(axes: number): Kernel {
	return ([x, lengths], context) => {
		const sizes = integers(lengths!);
		const rank = x!.shape.length;
		if (rank < axes || sizes.length !== axes)
			throw cannotRun(context, `[${x!.shape}] has fewer than ${axes} axes`);
		const length = sizes.at(-1)!;
		const half = fieldOf(x!, [...sizes.slice(0, -1), Math.floor(length / 2) + 1]);
		for (let axis = rank - axes; axis < rank - 1 && half.real.length > 0; axis++)
			transformAxis(half, axis, 1);
		const shape = [...x!.shape.slice(0, rank - axes), ...sizes];
		const data = new (x!.dtype === DT_COMPLEX64 ? Float32Array : Float64Array)(elementCount(shape));
		const kept = half.shape.at(-1)!;
		const [a, b] = [new Float64Array(length), new Float64Array(length)];
		for (let line = 0, from = 0; line < data.length; line += length, from += kept) {
			for (let i = 0; i < length; i++) {
				const mirrored = i >= kept;
				const at = from + (mirrored ? length - i : i);
				a[i] = half.real[at]!;
				// What is its own mirror is real.
				b[i] = i === 0 || 2 * i === length ? 0 : mirrored ? -half.imaginary[at]! : half.imaginary[at]!;
			}
			transformLine(a, b, 1);
			for (let i = 0; i < length; i++) data[line + i] = a[i]! / length;
		}
		return [{ dtype: x!.dtype === DT_COMPLEX64 ? DT_FLOAT : DT_DOUBLE, shape, data }];
	};
}
