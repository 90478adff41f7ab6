/** The third part of `fold_constants`: which nodes can be worked out now (spec: folding 3.6). */
import { dtypeSize } from '../graph/dtype.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { compareBytes } from '../graph/text.ts';
import { hasCpuKernel } from '../ops/cpu-kernels.ts';
import type { Shape } from '../ops/define.ts';
import { opByName } from '../ops/index.ts';
import { isStateful } from '../ops/registry.ts';
import { elementsOf, isFullyKnown } from '../ops/shape-algebra.ts';
import { integerTensor } from '../ops/values.ts';
import { type CutGraph, outputNumber } from './fold-constants-cut.ts';

export interface FoldingLimits {
	readonly excludedOps: ReadonlySet<string>;
	readonly excludedNodes: ReadonlySet<string>;
	/** Constants of more bytes are not made. */
	readonly maxBytes: number;
	/** Nodes that turned out to be beyond whittle's kernels: left alone. */
	readonly refused: ReadonlyMap<number, string>;
}

/** A node that can be folded, in the order of the walk. */
export interface FoldableNode {
	readonly node: number;
	/** For Shape, ShapeN, Rank and Size of known shapes: the answers, one an output. */
	readonly answers: readonly TensorValue[] | undefined;
}

export interface Foldable {
	readonly nodes: readonly FoldableNode[];
	/** By node number: 1 when foldable. */
	readonly flags: Uint8Array;
	/** What a constant in a node's place must wait for, by node number. */
	readonly dependencies: ReadonlyMap<number, ReadonlySet<number>>;
	/** Nodes with constant inputs that must stay, and why. */
	readonly stays: readonly { readonly node: number; readonly reason: string }[];
}

/** Ops that fold although the shape of what they give is not known. */
const SHAPE_NOT_NEEDED: ReadonlySet<string> = new Set([
	'Cast',
	'Const',
	'Identity',
	'IdentityN',
	'Less',
	'NoOp',
	'StopGradient',
]);

const NEVER: ReadonlySet<string> = new Set([
	...['Switch', 'Merge', 'Enter', 'Exit', 'NextIteration'].flatMap((op) => [op, `Ref${op}`]),
	'_Send',
	'_Recv',
	'_HostSend',
	'_HostRecv',
	'GetSessionHandle',
	'GetSessionHandleV2',
	'GetSessionTensor',
	'DeleteSessionTensor',
	'FakeParam',
	'StatelessRandomGetKeyCounter',
]);

const SHAPE_OPS: ReadonlySet<string> = new Set(['Shape', 'ShapeN', 'Rank', 'Size']);
const LARGEST_INT32 = 2 ** 31 - 1;

export function findFoldable(cut: CutGraph, limits: FoldingLimits): Work<Foldable> {
	return new Search(cut, limits).run();
}

class Search {
	readonly #cut: CutGraph;
	readonly #limits: FoldingLimits;
	readonly #nodes: FoldableNode[] = [];
	readonly #flags: Uint8Array;
	readonly #dependencies = new Map<number, Set<number>>();
	readonly #stays: { node: number; reason: string }[] = [];
	readonly #isRead: (node: number, port: number) => boolean;

	constructor(cut: CutGraph, limits: FoldingLimits) {
		this.#cut = cut;
		this.#limits = limits;
		this.#flags = new Uint8Array(cut.count);
		this.#isRead = readPorts(cut);
	}

	*run(): Work<Foldable> {
		const order = visitingOrder(this.#cut);
		for (let i = 0; i < order.length; i++) {
			if (isTurn(i)) yield { done: i, total: order.length };
			this.#visit(order[i]!);
		}
		return {
			nodes: this.#nodes,
			flags: this.#flags,
			dependencies: this.#dependencies,
			stays: this.#stays,
		};
	}

	#visit(node: number): void {
		const { imported, source } = this.#cut;
		if (node >= imported.nodes.length) return;
		const { start } = imported.edges;
		const { op } = imported.nodes[node]!;
		const answers = SHAPE_OPS.has(op) ? this.#shapeAnswers(node) : undefined;
		if (!answers) {
			for (let e = start[node]!; e < start[node + 1]!; e++) if (!this.#flags[source[e]!]) return;
			const reason = this.#obstacle(node);
			if (reason !== undefined) {
				if (start[node + 1]! > start[node]!) this.#stays.push({ node, reason });
				return;
			}
		}
		this.#flags[node] = 1;
		this.#nodes.push({ node, answers });
		this.#carry(node);
	}

	/** Dependencies of what is folded away go over to the constant. */
	#carry(node: number): void {
		const { imported, source, controls } = this.#cut;
		const { start } = imported.edges;
		for (let e = start[node]!; e < start[node + 1]!; e++) this.#carryFrom(source[e]!, node);
		for (const from of controls[node]!) this.#carryFrom(from, node);
	}

	#carryFrom(from: number, node: number): void {
		const carried = this.#flags[from] ? this.#dependencies.get(from) : [from];
		if (!carried) return;
		const found = this.#dependencies.get(node) ?? new Set();
		for (const item of carried) found.add(item);
		this.#dependencies.set(node, found);
	}

	/** The shape of an output as the tool's table has it: unknown unless somebody read it. */
	#tableShape(node: number, port: number): Shape {
		const { imported, standIns } = this.#cut;
		if (node >= imported.nodes.length) {
			const id = standIns[node - imported.nodes.length]!;
			return this.#tableShape(imported.position.get(id.name)!, id.port);
		}
		return this.#isRead(node, port) ? (imported.shapes[node]?.[port] ?? null) : null;
	}

	#shapeAnswers(node: number): readonly TensorValue[] | undefined {
		const { imported, source, port } = this.#cut;
		const { start } = imported.edges;
		const { op } = imported.nodes[node]!;
		const dtypes = imported.outputDtypes[node]!;
		const answers: TensorValue[] = [];
		for (let e = start[node]!; e < start[node + 1]!; e++) {
			const shape = this.#tableShape(source[e]!, port[e]!);
			const dtype = dtypes[answers.length] ?? 3;
			const narrow = dtype !== 9;
			if (op === 'Rank') {
				if (shape === null) return undefined;
				answers.push(integerTensor(3, [], [shape.length]));
				continue;
			}
			if (!isFullyKnown(shape)) return undefined;
			const numbers = op === 'Size' ? [elementsOf(shape)] : shape;
			if (narrow && numbers.some((size) => size > LARGEST_INT32)) return undefined;
			answers.push(integerTensor(dtype, op === 'Size' ? [] : [shape.length], numbers));
		}
		return answers;
	}

	/** Why a node whose inputs are all constant stays; undefined when it does not. */
	#obstacle(at: number): string | undefined {
		const { imported } = this.#cut;
		const node = imported.nodes[at]!;
		const dtypes = imported.outputDtypes[at]!;
		if (node.op === 'Const' || node.op === 'HostConst')
			return dtypes[0] === 20 ? 'it holds a resource' : undefined;
		if (isStateful(node.op)) return `${node.op} keeps state`;
		if (this.#limits.excludedOps.has(node.op)) return 'its op is excluded by exclude_op';
		if (this.#limits.excludedNodes.has(node.name)) return 'it is excluded by exclude_node';
		const size = this.#sizeObstacle(at);
		if (size !== undefined) return size;
		if (NEVER.has(node.op)) return `${node.op} directs the flow of control`;
		if (!hasCpuKernel(node)) return 'TensorFlow has no CPU kernel for it';
		if (node.attr('_scoped_allocator')) return 'it belongs to a scoped allocator';
		const refused = this.#limits.refused.get(at);
		if (refused !== undefined) return refused;
		if (!opByName(node.op)?.kernel && dtypes.length > 0 && !isPlaceholder(node.op))
			return `whittle has no kernel for ${node.op}`;
		return undefined;
	}

	#sizeObstacle(at: number): string | undefined {
		const { imported } = this.#cut;
		const dtypes = imported.outputDtypes[at]!;
		const mayBeOpen = SHAPE_NOT_NEEDED.has(imported.nodes[at]!.op);
		let tooLarge: string | undefined;
		for (let port = 0; port < dtypes.length; port++) {
			const shape = this.#tableShape(at, port);
			if (!isFullyKnown(shape)) {
				if (!mayBeOpen) return this.#openReason(at, port);
				continue;
			}
			const bytes = elementsOf(shape) * dtypeSize(dtypes[port]! % 100);
			if (bytes > this.#limits.maxBytes) tooLarge = `its result would take ${bytes} bytes`;
		}
		return tooLarge;
	}

	#openReason(at: number, port: number): string {
		if (this.#isRead(at, port)) return 'the shape of its result is not known';
		return this.#cut.markersOf(at).length > 0
			? 'it is an output that no other node reads'
			: `nothing reads its output ${port}`;
	}
}

/** Placeholders count as constants for the tool; running one then fails, as it should. */
export function isPlaceholder(op: string): boolean {
	return op === 'Placeholder' || op === 'PlaceholderV2';
}

/** Which outputs somebody read when the graph was whole. */
function readPorts(cut: CutGraph): (node: number, port: number) => boolean {
	const { edges, nodes } = cut.imported;
	const first = new Uint8Array(nodes.length);
	const others = new Set<number>();
	for (let e = 0; e < edges.source.length; e++) {
		const port = edges.port[e]!;
		if (port === 0) first[edges.source[e]!] = 1;
		else others.add(outputNumber(edges.source[e]!, port));
	}
	return (node, port) => (port === 0 ? first[node] === 1 : others.has(outputNumber(node, port)));
}

/**
 * Every needed node after those it depends on: a walk from the outputs against the edges, predecessors in
 * descending order of their names.
 */
function visitingOrder(cut: CutGraph): Int32Array {
	const { imported, source, controls, names, markers } = cut;
	const { start } = imported.edges;
	const entered = new Uint8Array(cut.count);
	const order = new Int32Array(cut.count);
	let done = 0;
	const leaving: number[] = [];
	const ascending = [...markers].sort((a, b) => compareBytes(a.name, b.name));
	// The last marker is entered first. A stack entry below zero means: leave that node.
	for (let m = ascending.length - 1; m >= 0; m--) {
		leaving.push(ascending[m]!.node);
		while (leaving.length > 0) {
			const top = leaving.pop()!;
			if (top < 0) {
				order[done++] = -1 - top;
				continue;
			}
			if (entered[top]) continue;
			entered[top] = 1;
			leaving.push(-1 - top);
			if (top >= imported.nodes.length) continue;
			const from = start[top]!;
			const to = start[top + 1]!;
			if (to - from <= 2 && controls[top]!.length === 0) {
				const a = from < to ? source[from]! : -1;
				const b = to - from === 2 ? source[from + 1]! : a;
				const swap = a !== b && compareBytes(names[a]!, names[b]!) > 0;
				if (a >= 0 && !entered[swap ? b : a]) leaving.push(swap ? b : a);
				if (a !== b && !entered[swap ? a : b]) leaving.push(swap ? a : b);
				continue;
			}
			const before = new Set<number>();
			for (let e = from; e < to; e++) if (!entered[source[e]!]) before.add(source[e]!);
			for (const node of controls[top]!) if (!entered[node]) before.add(node);
			for (const node of [...before].sort((a, b) => compareBytes(names[a]!, names[b]!))) leaving.push(node);
		}
	}
	return order.subarray(0, done);
}
