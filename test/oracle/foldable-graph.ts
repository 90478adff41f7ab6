/** A random graph under way: its nodes, and the tensors that later ones may read. */
import { Attr } from '../../src/graph/attr.ts';
import {
	DT_BOOL,
	DT_DOUBLE,
	DT_FLOAT,
	DT_HALF,
	DT_INT8,
	DT_INT32,
	DT_INT64,
	DT_STRING,
	DT_UINT8,
} from '../../src/graph/dtype.ts';
import { Node } from '../../src/graph/node.ts';
import { allocate } from '../../src/graph/tensor-data.ts';
import type { Choices } from './choices.ts';

/** A tensor that later nodes may read. `shape` is what the generator believes; undefined when it has no idea. */
export interface Made {
	readonly ref: string;
	readonly dtype: number;
	readonly shape: readonly number[] | undefined;
}

/** Types to compute with, the frequent ones more than once. */
export const NUMERIC = [
	DT_FLOAT,
	DT_FLOAT,
	DT_FLOAT,
	DT_INT32,
	DT_INT32,
	DT_INT64,
	DT_HALF,
	DT_DOUBLE,
	DT_UINT8,
	DT_INT8,
];
/** Types whose values have no fraction. */
export const WHOLE = new Set([DT_INT32, DT_INT64, DT_UINT8, DT_INT8]);

export class FoldableGraph {
	readonly pick: Choices;
	readonly nodes: Node[] = [];
	readonly placeholders: string[] = [];
	readonly #made: Made[] = [];

	constructor(pick: Choices) {
		this.pick = pick;
	}

	#name(): string {
		return `${this.pick.one(['a', 'b', 'c', 's/', 'z', 'w_', 's/d/'])}${this.nodes.length}`;
	}

	/** Adds a node, now and then with a control input. @returns its name. */
	add(
		op: string,
		inputs: readonly string[],
		attrs: Readonly<Record<string, Attr>>,
		outputs: readonly { readonly dtype: number; readonly shape?: readonly number[] | undefined }[],
	): string {
		const name = this.#name();
		const pick = this.pick;
		const all = [...inputs];
		if (this.nodes.length > 0 && pick.chance(0.07)) all.push(`^${pick.one(this.nodes).name}`);
		if (this.nodes.length > 0 && pick.chance(0.02)) all.push(`^${pick.one(this.nodes).name}`);
		this.nodes.push(Node.of({ name, op, inputs: all, attrs }));
		outputs.forEach((output, port) => {
			const ref = port === 0 ? (pick.chance(0.1) ? `${name}:0` : name) : `${name}:${port}`;
			this.#made.push({ ref, dtype: output.dtype, shape: output.shape });
		});
		return name;
	}

	#shape(): number[] {
		return this.pick.one([[], [2], [3], [1], [2, 3], [1, 3], [2, 1], [4], [0], [2, 2, 2], [3, 2]]);
	}

	/** Adds a Const of small values, or of those given. @returns its name. */
	constant(dtype: number, shape: readonly number[], values?: readonly number[]): string {
		const pick = this.pick;
		const count = shape.reduce((product, size) => product * size, 1);
		const data = allocate(dtype, count) as unknown as { [i: number]: unknown };
		for (let i = 0; i < count; i++) {
			const value = values?.[i] ?? pick.one([0, 1, 2, 3, 5, 7, 1, 2]);
			if (dtype === DT_STRING) data[i] = Buffer.from(`s${value}`);
			else if (dtype === DT_INT64) data[i] = BigInt(value);
			else if (dtype === DT_HALF) data[i] = [0, 0x3c00, 0x4000, 0xc200, 0x3555, 0x2e66, 0x3800][value % 7];
			else if (dtype === DT_BOOL) data[i] = value % 2;
			else if (values || WHOLE.has(dtype)) data[i] = value;
			else data[i] = value + pick.one([0, 0.5, 0.1, -9.25]);
		}
		const tensor = { dtype, shape, data: data as never };
		const value = pick.chance(0.5) ? Attr.tensor(tensor) : Attr.tensorTyped(tensor);
		return this.add('Const', [], { dtype: Attr.type(dtype), value }, [{ dtype, shape }]);
	}

	/** Adds a node without inputs. */
	source(): void {
		const pick = this.pick;
		const kind = pick.below(10);
		if (kind < 6) {
			this.constant(pick.one([...NUMERIC, DT_BOOL, DT_STRING]), this.#shape());
		} else if (kind < 8) {
			const shape = pick.one([[2, 3], [-1, 3], [2], null, undefined, [], [3]]);
			const attrs: Record<string, Attr> = { dtype: Attr.type(DT_FLOAT) };
			if (shape !== undefined) attrs.shape = Attr.shape(shape);
			const known = shape?.every((size) => size >= 0) ? shape : undefined;
			this.placeholders.push(this.add('Placeholder', [], attrs, [{ dtype: DT_FLOAT, shape: known }]));
		} else if (kind < 9) {
			const from = this.constant(DT_FLOAT, [2]);
			const shape = pick.one([[2], [-1], null]);
			const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape(shape) };
			this.placeholders.push(
				this.add('PlaceholderWithDefault', [from], attrs, [{ dtype: DT_FLOAT, shape: [2] }]),
			);
		} else {
			const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape([2, 3]) };
			this.add('VariableV2', [], attrs, [{ dtype: DT_FLOAT, shape: [2, 3] }]);
		}
	}

	/** A tensor that fits, the late ones more often. */
	any(accepts: (made: Made) => boolean): Made | undefined {
		const fitting = this.#made.filter(accepts);
		if (fitting.length === 0) return undefined;
		// Late tensors make deep graphs.
		return this.pick.chance(0.5)
			? fitting.at(-1 - this.pick.below(Math.min(4, fitting.length)))
			: this.pick.one(fitting);
	}

	/** A tensor to compute with. */
	number(): Made {
		return (
			this.any((made) => NUMERIC.includes(made.dtype)) ?? {
				ref: this.constant(DT_FLOAT, [2]),
				dtype: DT_FLOAT,
				shape: [2],
			}
		);
	}
}
