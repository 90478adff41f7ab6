/** Samples of every value of a run, so that another run can be held against it node by node. */
import { DT_DOUBLE } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { elementCount, isSixteenBitFloat, widen } from '../ops/values.ts';
import { compareValues, type ValueDifference, within } from './compare-values.ts';

/** Elements of a value that are kept; larger ones are sampled at even distances. */
const SAMPLE = 4096;

interface Sample {
	readonly shape: readonly number[];
	readonly value: TensorValue;
}

function sample({ dtype, shape, data }: TensorValue): Sample | undefined {
	if (!ArrayBuffer.isView(data)) return undefined;
	const wide = isSixteenBitFloat(dtype) ? widen({ dtype, shape, data }) : data;
	const length = (wide as Float32Array).length;
	const step = Math.max(1, Math.floor(length / SAMPLE));
	const kept = Float64Array.from({ length: Math.min(length, SAMPLE) }, (_, i) =>
		Number((wide as Float32Array)[i * step]),
	);
	return { shape, value: { dtype: DT_DOUBLE, shape: [kept.length], data: kept } };
}

function hasNaN({ value }: Sample): boolean {
	return (value.data as Float64Array).some(Number.isNaN);
}

/** What every node gave, each time it ran. */
export class Trace {
	readonly #samples = new Map<string, (Sample | undefined)[]>();
	readonly #counts = new Map<string, number>();
	#sawNaN = false;

	#key(name: string): string {
		const count = this.#counts.get(name) ?? 0;
		this.#counts.set(name, count + 1);
		return `${name}#${count}`;
	}

	record(node: Node, outputs: readonly TensorValue[]): void {
		const samples = outputs.map(sample);
		if (samples.some((one) => one && hasNaN(one))) this.#sawNaN = true;
		this.#samples.set(this.#key(node.name), samples);
	}

	/** A node without a namesake, in a run where nothing was NaN before. */
	#newNaN(outputs: readonly TensorValue[]): ValueDifference | undefined {
		if (this.#sawNaN) return undefined;
		const found = outputs.map(sample).find((one) => one && hasNaN(one));
		return (
			found && compareValues({ ...found.value, data: new Float64Array(found.value.data.length) }, found.value)
		);
	}

	/** A fresh count, for the run that is held against this one. */
	rewind(): void {
		this.#counts.clear();
	}

	/** The first output of a node that is further from the recorded one than the tolerance; undefined when none. */
	difference(node: Node, outputs: readonly TensorValue[], tolerance: number): ValueDifference | undefined {
		const recorded = this.#samples.get(this.#key(node.name));
		if (!recorded) return this.#newNaN(outputs);
		for (const [port, output] of outputs.entries()) {
			const before = recorded[port];
			const now = sample(output);
			if (!before || !now) continue;
			const difference = compareValues(before.value, now.value);
			const sameShape = elementCount(before.shape) === elementCount(now.shape);
			if (!sameShape || !within(difference, tolerance)) return { ...difference, sameShape };
		}
		return undefined;
	}
}
