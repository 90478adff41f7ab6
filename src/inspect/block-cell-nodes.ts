/** The nodes of one recurrent cell: everything between the products of its weights and its new state. */
import type { BlockMap } from './block-map.ts';

export interface CellNodes {
	/** In the order of computation. */
	readonly nodes: number[];
	/** Products of weights with input and state. */
	readonly products: number[];
	/** Products with an old state that is constant, as the zeros before the first step: weights, not nodes of the cell. */
	readonly constantProducts: number[];
	readonly gates: number;
}

export const product = /^(?:MatMul|BatchMatMul(?:V2|V3)?|Conv[123]D|Einsum)$/;
const between =
	/^(?:Sigmoid|HardSigmoid|Tanh|Relu6?|Elu|Selu|Softsign|Softplus|Mul|Add|AddV2|AddN|Sub|BiasAdd|RealDiv|Neg|Minimum|Maximum|ClipByValue|Split|SplitV|StridedSlice|Slice|Unpack|Identity|Reshape|Squeeze|ExpandDims)$/;

/** A value between 0 and 1: a sigmoid, or a hard one written out. */
export function isGate(map: BlockMap, at: number): boolean {
	const op = map.op(at);
	if (/^(?:Sigmoid|HardSigmoid|ClipByValue|Minimum|Maximum)$/.test(op)) return true;
	const [only, ...more] = map.inputs(at);
	if (only === undefined || more.length > 0) return false;
	if (op === 'Split' || op === 'SplitV') return map.op(only) === 'Sigmoid';
	return (op === 'Mul' || op === 'RealDiv') && map.op(only) === 'Relu6';
}

/** A sigmoid that is split afterwards is as many gates as it has parts. */
function gatesOf(map: BlockMap, at: number): number {
	if (!/^(?:Sigmoid|HardSigmoid|ClipByValue|Relu6)$/.test(map.op(at))) return 0;
	const split = map.readers(at).find((reader) => /^Split(?:V)?$/.test(map.op(reader)));
	return split === undefined ? 1 : (map.graph.nodes[split]!.attr('num_split')?.int ?? 1);
}

export function isCellActivation(map: BlockMap, at: number): boolean {
	return /^(?:Tanh|Relu6?|Elu|Selu|Softsign)$/.test(map.op(at));
}

/** More nodes than the largest cell has: twelve convolutions with their biases and slices. */
const MOST_NODES = 120;

/**
 * @param ends nodes that are the cell's in any case.
 * @param starts gates and candidates, to go up from.
 * @param state the old state, which is another's.
 * @returns undefined when there is no product of weights above.
 */
export function nodesOfCell(
	map: BlockMap,
	ends: readonly number[],
	starts: readonly number[],
	state: ReadonlySet<number>,
): CellNodes | undefined {
	const seen = new Set<number>(ends);
	const products: number[] = [];
	const constantProducts = new Set<number>();
	const queue: number[] = [];
	const visit = (at: number): void => {
		if (seen.has(at) || state.has(at) || map.owner(at)) return;
		if (!between.test(map.op(at)) && !product.test(map.op(at))) return;
		seen.add(at);
		queue.push(at);
	};
	starts.forEach(visit);
	for (let head = 0; head < queue.length; head++) {
		if (seen.size > MOST_NODES) return undefined;
		const at = queue[head]!;
		if (product.test(map.op(at))) {
			if (map.weights(at).length === 0) return undefined;
			products.push(at);
			for (const source of resetAbove(map, at)) visit(source);
			continue;
		}
		for (const source of map.inputs(at)) visit(source);
	}
	for (const at of seen) {
		if (product.test(map.op(at))) continue;
		for (const weight of map.weights(at)) {
			const constant = constantProduct(map, weight);
			if (constant !== undefined) constantProducts.add(constant);
		}
	}
	if (products.length === 0) return undefined;
	const nodes = ofProducts(map, seen, products, ends);
	const gates = nodes.reduce((sum, at) => sum + gatesOf(map, at), 0);
	return { nodes, products, constantProducts: [...constantProducts], gates };
}

/** A product of constants, with its bias and split. */
function constantProduct(map: BlockMap, weight: number): number | undefined {
	let at: number | undefined = weight;
	for (let steps = 0; steps < 6 && at !== undefined; steps++) {
		if (product.test(map.op(at))) return at;
		if (!/^(?:BiasAdd|Add|AddV2|Split|SplitV|StridedSlice|Squeeze|Reshape|Identity)$/.test(map.op(at)))
			return undefined;
		const above = map.weights(at);
		at = above.find((source) => map.op(source) !== 'Const') ?? above[0];
	}
	return undefined;
}

/** The old state times its reset gate, where it goes into a product: alone, or joined with the input. */
function resetAbove(map: BlockMap, at: number): number[] {
	const found: number[] = [];
	for (const source of map.inputs(at)) {
		const joined = map.op(source).startsWith('Concat') ? map.inputs(source) : [source];
		for (const input of joined)
			if (map.op(input) === 'Mul' && map.inputs(input).some((factor) => isGate(map, factor)))
				found.push(input);
	}
	return found;
}

/** What is computed of the products, what joins their inputs, and factors of the state such as a peephole's. */
function ofProducts(
	map: BlockMap,
	seen: ReadonlySet<number>,
	products: readonly number[],
	ends: readonly number[],
): number[] {
	const kept = new Set<number>([...products, ...ends]);
	const byRank = (a: number, b: number): number => map.rank[a]! - map.rank[b]!;
	const ordered = [...seen].sort(byRank);
	for (const at of ordered) if (map.inputs(at).some((input) => kept.has(input))) kept.add(at);
	for (const at of ordered.toReversed())
		if (map.op(at) === 'Mul' && map.weights(at).length > 0 && map.readers(at).every((r) => kept.has(r)))
			kept.add(at);
	for (const at of products)
		for (const source of map.inputs(at))
			if (map.op(source).startsWith('Concat') && !map.owner(source)) kept.add(source);
	return [...kept].sort(byRank);
}
