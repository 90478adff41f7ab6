/**
 * Vectors of sizes of which some entries are known: what TensorFlow's shape inference makes of shapes put together
 * from Shape, Pack, Concat, Cast and StridedSlice.
 */
import { DT_INT32, DT_INT64 } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { HandleData, Shape } from '../ops/define.ts';
import { ShapeValueError } from '../ops/shape-algebra.ts';
import { integers } from '../ops/values.ts';
import type { DataEdges } from './data-edges.ts';
import type { KnownValues } from './known-values.ts';

/** Deeper compositions count as unknown. */
const DEEPEST = 64;

export class PartialShapes {
	readonly #nodes: readonly Node[];
	readonly #edges: DataEdges;
	readonly #shapes: readonly (readonly Shape[] | undefined)[];
	readonly #values: KnownValues;
	readonly #handleOf: (position: number, port: number) => HandleData | undefined;
	readonly #known = new Map<string, Shape>();

	constructor(
		nodes: readonly Node[],
		edges: DataEdges,
		shapes: readonly (readonly Shape[] | undefined)[],
		values: KnownValues,
		handleOf: (position: number, port: number) => HandleData | undefined,
	) {
		this.#nodes = nodes;
		this.#edges = edges;
		this.#shapes = shapes;
		this.#values = values;
		this.#handleOf = handleOf;
	}

	/** An output read as a shape: null for an unknown rank. @throws for what cannot be a shape. */
	of(position: number, port: number, depth = 0): Shape {
		const key = `${position}:${port}`;
		let shape = this.#known.get(key);
		if (shape === undefined) {
			shape = depth > DEEPEST ? null : this.#find(position, port, depth);
			this.#known.set(key, shape);
		}
		return shape;
	}

	#find(position: number, port: number, depth: number): Shape {
		const own = this.#shapes[position]?.[port] ?? null;
		if (own?.length === 0) return this.#scalar(position, port);
		if (own && own.length !== 1) throw new ShapeValueError(`Shape must be rank 1 but is rank ${own.length}`);
		const length = own ? own[0]! : -1;
		if (length === 0) return [];
		const node = this.#nodes[position]!;
		switch (node.op) {
			case 'Cast':
				return this.#cast(node, position, port, depth);
			case 'Shape':
				return this.#inputShape(position, 0);
			case 'ShapeN':
				return this.#inputShape(position, port);
			case 'VariableShape': {
				const edge = this.#edges.start[position]!;
				return this.#handleOf(this.#edges.source[edge]!, this.#edges.port[edge]!)?.shape ?? null;
			}
			case 'Pack':
				return this.#pack(position);
			case 'Concat':
			case 'ConcatV2':
				return this.#concat(node, position, depth);
			case 'StridedSlice':
				return this.#slice(node, position, depth);
			default:
				return this.#value(position, port) ?? (length < 0 ? null : new Array<number>(length).fill(-1));
		}
	}

	/** The value −1 means an unknown rank; any other scalar is no shape. */
	#scalar(position: number, port: number): Shape {
		const value = this.#values.of(position, port);
		if (!value) {
			throw new ShapeValueError(
				"Received a shape scalar with unknown static value.  A static value of '-1' is required to represent an unknown shape.",
			);
		}
		const size = Number(value.data[0]);
		if (size === -1) return null;
		throw new ShapeValueError(
			`Received an invalid shape scalar with a static value that is not '-1': ${size}`,
		);
	}

	#inputShape(position: number, input: number): Shape {
		const edge = this.#edges.start[position]! + input;
		return this.#shapes[this.#edges.source[edge]!]?.[this.#edges.port[edge]!] ?? null;
	}

	#value(position: number, port: number): Shape | undefined {
		const value = this.#values.of(position, port);
		if (!value) return undefined;
		if (value.dtype !== DT_INT32 && value.dtype !== DT_INT64)
			throw new ShapeValueError('Input tensor must be int32 or int64');
		return integers(value).map((size) => {
			if (size < -1) throw new ShapeValueError(`Invalid value in tensor used for shape: ${size}`);
			return size;
		});
	}

	/** A scalar input's value; undefined when unknown. */
	#integer(position: number, input: number): number | undefined {
		const edge = this.#edges.start[position]! + input;
		const value = this.#values.of(this.#edges.source[edge]!, this.#edges.port[edge]!);
		return value ? integers(value)[0] : undefined;
	}

	#input(position: number, input: number, depth: number): Shape {
		const edge = this.#edges.start[position]! + input;
		return this.of(this.#edges.source[edge]!, this.#edges.port[edge]!, depth + 1);
	}

	#cast(node: Node, position: number, port: number, depth: number): Shape {
		try {
			const whole = this.#value(position, port);
			if (whole) return whole;
		} catch {
			// Then entry by entry.
		}
		let before: Shape;
		try {
			before = this.#input(position, 0, depth);
		} catch {
			return null;
		}
		const dtype = node.attr('DstT')?.type;
		return before && dtype !== DT_INT32 && dtype !== DT_INT64 ? before.map(() => -1) : before;
	}

	#pack(position: number): Shape {
		const { start } = this.#edges;
		const sizes: number[] = [];
		for (let i = 0; i < start[position + 1]! - start[position]!; i++)
			sizes.push(Math.max(-1, this.#integer(position, i) ?? -1));
		return sizes;
	}

	#concat(node: Node, position: number, depth: number): Shape {
		const { start } = this.#edges;
		const count = start[position + 1]! - start[position]!;
		const axis = node.op === 'Concat' ? 0 : count - 1;
		const joined: number[] = [];
		for (let i = 0; i < count; i++) {
			if (i === axis) continue;
			const part = this.#input(position, i, depth);
			if (part === null) return null;
			for (const size of part) joined.push(size);
		}
		return joined;
	}

	/** Slices of one axis with begin, end and stride of one entry each. */
	#slice(node: Node, position: number, depth: number): Shape {
		for (let i = 1; i <= 3; i++) if (this.#inputShape(position, i)?.[0] !== 1) return null;
		const mask = (name: string): number => node.attr(`${name}_mask`)?.int ?? 0;
		if (mask('ellipsis') || mask('new_axis') || mask('shrink_axis') || mask('begin') > 1 || mask('end') > 1)
			return null;
		const begin = mask('begin') === 1 ? 0 : this.#integer(position, 1);
		const end = mask('end') === 1 ? undefined : this.#integer(position, 2);
		const stride = this.#integer(position, 3);
		if (begin === undefined || stride === undefined || (mask('end') !== 1 && end === undefined)) return null;
		const shape = this.#input(position, 0, depth);
		if (shape === null) return null;
		return subshapeWithStride(shape, begin, end ?? Number.POSITIVE_INFINITY, stride);
	}
}

function subshapeWithStride(shape: readonly number[], begin: number, end: number, stride: number): Shape {
	const rank = shape.length;
	const clamp = (at: number): number => {
		const forward = at < 0 ? at + rank : Math.min(at, rank);
		if (forward < 0) throw new ShapeValueError(`Subshape must have computed start >= 0 but is ${forward}`);
		return forward;
	};
	const from = clamp(begin);
	const to = clamp(end);
	const sizes: number[] = [];
	if (stride > 0) for (let i = from; i < to; i += stride) sizes.push(shape[i]!);
	else if (stride < 0) for (let i = from; i > to; i += stride) if (i < rank) sizes.push(shape[i]!);
	return sizes;
}
