import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DT_STRING } from '../../src/graph/dtype.ts';
import { WhittleError } from '../../src/graph/error.ts';
import { Node } from '../../src/graph/node.ts';
import type { TensorValue } from '../../src/graph/tensor.ts';
import { allocate } from '../../src/graph/tensor-data.ts';
import { runKernel } from '../../src/inspect/known-values.ts';
import { elementCount, isSixteenBitFloat, widen } from '../../src/ops/values.ts';

/** dtype, shape, values in base64. */
type Recorded = readonly [number, readonly number[], string | readonly string[]];

interface Case {
	readonly node: string;
	readonly in: readonly Recorded[];
	readonly out?: readonly Recorded[];
	readonly error?: string;
}

const cases = JSON.parse(
	gunzipSync(readFileSync(new URL('../data/kernels.json.gz', import.meta.url))).toString(),
) as Case[];

/** Ops whose last bits depend on the maths library: how many steps of the type they may be off. */
const STEPS: Readonly<Record<string, number>> = {
	Rsqrt: 2,
	Exp: 2,
	Expm1: 5,
	Log: 3,
	Log1p: 5,
	Sin: 3,
	Cos: 3,
	Tan: 5,
	Asin: 5,
	Acos: 5,
	Atan: 5,
	Sinh: 5,
	Cosh: 5,
	Tanh: 8,
	Asinh: 5,
	Acosh: 5,
	Atanh: 5,
	Sigmoid: 8,
	Erf: 8,
	Erfc: 16,
	Reciprocal: 3,
	Inv: 3,
	Pow: 2,
	Atan2: 5,
	Xlogy: 4,
	Sum: 2,
	Mean: 2,
	Prod: 2,
	Cumsum: 1,
	Cumprod: 1,
};

/** Sums whose terms cancel are off by steps of the largest, not of themselves. */
const ACCUMULATES: ReadonlySet<string> = new Set(['Sum', 'Mean', 'Cumsum']);

function tensorOf([dtype, shape, values]: Recorded): TensorValue {
	if (dtype === DT_STRING)
		return { dtype, shape, data: (values as readonly string[]).map((text) => Buffer.from(text, 'base64')) };
	const data = allocate(dtype, elementCount(shape)) as Uint8Array;
	new Uint8Array(data.buffer).set(Buffer.from(values as string, 'base64'));
	return { dtype, shape, data };
}

/** Distance of two numbers in steps of float32, or of the sixteen-bit type they came from. */
function distance(a: number, b: number, step: number, scale: number): number {
	if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b)) || a === b) return 0;
	return Math.abs(a - b) / (step * Math.max(Math.abs(a), Math.abs(b), scale, 2 ** -100));
}

/** The largest size of an element; 0 for what is not a float. */
function largestOf(value: TensorValue | undefined): number {
	if (!value || !(value.dtype in RELATIVE_STEP)) return 0;
	const data = isSixteenBitFloat(value.dtype) ? widen(value) : (value.data as Float32Array);
	return Math.max(0, ...Array.from(data, Math.abs));
}

const RELATIVE_STEP: Readonly<Record<number, number>> = {
	1: 2 ** -23,
	2: 2 ** -40,
	19: 2 ** -10,
	14: 2 ** -7,
};

function difference(
	expected: TensorValue,
	actual: TensorValue | undefined,
	op: string,
	largest: number,
): string | undefined {
	if (!actual) return 'no output';
	if (actual.dtype !== expected.dtype) return `dtype ${actual.dtype} for ${expected.dtype}`;
	if (String(actual.shape) !== String(expected.shape))
		return `shape [${actual.shape}] for [${expected.shape}]`;
	const bytes = (value: TensorValue): string =>
		ArrayBuffer.isView(value.data)
			? Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength).toString('hex')
			: (value.data as readonly Uint8Array[]).map((item) => Buffer.from(item).toString('hex')).join();
	if (bytes(expected) === bytes(actual)) return undefined;
	const step = RELATIVE_STEP[expected.dtype];
	if (step) {
		const [want, got] = [expected, actual].map((value) =>
			isSixteenBitFloat(value.dtype) ? widen(value) : (value.data as Float32Array),
		);
		const allowed = STEPS[op] ?? 0;
		const scale = ACCUMULATES.has(op) ? largest : 0;
		// A NaN's bits say nothing.
		if (
			want!.every(
				(x, i) =>
					distance(x, got![i]!, step, scale) <= allowed && (allowed > 0 || x !== 0 || Object.is(x, got![i]!)),
			)
		)
			return undefined;
		return `[${want}] expected, got [${got}]`;
	}
	return `${bytes(expected)} expected, got ${bytes(actual)}`;
}

const byOp = new Map<string, { node: Node; recorded: Case }[]>();
for (const recorded of cases) {
	const node = Node.read(Buffer.from(recorded.node, 'base64'));
	byOp.set(node.op, [...(byOp.get(node.op) ?? []), { node, recorded }]);
}

/** What whittle refuses to run where TensorFlow does not, by op: the exact number of recorded cases. */
const REFUSED: Readonly<Record<string, number>> = {
	ListDiff: 1,
	ScatterNd: 1,
};

describe('kernels give what TensorFlow recorded', () => {
	it.each([...byOp.keys()].sort())('%s', (op) => {
		const wrong: string[] = [];
		let refused = 0;
		for (const { node, recorded } of byOp.get(op)!) {
			const inputs = recorded.in.map(tensorOf);
			const about = `${inputs.map((input) => `${input.dtype}[${input.shape}]`).join(' ')} ${[...node.attrs.keys()]}`;
			try {
				const outputs = runKernel(node, inputs);
				if (recorded.error) wrong.push(`${about}: expected the error ${recorded.error}`);
				recorded.out?.forEach((expected, port) => {
					const found = difference(tensorOf(expected), outputs?.[port], op, largestOf(inputs[0]));
					if (found) wrong.push(`${about} → ${port}: ${found}`);
				});
			} catch (error) {
				if (!(error instanceof WhittleError)) throw error;
				if (error.code === 'graph' && recorded.error !== error.message)
					wrong.push(`${about}: ${error.message}, expected ${recorded.error ?? 'a value'}`);
				if (error.code === 'evaluate' && !recorded.error) refused++;
			}
		}
		expect(wrong).toEqual([]);
		expect(refused).toBe(REFUSED[op] ?? 0);
	});
});
