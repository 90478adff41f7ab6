/** What the finders of blocks share: who reads whom, what is a weight, and which block a node belongs to. */
import { DT_STRING } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import { integers } from '../ops/values.ts';
import { importOrder } from './import-order.ts';
import { forEachNeighbour } from './reach.ts';
import { isVariable } from './weights.ts';

export type BlockKind =
	| 'convolution'
	| 'depthwise convolution'
	| 'dense'
	| 'pooling'
	| 'embedding'
	| 'normalization'
	| 'softmax'
	| 'depthwise separable'
	| 'inverted residual'
	| 'residual'
	| 'inception'
	| 'squeeze and excitation'
	| 'dense connection'
	| 'LSTM cell'
	| 'GRU cell'
	| 'ConvLSTM cell'
	| 'RNN cell'
	| 'while loop'
	| 'attention'
	| 'dropout'
	| 'training batch norm'
	| 'resizing'
	| 'concatenation'
	| 'preprocessing';

/** A piece of the model that a person has a word for. */
export interface Block {
	readonly kind: BlockKind;
	/** The scope or node that names it. */
	readonly name: string;
	/** `Conv2D 3×3/2 + BN + Relu6`. */
	readonly description: string;
	/** Positions, the first one first in the order of computation. */
	readonly nodes: readonly number[];
	/** The node whose output is the block's. */
	readonly output: number;
	/** Blocks inside it, in order. */
	readonly parts: readonly Block[];
}

const ASKS_SHAPE: ReadonlySet<string> = new Set(['Shape', 'ShapeN', 'Size', 'Rank']);

/** Which input of a branching op is its predicate. */
const PREDICATE: ReadonlyMap<string, number> = new Map([
	['Switch', 1],
	['RefSwitch', 1],
	['If', 0],
	['StatelessIf', 0],
]);

export class BlockMap {
	readonly graph: Graph;
	/** Positions in an order of computation. */
	readonly order: Int32Array;
	/** Place of every position in that order; −1 for nodes in a cycle. */
	readonly rank: Int32Array;
	/** 1 for what depends on constants and variables only. */
	readonly weight: Uint8Array;
	readonly #owner: (Block | undefined)[];

	constructor(graph: Graph) {
		this.graph = graph;
		this.order = importOrder(graph.nodes, graph.topology);
		this.rank = new Int32Array(graph.nodes.length).fill(-1);
		for (let i = 0; i < this.order.length; i++) this.rank[this.order[i]!] = i;
		this.weight = this.#findWeights();
		this.#owner = new Array<Block | undefined>(graph.nodes.length);
	}

	#findWeights(): Uint8Array {
		const weight = new Uint8Array(this.graph.nodes.length);
		const fresh = this.ops(/^(?:Random|Truncated|Stateless|Merge|Placeholder)/);
		const switches = this.ops(/^(?:Ref)?Switch$/);
		for (const at of this.order) {
			const node = this.graph.nodes[at]!;
			if (node.op === 'Const' || isVariable(node)) weight[at] = 1;
			else if (node.inputs.length > 0 && !fresh.has(node.op)) {
				let all = true;
				let any = false;
				forEachNeighbour(this.graph, at, 'up', false, (source) => {
					// A branch's Switch hands on its data; the predicate does not make it a value of the model.
					if (any && switches.has(node.op)) return;
					any = true;
					if (weight[source] === 0) all = false;
				});
				if (all && any) weight[at] = 1;
			}
		}
		return weight;
	}

	/** The op types of the graph that a pattern fits: asked once an op, not once a node. */
	ops(pattern: RegExp): Set<string> {
		return new Set([...this.graph.byOp.keys()].filter((op) => pattern.test(op)));
	}

	op(position: number): string {
		return this.graph.nodes[position]!.op;
	}

	owner(position: number): Block | undefined {
		return this.#owner[position];
	}

	/** Data inputs that carry the model's values, not its weights. */
	inputs(position: number): number[] {
		return this.#sources(position, 0);
	}

	/** Weights among the data inputs. */
	weights(position: number): number[] {
		return this.#sources(position, 1);
	}

	/** The integers of the first constant among the inputs, as the axes of a reduction are. */
	constantInput(position: number): number[] | undefined {
		const tensors = this.weights(position).map((at) => this.graph.nodes[at]!.tensor);
		const tensor = tensors.find((found) => found?.decodable && found.dtype !== DT_STRING);
		return tensor && integers(tensor);
	}

	/** What decides between branches is neither a value of the model nor a weight of it. */
	#sources(position: number, weight: 0 | 1): number[] {
		const found: number[] = [];
		const { inputStart, inputSource } = this.graph.topology;
		const node = this.graph.nodes[position]!;
		const start = inputStart[position]!;
		const predicate = PREDICATE.get(node.op);
		for (let e = start; e < inputStart[position + 1]!; e++) {
			const source = inputSource[e]!;
			if (source < 0 || this.weight[source] !== weight || e - start === predicate) continue;
			if (!isControl(node.inputs[e - start]!)) found.push(source);
		}
		return found;
	}

	/** Different nodes that read its data; those that only ask for its shape are left out. */
	readers(position: number): number[] {
		const found = new Set<number>();
		forEachNeighbour(this.graph, position, 'down', false, (reader) => {
			if (!ASKS_SHAPE.has(this.op(reader))) found.add(reader);
		});
		return [...found];
	}

	/** Makes a block of nodes; the ones that no other block has become its own. */
	claim(block: Block): Block {
		for (const at of block.nodes) this.#owner[at] ??= block;
		return block;
	}

	/** Puts blocks into a larger one. */
	enclose(block: Block): Block {
		for (const at of block.nodes) this.#owner[at] = block;
		return block;
	}

	/** The scope that a block's first node lies in, or the node's own name at the top. */
	scopeOf(position: number): string {
		const { name } = this.graph.nodes[position]!;
		const slash = name.lastIndexOf('/');
		return slash < 0 ? name : name.slice(0, slash);
	}
}
