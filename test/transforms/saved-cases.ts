/** What TensorFlow computed with models that have variables, and whittle's way from the file to the same numbers. */
import { expect } from 'vitest';
import { Executor } from '../../src/evaluate/executor.ts';
import { DT_BOOL, DT_DOUBLE, DT_FLOAT, DT_INT32, DT_INT64, DT_STRING } from '../../src/graph/dtype.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { TensorData, TensorValue } from '../../src/graph/tensor.ts';
import { findCandidates } from '../../src/inspect/candidates.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import type { StepResult } from '../../src/transforms/run.ts';
import { apply } from './apply.ts';

interface Recorded {
	readonly dtype: string;
	readonly shape: readonly number[];
	/** Every `step`-th element; a feed without values is the wave of test/oracle/record_frozen.py. */
	readonly step?: number;
	readonly values?: readonly (number | string)[];
	/** How far TensorFlow's own result moves when every input moves by its last bit. */
	readonly sensitivity?: number;
}

export interface SavedCase {
	readonly model: string;
	readonly tags?: string | null;
	readonly signature?: string | null;
	readonly feeds: Readonly<Record<string, Recorded>>;
	readonly outputs: Readonly<Record<string, Recorded & { readonly values: readonly (number | string)[] }>>;
}

/** Opens a model with its signature and freezes it between the ends that the signature names. */
export function openAndFreeze(
	folder: string,
	{ model, tags, signature, outputs }: Pick<SavedCase, 'model' | 'tags' | 'signature' | 'outputs'>,
	freeze = 'freeze',
): { opened: Graph; step: StepResult } {
	const options = { ...(tags ? { tags } : {}), ...(signature ? { signature } : {}) };
	const { graph } = new NodeHost().openModel(folder + model, options);
	const found = findCandidates(graph);
	const ends = signature
		? { inputs: found.inputs.chosen, outputs: found.outputs.chosen }
		: { inputs: [], outputs: Object.keys(outputs) };
	return { opened: graph, step: apply(freeze, graph, ends) };
}

/** Runs the frozen graph; every output agrees with TensorFlow's to 1e-6 of its size, or as far as it is settled. */
export function expectRecorded(graph: Graph, { feeds, outputs }: SavedCase): void {
	const given = new Map(Object.entries(feeds).map(([name, recorded]) => [name, tensorValue(recorded)]));
	const results = new Executor(graph).run(given, Object.keys(outputs));
	for (const [i, recorded] of Object.values(outputs).entries()) {
		const { shape, data } = results[i]!;
		expect(shape).toEqual(recorded.shape);
		const step = recorded.step ?? 1;
		expect(recorded.values).toHaveLength(Math.ceil(data.length / step));
		const largest = Math.max(1, ...recorded.values.map((value) => Math.abs(Number(value)) || 0));
		// The sensitivity is of one rounding, at the input; every layer rounds again.
		const tolerance = Math.max(1e-6 * largest, 8 * (recorded.sensitivity ?? 0));
		for (const [at, expected] of recorded.values.entries()) {
			const actual = data[at * step]!;
			if (typeof expected === 'string') expect(Buffer.from(actual as Uint8Array).toString()).toBe(expected);
			else expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(tolerance);
		}
	}
}

function tensorValue({ dtype, shape, values }: Recorded): TensorValue {
	const count = shape.reduce((product, size) => product * size, 1);
	const list = values ?? Array.from({ length: count }, (_, i) => (((i * 7919) % 2001) - 1000) / 1000);
	const [type, make] = kinds[dtype]!;
	return { dtype: type, shape, data: make(list) };
}

const kinds: Readonly<Record<string, readonly [number, (list: readonly (number | string)[]) => TensorData]>> =
	{
		float32: [DT_FLOAT, (list) => Float32Array.from(list.map(Number))],
		float64: [DT_DOUBLE, (list) => Float64Array.from(list.map(Number))],
		int32: [DT_INT32, (list) => Int32Array.from(list.map(Number))],
		int64: [DT_INT64, (list) => BigInt64Array.from(list, BigInt)],
		bool: [DT_BOOL, (list) => Uint8Array.from(list.map(Number))],
		object: [DT_STRING, (list) => list.map((text) => Buffer.from(String(text)))],
	};
