/** Elementwise ops of float32 values that lie in the engine already: computed there, without a copy. */
import { DT_FLOAT } from '../graph/dtype.ts';
import type { TensorValue } from '../graph/tensor.ts';
import type { KernelContext } from '../ops/define.ts';

const OPERATIONS: ReadonlyMap<string, number> = new Map([
	['Add', 0],
	['AddV2', 0],
	['Sub', 1],
	['Mul', 2],
	['RealDiv', 3],
]);

/** How often the second operand is repeated: its own size where the first one's shape ends with its shape. */
function period(x: TensorValue, y: TensorValue): number | undefined {
	if (y.shape.length > x.shape.length) return undefined;
	let trailing = true;
	for (let i = 1; i <= y.shape.length; i++) {
		if (trailing && y.shape.at(-i) === x.shape.at(-i)) continue;
		if (y.shape.at(-i) !== 1) return undefined;
		trailing = false;
	}
	const size = y.data.length;
	// A short period is slow: one row at a time.
	return size >= 8 && x.data.length % size === 0 ? size : undefined;
}

/** @returns undefined where the op's own kernel has to do it. */
export function fastKernel(
	op: string,
	inputs: readonly TensorValue[],
	context: KernelContext,
): readonly TensorValue[] | undefined {
	const operation = OPERATIONS.get(op);
	const engine = context.workspace?.engine;
	if (operation === undefined || !engine) return undefined;
	let [x, y] = inputs as [TensorValue, TensorValue];
	if (x.dtype !== DT_FLOAT || x.data.length === 0 || y.data.length === 0) return undefined;
	if (!engine.owns(x.data) && !engine.owns(y.data)) return undefined;
	const commutes = operation === 0 || operation === 2;
	if (commutes && x.data.length < y.data.length) [x, y] = [y, x];
	const repeated = period(x, y);
	if (repeated === undefined) return undefined;
	const result = engine.float32(x.data.length);
	const infinity = Number.POSITIVE_INFINITY;
	engine.lend([x.data as Float32Array, y.data as Float32Array], ([a, b]) =>
		engine.primitives.combine(
			operation,
			a!,
			b!,
			result.byteOffset,
			result.length,
			repeated,
			-infinity,
			infinity,
		),
	);
	return [{ dtype: DT_FLOAT, shape: x.shape, data: result }];
}
