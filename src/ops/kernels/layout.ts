/** Images with their channels first, brought to channels last and back. */
import type { TensorData } from '../../graph/tensor.ts';

type Numbers = Float32Array<ArrayBufferLike> | Float64Array | Int32Array | Int8Array | Uint8Array;

/** [outer, a, b] → [outer, b, a], in a new array of the same kind. */
export function swapAxes<T extends TensorData>(data: T, outer: number, a: number, b: number): T {
	const source = data as unknown as Numbers;
	const result = new (source.constructor as Float32ArrayConstructor)(source.length);
	for (let block = 0; block < outer; block++) {
		const base = block * a * b;
		for (let i = 0; i < a; i++) {
			const from = base + i * b;
			for (let j = 0, to = base + i; j < b; j++, to += a) result[to] = source[from + j]!;
		}
	}
	return result as unknown as T;
}

/** The shape of a channels-first tensor with its channels last. */
export function channelsLast(shape: readonly number[]): number[] {
	return [shape[0]!, ...shape.slice(2), shape[1]!];
}

export function channelsFirst(shape: readonly number[]): number[] {
	return [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)];
}
