import { sameShape } from '../ops/broadcast.ts';
import type { Shape } from '../ops/define.ts';

interface Entry {
	readonly shape: readonly number[];
	readonly outputs: readonly Shape[];
	/** Another shape with the same hash. */
	readonly next: Entry | undefined;
}

/** One list for all nodes whose only output has one shape: a graph has a hundred thousand nodes and a few shapes. */
export class ShapePool {
	readonly #byHash = new Map<number, Entry>();

	/** The list that holds a shape like that of `outputs`; `outputs` itself where there are none or several. */
	shared(outputs: readonly Shape[]): readonly Shape[] {
		const shape = outputs[0];
		if (outputs.length !== 1 || !shape) return outputs;
		let hash = shape.length;
		for (let i = 0; i < shape.length; i++) hash = (Math.imul(hash, 31) + shape[i]!) | 0;
		const first = this.#byHash.get(hash);
		for (let entry = first; entry; entry = entry.next)
			if (sameShape(entry.shape, shape)) return entry.outputs;
		this.#byHash.set(hash, { shape, outputs, next: first });
		return outputs;
	}
}
