/** Matrix products: one, or a batch of them. */
import { DT_DOUBLE, DT_FLOAT, DT_INT32, DT_INT64 } from '../../graph/dtype.ts';
import type { TensorData, TensorValue } from '../../graph/tensor.ts';
import { broadcastKnown, broadcastOffsets } from '../broadcast.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace, PLAIN, type Workspace } from '../engine/workspace.ts';
import { cannotRun, isBigInts, isSixteenBitFloat, narrow, noDtype, widen } from '../values.ts';
import { swapAxes } from './layout.ts';
import { packMatrix, panelsOf, rowTable, runProduct } from './product.ts';

type Floats = Float32Array<ArrayBufferLike>;
type LazyFloats = () => Floats;

/** One product: rows × depth by depth × columns; the operands as they lie. */
interface Sizes {
	readonly rows: number;
	readonly depth: number;
	readonly columns: number;
	readonly transposeLeft: boolean;
	readonly transposeRight: boolean;
}

/** `left × right` of float32 in the engine's memory. @param at where the matrices begin, for each of a batch. */
export function multiplyFloats(
	workspace: Workspace,
	left: Floats,
	right: LazyFloats,
	sizes: Sizes,
	at: { readonly left: Int32Array; readonly right: Int32Array },
	epilogue = PLAIN,
): Floats {
	const { engine } = workspace;
	const { rows, depth, columns } = sizes;
	const result = engine.float32(at.left.length * rows * columns);
	if (result.length === 0) return result;
	if (depth === 0) return result.fill(0);
	const upright = sizes.transposeLeft ? swapAxes(left, left.length / (rows * depth), depth, rows) : left;
	const layout = sizes.transposeRight
		? { rowStride: 1, columnStride: depth }
		: { rowStride: columns, columnStride: 1 };
	engine.lend([upright], ([a]) => {
		for (let i = 0; i < at.left.length; i++) {
			const table = rowTable(engine, a! + at.left[i]! * rows * depth * 4, rows, depth);
			const { panels, done } = panelsOf(workspace, 1, `right${at.right[i]}`, () =>
				packMatrix(engine, right(), depth, columns, { ...layout, start: at.right[i]! * depth * columns }),
			);
			const target = { out: result.byteOffset + i * rows * columns * 4, columns, stride: columns };
			runProduct(engine, { table, rows, taps: 1, run: depth }, panels, target, epilogue);
			done();
			engine.free(table);
		}
	});
	return result;
}

const ONE = { left: new Int32Array(1), right: new Int32Array(1) };

export const matMul: Kernel = ([a, b], context) => {
	const transposeLeft = context.attr('transpose_a')?.bool ?? false;
	const transposeRight = context.attr('transpose_b')?.bool ?? false;
	const sizes = sizesOf(a!.shape, b!.shape, transposeLeft, transposeRight, context);
	return [
		{ dtype: a!.dtype, shape: [sizes.rows, sizes.columns], data: product(a!, b!, sizes, ONE, context) },
	];
};

/** BatchMatMul of every version; batches broadcast. */
export const batchMatMul: Kernel = ([a, b], context) => {
	const transposeLeft = context.attr('adj_x')?.bool ?? false;
	const transposeRight = context.attr('adj_y')?.bool ?? false;
	const sizes = sizesOf(a!.shape, b!.shape, transposeLeft, transposeRight, context);
	const [left, right] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
	const batch = broadcastKnown(left, right);
	if (!batch) throw cannotRun(context, `batches [${left}] and [${right}] do not broadcast`);
	const at = { left: broadcastOffsets(left, batch), right: broadcastOffsets(right, batch) };
	const dtype = context.outputDtypes[0] ?? a!.dtype;
	if (dtype !== a!.dtype || dtype !== b!.dtype)
		throw cannotRun(context, 'its operands have different dtypes');
	return [{ dtype, shape: [...batch, sizes.rows, sizes.columns], data: product(a!, b!, sizes, at, context) }];
};

function sizesOf(
	a: readonly number[],
	b: readonly number[],
	transposeLeft: boolean,
	transposeRight: boolean,
	context: KernelContext,
): Sizes {
	const rows = a.at(transposeLeft ? -1 : -2);
	const depth = a.at(transposeLeft ? -2 : -1);
	const columns = b.at(transposeRight ? -2 : -1);
	if (rows === undefined || columns === undefined || depth !== b.at(transposeRight ? -1 : -2))
		throw cannotRun(context, `shapes [${a}] and [${b}] do not fit`);
	return { rows, depth: depth!, columns, transposeLeft, transposeRight };
}

function product(
	a: TensorValue,
	b: TensorValue,
	sizes: Sizes,
	at: { readonly left: Int32Array; readonly right: Int32Array },
	context: KernelContext,
): TensorData {
	if (a.dtype === DT_FLOAT) {
		return inWorkspace(context.workspace, (workspace) =>
			multiplyFloats(workspace, a.data as Floats, () => b.data as Floats, sizes, at, context.epilogue),
		);
	}
	if (isSixteenBitFloat(a.dtype)) {
		const wide = inWorkspace(undefined, (workspace) =>
			multiplyFloats(workspace, widen(a), () => widen(b), sizes, at),
		);
		return narrow(wide as Float32Array<ArrayBuffer>, a.dtype);
	}
	const length = at.left.length * sizes.rows * sizes.columns;
	if (a.dtype === DT_DOUBLE) {
		return sum(
			a.data as Float64Array,
			b.data as Float64Array,
			sizes,
			at,
			new Float64Array(length),
			(x, y) => x * y,
		);
	}
	if (a.dtype === DT_INT32) {
		return sum(a.data as Int32Array, b.data as Int32Array, sizes, at, new Int32Array(length), Math.imul);
	}
	if (a.dtype === DT_INT64 && isBigInts(a.data) && isBigInts(b.data)) {
		const result = new BigInt64Array(length);
		places(sizes, at, (to, left, right) => {
			result[to] = result[to]! + (a.data[left] as bigint) * (b.data[right] as bigint);
		});
		return result;
	}
	throw noDtype(context, a.dtype);
}

function sum<T extends Float64Array | Int32Array>(
	a: T,
	b: T,
	sizes: Sizes,
	at: { readonly left: Int32Array; readonly right: Int32Array },
	result: T,
	multiply: (x: number, y: number) => number,
): T {
	places(sizes, at, (to, left, right) => {
		result[to] = result[to]! + multiply(a[left]!, b[right]!);
	});
	return result;
}

/** Visits every multiply-add, the summed axis innermost. */
function places(
	{ rows, depth, columns, transposeLeft, transposeRight }: Sizes,
	at: { readonly left: Int32Array; readonly right: Int32Array },
	visit: (to: number, left: number, right: number) => void,
): void {
	const [leftRow, leftDepth] = transposeLeft ? [1, rows] : [depth, 1];
	const [rightDepth, rightColumn] = transposeRight ? [1, depth] : [columns, 1];
	for (let i = 0; i < at.left.length; i++) {
		const left = at.left[i]! * rows * depth;
		const right = at.right[i]! * depth * columns;
		for (let row = 0; row < rows; row++) {
			for (let column = 0; column < columns; column++) {
				const to = (i * rows + row) * columns + column;
				for (let k = 0; k < depth; k++) {
					visit(to, left + row * leftRow + k * leftDepth, right + k * rightDepth + column * rightColumn);
				}
			}
		}
	}
}

/** Elements of a batch, when a caller needs them one after the other. */
export function consecutive(count: number): Int32Array {
	return Int32Array.from({ length: count }, (_, i) => i);
}
