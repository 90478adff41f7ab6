/** Feeds and expected outputs of the published graphs (`../shared/graphs/FEEDS.json`, `goldens/numeric.jsonl`). */
import { readFileSync } from 'node:fs';
import { DT_BOOL, DT_DOUBLE, DT_FLOAT, DT_INT32, DT_INT64, DT_UINT8 } from '../../src/graph/dtype.ts';
import { fnv1a, mulberry32 } from '../../src/graph/random.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { sharedPath } from '../shared.ts';

export interface FeedSpec {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly value?: unknown;
	readonly range?: readonly [number, number];
}

export interface ExpectedOutput {
	readonly name: string;
	readonly dtype: string;
	readonly shape: readonly number[];
	/** Smallest, largest, mean and L2 norm. */
	readonly fp?: readonly number[];
	readonly first?: readonly (number | boolean | string)[];
	readonly v?: readonly (number | boolean | string)[];
}

export interface NumericGolden {
	readonly graph: string;
	readonly feeds: Readonly<Record<string, FeedSpec>>;
	readonly fetch: readonly string[];
	readonly out?: readonly ExpectedOutput[];
}

export function numericGoldens(): NumericGolden[] {
	const lines = readFileSync(sharedPath('goldens', 'numeric.jsonl'), 'utf8').trim().split('\n');
	return lines.map((line) => JSON.parse(line) as NumericGolden);
}

const dtypes: Readonly<Record<string, number>> = {
	float32: DT_FLOAT,
	float64: DT_DOUBLE,
	int32: DT_INT32,
	int64: DT_INT64,
	uint8: DT_UINT8,
	bool: DT_BOOL,
};

/** The value of a feed, made as the graphs' README says. */
export function feedValue(graph: string, tensor: string, spec: FeedSpec): TensorValue {
	const dtype = dtypes[spec.dtype];
	if (dtype === undefined) throw new Error(`dtype ${spec.dtype} of ${tensor}`);
	const count = spec.shape.reduce((product, size) => product * size, 1);
	let values: number[];
	if (spec.range) {
		const [low, high] = spec.range;
		const random = mulberry32(fnv1a(`${graph}|${tensor}`));
		values = Array.from({ length: count }, () => {
			const u = random();
			if (dtype === DT_BOOL) return u >= 0.5 ? 1 : 0;
			if (dtype === DT_FLOAT || dtype === DT_DOUBLE) return low + (high - low) * u;
			return low + Math.floor(u * (high - low));
		});
	} else values = [spec.value].flat(8).map(Number);
	const data =
		dtype === DT_FLOAT
			? Float32Array.from(values)
			: dtype === DT_DOUBLE
				? Float64Array.from(values)
				: dtype === DT_INT64
					? BigInt64Array.from(values, BigInt)
					: dtype === DT_INT32
						? Int32Array.from(values)
						: Uint8Array.from(values);
	return { dtype, shape: spec.shape, data };
}

export function feedsOf(golden: NumericGolden): Map<string, TensorValue> {
	return new Map(
		Object.entries(golden.feeds).map(([tensor, spec]) => [tensor, feedValue(golden.graph, tensor, spec)]),
	);
}
