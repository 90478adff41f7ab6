/** Loops over two operands that broadcast: strides are found once; equal shapes and scalars take short ways. */
import { elementCount, refusedValue, stridesOf } from './values.ts';

/** How to walk over two operands whose shapes broadcast to `shape`. */
export interface BroadcastPlan {
	readonly shape: readonly number[];
	readonly elements: number;
	/** `same`: index for index. `left`, `right`: that operand is one element. `strided`: through the offsets. */
	readonly way: 'same' | 'left' | 'right' | 'strided';
	/** For `strided`: the element of each operand for every element of the result. */
	readonly left: Int32Array;
	readonly right: Int32Array;
}

const NONE = new Int32Array(0);

/** @throws WhittleError `graph` for shapes that do not broadcast. */
export function planBroadcast(a: readonly number[], b: readonly number[]): BroadcastPlan {
	const shape = broadcastKnown(a, b);
	if (!shape) throw refusedValue(`Incompatible shapes: [${a}] vs. [${b}]`);
	const elements = elementCount(shape);
	if (sameShape(a, b)) return { shape, elements, way: 'same', left: NONE, right: NONE };
	const leftCount = elementCount(a);
	const rightCount = elementCount(b);
	if (rightCount === 1 && leftCount === elements)
		return { shape, elements, way: 'right', left: NONE, right: NONE };
	if (leftCount === 1 && rightCount === elements)
		return { shape, elements, way: 'left', left: NONE, right: NONE };
	const left = broadcastOffsets(a, shape);
	const right = broadcastOffsets(b, shape);
	return { shape, elements, way: 'strided', left, right };
}

/** A function of every two elements that meet: indexable in, indexable out. */
export function combinePairs<T extends number | bigint, R>(
	plan: BroadcastPlan,
	x: { readonly [i: number]: T },
	y: { readonly [i: number]: T },
	result: { [i: number]: R },
	f: (x: T, y: T) => R,
): void {
	const { elements, way } = plan;
	if (way === 'same') for (let i = 0; i < elements; i++) result[i] = f(x[i]!, y[i]!);
	else if (way === 'right') {
		const one = y[0]!;
		for (let i = 0; i < elements; i++) result[i] = f(x[i]!, one);
	} else if (way === 'left') {
		const one = x[0]!;
		for (let i = 0; i < elements; i++) result[i] = f(one, y[i]!);
	} else {
		const { left, right } = plan;
		for (let i = 0; i < elements; i++) result[i] = f(x[left[i]!]!, y[right[i]!]!);
	}
}

/** The shape two known shapes broadcast to; undefined when they do not. */
export function broadcastKnown(a: readonly number[], b: readonly number[]): number[] | undefined {
	const rank = Math.max(a.length, b.length);
	const shape = new Array<number>(rank);
	for (let i = 0; i < rank; i++) {
		const x = a[a.length - rank + i] ?? 1;
		const y = b[b.length - rank + i] ?? 1;
		if (x !== y && x !== 1 && y !== 1) return undefined;
		shape[i] = x === 1 ? y : x;
	}
	return shape;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
	if (a === b) return true;
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** For every element of `shape`, the element of an operand that broadcasts to it. */
export function broadcastOffsets(operand: readonly number[], shape: readonly number[]): Int32Array {
	const lead = shape.length - operand.length;
	const own = stridesOf(operand);
	const strides = shape.map((_size, axis) => {
		const at = axis - lead;
		return at < 0 || operand[at] === 1 ? 0 : own[at]!;
	});
	const offsets = new Int32Array(elementCount(shape));
	const inner = shape.at(-1) ?? 1;
	const step = strides.at(-1) ?? 0;
	const rows = inner === 0 ? 0 : offsets.length / inner;
	const index = new Int32Array(shape.length);
	let base = 0;
	for (let row = 0, at = 0; row < rows; row++) {
		for (let i = 0, from = base; i < inner; i++, from += step) offsets[at++] = from;
		for (let axis = shape.length - 2; axis >= 0; axis--) {
			base += strides[axis]!;
			if (++index[axis]! < shape[axis]!) break;
			base -= index[axis]! * strides[axis]!;
			index[axis] = 0;
		}
	}
	return offsets;
}
