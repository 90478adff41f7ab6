/**
 * Takes out dropout that keeps everything.
 *
 *   before   r = Add(keep_prob, RandomUniform(…))      with keep_prob = 1
 *            y = Mul(RealDiv(x, keep_prob), Floor(r))
 *   after    y = Identity(x)
 *
 *   before   m = Cast(GreaterEqual(RandomUniform(…), rate))      with rate = 0
 *            y = Mul(Mul(x, RealDiv(1, Sub(1, rate))), m)
 *   after    y = Identity(x)
 */

import { dtypeStorage } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { Node } from '../graph/node.ts';

/** Ops that hand their first input on. */
const PASSING = new Set(['Identity', 'StopGradient']);

export interface IdleDropout {
	readonly graph: Graph;
	/** The products that became Identity. */
	readonly resolved: readonly string[];
}

/** Finds the masks that are all ones, and replaces their products. Unused mask nodes stay for `strip_unused_nodes`. */
export function removeIdleDropout(graph: Graph): IdleDropout {
	const finder = new MaskFinder(graph);
	const resolved: string[] = [];
	const nodes = graph.nodes.map((node) => {
		const kept = finder.keptBy(node);
		if (kept === undefined) return node;
		resolved.push(node.name);
		const type = node.attr('T');
		const controls = node.inputs.filter(isControl);
		return Node.of({
			name: node.name,
			op: 'Identity',
			inputs: [kept, ...controls],
			device: node.device,
			attrs: type ? { T: type } : {},
		});
	});
	return resolved.length > 0 ? { graph: graph.with(nodes), resolved } : { graph, resolved };
}

class MaskFinder {
	readonly graph: Graph;

	constructor(graph: Graph) {
		this.graph = graph;
	}

	/** What a dropout's product hands on when its mask is all ones; undefined for any other node. */
	keptBy(node: Node): string | undefined {
		if (node.op !== 'Mul') return undefined;
		const [a, b] = node.inputs;
		if (a === undefined || b === undefined) return undefined;
		if (this.isOnes(b)) return this.unscaled(a);
		if (this.isOnes(a)) return this.unscaled(b);
		return undefined;
	}

	/** Past a division or multiplication by 1. */
	private unscaled(input: string): string {
		const node = this.source(input);
		const [x, factor] = node?.inputs ?? [];
		if (!node || x === undefined || factor === undefined) return input;
		if ((node.op === 'RealDiv' || node.op === 'Div' || node.op === 'Mul') && this.scalar(factor) === 1)
			return x;
		if (node.op === 'Mul' && this.scalar(x) === 1) return factor;
		return input;
	}

	/** A mask made from random numbers that is 1 everywhere. */
	private isOnes(input: string): boolean {
		const node = this.past(input);
		const a = node?.inputs[0];
		if (!node || a === undefined) return false;
		if (node.op === 'Cast') return this.isAlways(a);
		if (node.op !== 'Floor') return false;
		const sum = this.past(a);
		const [left, right] = sum?.inputs ?? [];
		if (!sum || (sum.op !== 'Add' && sum.op !== 'AddV2') || left === undefined || right === undefined)
			return false;
		return (
			(this.scalar(left) === 1 && this.isUnitRandom(right)) ||
			(this.scalar(right) === 1 && this.isUnitRandom(left))
		);
	}

	/** A comparison of random numbers in [0, 1) that always holds. */
	private isAlways(input: string): boolean {
		const node = this.past(input);
		const [random, rate] = node?.inputs ?? [];
		if (node?.op !== 'GreaterEqual' || random === undefined || rate === undefined) return false;
		const limit = this.scalar(rate);
		return limit !== undefined && limit <= 0 && this.isUnitRandom(random);
	}

	/** `RandomUniform`, also spelled out as `RandomUniform * (1 - 0) + 0`. */
	private isUnitRandom(input: string): boolean {
		const node = this.past(input);
		const [a, b] = node?.inputs ?? [];
		if (!node || a === undefined) return false;
		if (
			node.op === 'RandomUniform' ||
			node.op === 'StatelessRandomUniform' ||
			node.op === 'StatelessRandomUniformV2'
		)
			return true;
		if (b === undefined) return false;
		if (node.op === 'Add' || node.op === 'AddV2') return this.scalar(b) === 0 && this.isUnitRandom(a);
		return node.op === 'Mul' && this.scalar(b) === 1 && this.isUnitRandom(a);
	}

	/** The value of a constant scalar expression. */
	private scalar(input: string, depth = 0): number | undefined {
		const node = this.past(input);
		if (!node || depth > 8) return undefined;
		if (node.op === 'Const') {
			const tensor = node.tensor;
			const storage = dtypeStorage(tensor?.dtype ?? 0);
			if (!tensor?.decodable || tensor.elements !== 1 || !/^float|^int32$/.test(storage)) return undefined;
			return Number(tensor.data[0]);
		}
		const [left, right] = node.inputs;
		if (left === undefined || right === undefined || node.inputs.length !== 2) return undefined;
		const a = this.scalar(left, depth + 1);
		const b = this.scalar(right, depth + 1);
		if (a === undefined || b === undefined) return undefined;
		if (node.op === 'Add' || node.op === 'AddV2') return a + b;
		if (node.op === 'Sub') return a - b;
		if (node.op === 'Mul') return a * b;
		return node.op === 'RealDiv' ? a / b : undefined;
	}

	private source(input: string): Node | undefined {
		if (isControl(input) || /:[1-9]/.test(input)) return undefined;
		return this.graph.node(input.replace(/:0$/, ''));
	}

	private past(input: string): Node | undefined {
		let node = this.source(input);
		for (let steps = 0; node && PASSING.has(node.op) && steps < 64; steps++)
			node = this.source(node.inputs[0] ?? '^');
		return node;
	}
}
