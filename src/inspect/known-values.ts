/**
 * Values that are known before a graph runs: what constants and stateless ops on them give, and the answers to
 * shape questions whose tensors have known shapes. Each node is worked out once, when someone asks.
 */
import { DT_INT32 } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { hasCpuKernel } from '../ops/cpu-kernels.ts';
import type { KernelContext, Shape } from '../ops/define.ts';
import { opByName } from '../ops/index.ts';
import { elementsOf, isFullyKnown } from '../ops/shape-algebra.ts';
import { argumentDtypes, attrOrDefault, type OpSignature, signatureOf } from '../ops/signature.ts';
import { integers, integerTensor } from '../ops/values.ts';
import type { DataEdges } from './data-edges.ts';

type Values = readonly TensorValue[];

/** Ops that stop the search: loops, and what a caller may feed. */
const BARRIERS: ReadonlySet<string> = new Set([
	'Merge',
	'RefMerge',
	'Enter',
	'RefEnter',
	'Exit',
	'RefExit',
	'PlaceholderWithDefault',
]);

export class KnownValues {
	readonly #nodes: readonly Node[];
	readonly #edges: DataEdges;
	readonly #shapes: readonly (readonly Shape[] | undefined)[];
	/** null for a node that is known not to have a value. */
	readonly #values = new Map<number, Values | null>();
	/** Nodes that can be run: all that they need has values. */
	readonly #runnable = new Set<number>();

	/** @param shapes of the outputs by position; read as far as they are there when a value is asked for. */
	constructor(nodes: readonly Node[], edges: DataEdges, shapes: readonly (readonly Shape[] | undefined)[]) {
		this.#nodes = nodes;
		this.#edges = edges;
		this.#shapes = shapes;
	}

	/** The value of an output; undefined when it is not known. */
	of(position: number, port: number): TensorValue | undefined {
		if (this.#mayHave(position) && !this.#values.has(position) && this.#canRun(position))
			this.#runWithInputs(position);
		return this.#values.get(position)?.[port];
	}

	/** False for a node that is known not to have a value. */
	#mayHave(position: number): boolean {
		let value = this.#values.get(position);
		if (value === undefined && !this.#runnable.has(position)) {
			value = this.#direct(position);
			if (value !== undefined) this.#values.set(position, value);
		}
		return value !== null;
	}

	/**
	 * Whether all that a node needs has values. Found out before anything is run: weights are not transposed for the
	 * shape of what an input is part of.
	 */
	#canRun(position: number): boolean {
		const { start, source } = this.#edges;
		const path = [{ position, edge: start[position]! }];
		const open = new Set([position]);
		while (path.length > 0) {
			const top = path.at(-1)!;
			if (top.edge === start[top.position + 1]) {
				this.#runnable.add(top.position);
				open.delete(top.position);
				path.pop();
				continue;
			}
			const next = source[top.edge++]!;
			// A node met again while it is open lies on a cycle.
			if (next < 0 || open.has(next) || !this.#mayHave(next)) {
				for (const waiting of path) this.#values.set(waiting.position, null);
				return false;
			}
			if (this.#values.has(next) || this.#runnable.has(next)) continue;
			open.add(next);
			path.push({ position: next, edge: start[next]! });
		}
		return true;
	}

	/** Runs a node that {@link #canRun} after those that it reads. */
	#runWithInputs(position: number): void {
		const { start, source } = this.#edges;
		const stack = [position];
		while (stack.length > 0) {
			const top = stack.at(-1)!;
			const open = stack.length;
			if (!this.#values.has(top))
				for (let e = start[top]!; e < start[top + 1]!; e++)
					if (!this.#values.has(source[e]!)) stack.push(source[e]!);
			if (stack.length > open) continue;
			stack.pop();
			if (!this.#values.has(top)) this.#values.set(top, this.#run(top));
		}
	}

	/** What is known of a node without its inputs' values: undefined when they are needed. */
	#direct(position: number): Values | null | undefined {
		const node = this.#nodes[position]!;
		if (node.op === 'Const') return node.tensor?.decodable ? [node.tensor] : null;
		const answer = this.#shapeAnswer(node, position);
		if (answer) return [answer];
		return isRunnable(node) ? undefined : null;
	}

	#shapeAnswer(node: Node, position: number): TensorValue | undefined {
		if (node.op === 'StridedSlice') return this.#oneSize(node, position);
		if (node.op !== 'Shape' && node.op !== 'Rank' && node.op !== 'Size') return undefined;
		const edge = this.#edges.start[position]!;
		const shape = this.#shapes[this.#edges.source[edge]!]?.[this.#edges.port[edge]!];
		if (!shape) return undefined;
		if (node.op === 'Rank') return integerTensor(DT_INT32, [], [shape.length]);
		if (!isFullyKnown(shape)) return undefined;
		const dtype = node.attr('out_type')?.type ?? DT_INT32;
		if (node.op === 'Size') return integerTensor(dtype, [], [elementsOf(shape)]);
		return integerTensor(dtype, [shape.length], shape);
	}

	/** `Shape(x)[i]`: one size may be known where others are not. */
	#oneSize(node: Node, position: number): TensorValue | undefined {
		const { start, source, port } = this.#edges;
		const edge = start[position]!;
		const shapeNode = this.#nodes[source[edge]!];
		if (shapeNode?.op !== 'Shape' || node.attr('shrink_axis_mask')?.int !== 1) return undefined;
		for (const mask of ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask'])
			if (node.attr(mask)?.int) return undefined;
		const begin = this.#nodes[source[edge + 1]!];
		const index = begin?.op === 'Const' && begin.tensor?.decodable ? integers(begin.tensor) : [];
		const asked = start[source[edge]!]!;
		const shape = this.#shapes[source[asked]!]?.[port[asked]!];
		const size = index.length === 1 ? shape?.at(index[0]!) : undefined;
		if (size === undefined || size < 0) return undefined;
		return integerTensor(shapeNode.attr('out_type')?.type ?? DT_INT32, [], [size]);
	}

	#run(position: number): Values | null {
		const node = this.#nodes[position]!;
		const inputs: TensorValue[] = [];
		const { start, source, port } = this.#edges;
		for (let e = start[position]!; e < start[position + 1]!; e++) {
			const value = this.#values.get(source[e]!)?.[port[e]!];
			if (!value) return null;
			inputs.push(value);
		}
		try {
			return runKernel(node, inputs) ?? null;
		} catch {
			// A node that fails here fails, with its message, where it is run.
			return null;
		}
	}
}

function isRunnable(node: Node): boolean {
	if (BARRIERS.has(node.op) || !opByName(node.op)?.kernel) return false;
	const signature = signatureOf(node.op);
	if (!signature || signature.isStateful) return false;
	return hasCpuKernel(node);
}

/**
 * Runs one node; undefined when it has no kernel.
 * @param outputDtypes as its signature says, found anew when not given.
 * @throws WhittleError `evaluate` from the kernel.
 */
export function runKernel(node: Node, inputs: Values, outputDtypes?: readonly number[]): Values | undefined {
	const kernel = opByName(node.op)?.kernel;
	const signature = signatureOf(node.op);
	if (!kernel || !signature) return undefined;
	const dtypes = outputDtypes ?? argumentDtypes(node, signature, signature.outputs) ?? [];
	return kernel(inputs, new NodeContext(node, signature, dtypes));
}

class NodeContext implements KernelContext {
	readonly node: Node;
	readonly outputDtypes: readonly number[];
	readonly #signature: OpSignature;

	constructor(node: Node, signature: OpSignature, outputDtypes: readonly number[]) {
		this.node = node;
		this.#signature = signature;
		this.outputDtypes = outputDtypes;
	}

	get outputCount(): number {
		return this.outputDtypes.length;
	}

	/** Bound, because kernels hand it on. */
	get attr(): KernelContext['attr'] {
		return (name) => attrOrDefault(this.node, this.#signature, name);
	}
}
