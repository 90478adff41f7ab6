/**
 * Makes graphs by hand: for tests, for examples, and for programs that use whittle as a library.
 *
 * ```ts
 * const g = new GraphBuilder({ seed: 1 });
 * const x = g.placeholder('x', DT_FLOAT, [-1, 4]);
 * const w = g.random('w', [4, 2]);
 * g.node('y', 'MatMul', [x, w], { T: FLOAT });
 * const graph = g.finish();
 * ```
 */
import { Attr } from './attr.ts';
import { DT_FLOAT, DT_INT32 } from './dtype.ts';
import { Graph, type GraphParts } from './graph.ts';
import { Node } from './node.ts';
import { mulberry32, type RandomSource } from './random.ts';
import type { TensorValue } from './tensor.ts';

/** An attribute's value: a boolean, a string, a list of integers, or any {@link Attr}. */
export type AttrInit = Attr | boolean | string | readonly number[];

/** `T: DT_FLOAT` as an attribute, the most frequent of all. */
export const FLOAT: Attr = Attr.type(DT_FLOAT);
export const INT32: Attr = Attr.type(DT_INT32);

export class GraphBuilder {
	readonly #nodes: Node[] = [];
	readonly #names = new Set<string>();
	readonly #random: RandomSource;
	#scope = '';

	/** @param options.seed for {@link random}; 1 unless given. */
	constructor(options: { seed?: number } = {}) {
		this.#random = mulberry32(options.seed ?? 1);
	}

	/** Runs `body` with `name/` before the name of every node made in it. */
	scope<T>(name: string, body: () => T): T {
		const outer = this.#scope;
		this.#scope = `${outer}${name}/`;
		try {
			return body();
		} finally {
			this.#scope = outer;
		}
	}

	/**
	 * Any node. @param inputs as a file has them: `a`, `a:1`, `^a`, always full names.
	 * @returns its full name, to be used as an input. @throws when the name is taken.
	 */
	node(
		name: string,
		op: string,
		inputs: readonly string[] = [],
		attrs: Readonly<Record<string, AttrInit>> = {},
		device = '',
	): string {
		const full = this.#scope + name;
		if (this.#names.has(full)) throw new Error(`there is a node \`${full}\` already`);
		this.#names.add(full);
		const values = new Map(Object.entries(attrs).map(([key, value]) => [key, attrOf(value)]));
		this.#nodes.push(Node.of({ name: full, op, inputs, device, attrs: values }));
		return full;
	}

	/** @param shape −1 for an unknown size, null for an unknown rank. */
	placeholder(name: string, dtype: number = DT_FLOAT, shape: readonly number[] | null = null): string {
		return this.node(name, 'Placeholder', [], { dtype: Attr.type(dtype), shape: Attr.shape(shape) });
	}

	/** A Const with its values in `tensor_content`. */
	constant(name: string, value: TensorValue): string {
		return this.node(name, 'Const', [], { dtype: Attr.type(value.dtype), value: Attr.tensor(value) });
	}

	/** A float Const; a plain number is a scalar. */
	floats(name: string, values: number | readonly number[], shape?: readonly number[]): string {
		const list = typeof values === 'number' ? [values] : values;
		const dims = shape ?? (typeof values === 'number' ? [] : [list.length]);
		return this.constant(name, { dtype: DT_FLOAT, shape: dims, data: Float32Array.from(list) });
	}

	/** An int32 Const; a plain number is a scalar. */
	ints(name: string, values: number | readonly number[], shape?: readonly number[]): string {
		const list = typeof values === 'number' ? [values] : values;
		const dims = shape ?? (typeof values === 'number' ? [] : [list.length]);
		return this.constant(name, { dtype: DT_INT32, shape: dims, data: Int32Array.from(list) });
	}

	/** A float Const of seeded random values, uniform in [−limit, limit). Default limit: He's, √(6 / fan-in). */
	random(name: string, shape: readonly number[], limit?: number): string {
		const elements = shape.reduce((product, size) => product * size, 1);
		const fanIn = Math.max(1, elements / (shape.at(-1) ?? 1));
		const bound = limit ?? Math.sqrt(6 / fanIn);
		const data = new Float32Array(elements);
		for (let i = 0; i < elements; i++) data[i] = (2 * this.#random() - 1) * bound;
		return this.constant(name, { dtype: DT_FLOAT, shape, data });
	}

	/** The graph so far. @param parts the library, versions and so on that it gets. */
	finish(parts: GraphParts = {}): Graph {
		return new Graph([...this.#nodes], parts);
	}
}

function attrOf(value: AttrInit): Attr {
	if (value instanceof Attr) return value;
	if (typeof value === 'boolean') return Attr.bool(value);
	if (typeof value === 'string') return Attr.string(value);
	return Attr.ints(value);
}
