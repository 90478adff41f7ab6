/** Images with their channels first, brought to channels last and back. */
import type { TensorData, TensorValue } from '../../graph/tensor.ts';
import type { KernelContext } from '../define.ts';
import { elementCount } from '../values.ts';

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
function channelsLast(shape: readonly number[]): number[] {
	return [shape[0]!, ...shape.slice(2), shape[1]!];
}

export function channelsFirst(shape: readonly number[]): number[] {
	return [shape[0]!, shape.at(-1)!, ...shape.slice(1, -1)];
}

/** Channels first to channels last. */
export function toLast(x: TensorValue): TensorValue {
	const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
	return {
		...x,
		shape: channelsLast(x.shape),
		data: swapAxes(x.data, batch, channels, elementCount(spatial)),
	};
}

/** Channels last to channels first. */
export function toFirst(x: TensorValue): TensorValue {
	const pixels = elementCount(x.shape.slice(1, -1));
	return {
		...x,
		shape: channelsFirst(x.shape),
		data: swapAxes(x.data, x.shape[0]!, pixels, x.shape.at(-1)!),
	};
}

/** {@link toFirst} of a result that nobody else will see. */
export function broughtFirst(x: TensorValue, context: KernelContext): TensorValue {
	const first = toFirst(x);
	context.workspace?.engine.release(x.data);
	return first;
}
