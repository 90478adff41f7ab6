/** Kernels against values recorded from TensorFlow (`test/oracle/record-ops.py`), and the two engines against each other. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { readGraphDef } from '../../src/formats/graph-def.ts';
import { dtypeByName, dtypeStorage } from '../../src/graph/dtype.ts';
import type { TensorData, TensorValue } from '../../src/graph/tensor.ts';
import { Engine } from '../../src/ops/engine/engine.ts';
import { isSixteenBitFloat, widen } from '../../src/ops/values.ts';

interface RecordedTensor {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly bytes?: string;
	readonly strings?: readonly string[];
}

interface RecordedCase {
	readonly name: string;
	readonly graph: string;
	readonly feeds: Readonly<Record<string, RecordedTensor>>;
	readonly fetches: readonly string[];
	/** On the relative L2 norm; 0 for equal bits. */
	readonly tolerance: number;
	readonly outputs: readonly RecordedTensor[];
}

const kinds = {
	float32: Float32Array,
	float64: Float64Array,
	int32: Int32Array,
	uint8: Uint8Array,
	int16: Int16Array,
	int8: Int8Array,
	uint16: Uint16Array,
	uint32: Uint32Array,
	complex64: Float32Array,
	int64: BigInt64Array,
	uint64: BigUint64Array,
} as const;

function recordedValue({ dtype, shape, bytes, strings }: RecordedTensor): TensorValue {
	const number = dtypeByName(dtype)!;
	if (strings) return { dtype: number, shape, data: strings.map((text) => Buffer.from(text, 'base64')) };
	const content = Uint8Array.from(Buffer.from(bytes!, 'base64'));
	const kind = kinds[dtypeStorage(number) as keyof typeof kinds];
	return { dtype: number, shape, data: new kind(content.buffer) as TensorData };
}

function numbers(value: TensorValue): number[] {
	if (isSixteenBitFloat(value.dtype)) return Array.from(widen(value));
	return Array.from(value.data as Float32Array, Number);
}

function texts({ data }: TensorValue): string[] {
	return (data as readonly Uint8Array[]).map((item) => Buffer.from(item).toString('base64'));
}

function apart(expected: readonly number[], found: readonly number[]): number {
	let [difference, size] = [0, 0];
	for (const [i, x] of expected.entries()) {
		if (Object.is(x, found[i])) continue;
		difference += (x - found[i]!) ** 2;
	}
	for (const x of expected) size += x * x;
	return difference === 0 ? 0 : Math.sqrt(difference / Math.max(size, 1e-30));
}

const folder = new URL('../data/ops/', import.meta.url);
const engines = [Engine.wasm(), Engine.script()].filter((engine) => engine !== undefined);

for (const file of readdirSync(folder).sort()) {
	const cases = JSON.parse(gunzipSync(readFileSync(new URL(file, folder))).toString()) as RecordedCase[];
	describe(file.replace('.json.gz', ''), () => {
		for (const one of cases) {
			it(one.name, () => {
				const graph = readGraphDef(Buffer.from(one.graph, 'base64'));
				const feeds = new Map(Object.entries(one.feeds).map(([name, value]) => [name, recordedValue(value)]));
				const results = engines.map((engine) => {
					const executor = new Executor(graph, { engine });
					const before = engine.usedBytes;
					const found = executor.run(feeds, one.fetches);
					executor.dispose();
					expect(engine.usedBytes, 'memory is given back').toBe(before);
					return found;
				});
				for (const [i, recorded] of one.outputs.entries()) {
					const expected = recordedValue(recorded);
					const found = results[0]![i]!;
					expect(found.shape).toEqual(expected.shape);
					expect(found.dtype).toBe(expected.dtype);
					if (recorded.strings) {
						expect(texts(found)).toEqual(recorded.strings);
						continue;
					}
					const distance = apart(numbers(expected), numbers(found));
					expect(distance, `output ${i} is ${distance} apart`).toBeLessThanOrEqual(one.tolerance);
					for (const other of results.slice(1)) expect(other[i]!.data, 'both engines').toEqual(found.data);
				}
			});
		}
	});
}

it('has WebAssembly to test', () => {
	expect(engines[0]?.kind).toBe('wasm');
});
