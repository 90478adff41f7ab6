/**
 * What shape functions are made of: shapes with unknown sizes (−1) and unknown ranks (null), merged, broadcast and
 * checked as TensorFlow's shape inference does, with its messages.
 */
import { WhittleError } from '../graph/error.ts';
import type { Shape } from './define.ts';

export const UNKNOWN: Shape = null;
export const SCALAR: Shape = [];

/** An error about inputs that do not fit. */
export function misfit(message: string): WhittleError {
	return new WhittleError('graph', message);
}

/** A fault of a value that stands for a shape; TensorFlow names no node in its message. */
export class ShapeValueError extends WhittleError {
	constructor(message: string) {
		super('graph', message);
	}
}

/** `[2,?]`; `?` for an unknown rank. */
export function shapeText(shape: Shape): string {
	return shape === null ? '?' : `[${shape.map((size) => (size < 0 ? '?' : size)).join(',')}]`;
}

export function isFullyKnown(shape: Shape): shape is readonly number[] {
	return shape?.every((size) => size >= 0) ?? false;
}

/** The number of elements; −1 where a size or the rank is unknown. */
export function elementsOf(shape: Shape): number {
	if (!isFullyKnown(shape)) return -1;
	return shape.reduce((product, size) => product * size, 1);
}

/** A shape of `rank` unknown sizes. */
export function unknownSizes(rank: number): Shape {
	return new Array<number>(rank).fill(-1);
}

/** The size of an axis; a negative axis counts from the end; −1 where it is unknown. */
export function sizeAt(shape: Shape, axis: number): number {
	return shape === null ? -1 : (shape.at(axis) ?? -1);
}

/** The shape, of `rank` unknown sizes if its rank was unknown. @throws when the rank is another. */
export function withRank(shape: Shape | undefined, rank: number): readonly number[] {
	if (!shape) return unknownSizes(rank)!;
	if (shape.length !== rank) throw misfit(`Shape must be rank ${rank} but is rank ${shape.length}`);
	return shape;
}

export function withRankAtLeast(shape: Shape | undefined, rank: number): Shape {
	if (shape && shape.length < rank)
		throw misfit(`Shape must be at least rank ${rank} but is rank ${shape.length}`);
	return shape ?? null;
}

export function withRankAtMost(shape: Shape | undefined, rank: number): Shape {
	if (shape && shape.length > rank)
		throw misfit(`Shape must be at most rank ${rank} but is rank ${shape.length}`);
	return shape ?? null;
}

/** @throws when the size is known and another. */
export function withSize(size: number, wanted: number): number {
	if (size >= 0 && size !== wanted) throw misfit(`Dimension must be ${wanted} but is ${size}`);
	return wanted;
}

/** What is known of a size from two sources. @throws when they contradict. */
export function mergeSizes(a: number, b: number): number {
	if (a < 0) return b;
	if (b >= 0 && a !== b) throw misfit(`Dimensions must be equal, but are ${a} and ${b}`);
	return a;
}

/** What is known of a shape from two sources. @throws when they contradict. */
export function mergeShapes(a: Shape, b: Shape): Shape {
	if (a === null || a === b) return b;
	if (b === null) return a;
	if (a.length !== b.length) throw misfit(`Shapes must be equal rank, but are ${a.length} and ${b.length}`);
	let merged: number[] | undefined;
	for (let i = 0; i < a.length; i++) {
		const x = a[i]!;
		const y = b[i]!;
		if (x === y || y < 0) continue;
		if (x >= 0) {
			throw misfit(
				`Dimension ${i} in both shapes must be equal, but are ${x} and ${y}. Shapes are ${shapeText(a)} and ${shapeText(b)}.`,
			);
		}
		merged ??= [...a];
		merged[i] = y;
	}
	return merged ?? a;
}

/** Sizes that both shapes have; −1 where they differ, null where the ranks do. */
export function commonShape(a: Shape, b: Shape): Shape {
	if (a === null || b === null || a.length !== b.length) return null;
	return a.map((size, i) => (size === b[i] ? size : -1));
}

export function concatenateShapes(a: Shape, b: Shape): Shape {
	return a === null || b === null ? null : [...a, ...b];
}

/** The axes [start, end); negative ones count from the end. null for an unknown rank. */
export function subshape(shape: Shape, start: number, end?: number): Shape {
	return shape === null ? null : shape.slice(start, end);
}

/** Whether a size broadcasts to a known one without changing it; so does one that is not there. */
function sizeFits(size: number | undefined, known: number): boolean {
	return size === undefined || size === known || size === 1;
}

/** The shape that two operands broadcast to. @throws where sizes above 1 differ. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
	if (a === null || b === null) return null;
	const rank = Math.max(a.length, b.length);
	if (a.length === rank && a.every((size, i) => size >= 0 && sizeFits(b[b.length - rank + i], size)))
		return a;
	const sizes = new Array<number>(rank);
	for (let i = 0; i < rank; i++) {
		const x = a[a.length - rank + i] ?? 1;
		const y = b[b.length - rank + i] ?? 1;
		if (x === y) sizes[i] = x;
		else if (x === 1) sizes[i] = y;
		else if (y === 1) sizes[i] = x;
		else if (x < 0) sizes[i] = y;
		else if (y < 0) sizes[i] = x;
		else throw misfit(`Dimensions must be equal, but are ${x} and ${y}`);
	}
	return sizes;
}

/** An axis in [0, rank), from one that may count from the end. @throws when it lies outside. */
export function axisOf(axis: number, rank: number, what = 'Dimension'): number {
	if (axis < -rank || axis >= rank) throw misfit(`${what} ${axis} must be in the range [${-rank}, ${rank})`);
	return axis < 0 ? axis + rank : axis;
}

/** a + b, a − b, a × b of sizes; −1 where one is unknown. */
export function addSizes(a: number, b: number): number {
	return a < 0 || b < 0 ? -1 : a + b;
}

export function multiplySizes(a: number, b: number): number {
	if (a === 0 || b === 0) return 0;
	return a < 0 || b < 0 ? -1 : a * b;
}

const unknownLists: (readonly Shape[])[] = [];

/** Unknown shapes for so many outputs; lists are made once. */
export function unknownShapes(count: number): readonly Shape[] {
	unknownLists[count] ??= new Array<Shape>(count).fill(null);
	return unknownLists[count]!;
}

/** Whether an error came from a shape function rather than from a fault of ours. */
export function isMisfit(error: unknown): error is WhittleError {
	return error instanceof WhittleError && (error.code === 'graph' || error.code === 'file');
}

/** Where a new axis comes to lie. @param rank with the new axis. @throws WhittleError `graph` where it is none. */
export function packAxis(axis: number, rank: number): number {
	if (axis < -rank || axis >= rank) throw misfit(`Invalid axis: ${axis}; must be in [${-rank},${rank})`);
	return axis < 0 ? axis + rank : axis;
}
