/** Recurrent cells and loops. */
import type { Block, BlockKind, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';
import { rolesOf } from './roles.ts';

const fusedCells: readonly (readonly [RegExp, BlockKind])[] = [
	[/^(?:LSTMBlockCell|BlockLSTM|BlockLSTMV2|CudnnRNN.*)$/, 'LSTM cell'],
	[/^(?:GRUBlockCell|GRUBlockCellV2)$/, 'GRU cell'],
];
const gateOps =
	/^(?:Sigmoid|Tanh|Mul|Add|AddV2|Sub|BiasAdd|MatMul|ConcatV2|Relu|HardSigmoid|Minimum|Maximum|Identity|ClipByValue)$/;

/** Cells as one op, and cells of which the gates' Split tells. */
export function findCells(map: BlockMap): Block[] {
	const found: Block[] = [];
	const splits = map.ops(/^Split(?:V)?$/);
	const cells = map.ops(new RegExp(fusedCells.map(([pattern]) => pattern.source).join('|')));
	for (const at of map.order) {
		const op = map.op(at);
		if ((!splits.has(op) && !cells.has(op)) || map.owner(at)) continue;
		const fused = fusedCells.find(([pattern]) => pattern.test(op));
		const cell = fused ? single(map, at, fused[1]) : cellOf(map, at);
		if (cell) found.push(map.claim(cell));
	}
	return found;
}

function single(map: BlockMap, at: number, kind: BlockKind): Block {
	return {
		kind,
		name: map.graph.nodes[at]!.name,
		description: map.op(at),
		nodes: [at],
		output: at,
		parts: [],
	};
}

/**
 * An LSTM splits one product into four gates, three of them sigmoids and two tanhs after; a GRU splits the
 * sigmoid of one product into two gates and has one tanh.
 */
function cellOf(map: BlockMap, split: number): Block | undefined {
	const parts = map.graph.nodes[split]!.attr('num_split')?.int ?? 0;
	if (parts === 3) return resetAfterCell(map, split);
	if (parts !== 4 && parts !== 2) return undefined;
	const above = productAbove(map, split);
	if (!above) return undefined;
	const nodes = gatesBelow(map, split, parts);
	const count = counter(map, nodes);
	const sigmoidAbove = above.some((at) => map.op(at) === 'Sigmoid');
	const lstm = parts === 4 && count('Sigmoid') >= 3 && count('Tanh') >= 1;
	const gru = parts === 2 && sigmoidAbove && count('Tanh') >= 1 && count('Mul') >= 3;
	if (!lstm && !gru) return undefined;
	const description = unitsOf(map, above, parts);
	return cell(map, lstm ? 'LSTM cell' : 'GRU cell', description, split, [...above, split, ...nodes]);
}

/** A GRU whose state is reset after its product: products of input and state of three parts each, in one scope. */
function resetAfterCell(map: BlockMap, split: number): Block | undefined {
	const scope = map.scopeOf(split);
	const nodes: number[] = [];
	const middle = map.rank[split]!;
	for (let rank = Math.max(0, middle - WINDOW); rank < Math.min(map.order.length, middle + WINDOW); rank++) {
		const at = map.order[rank]!;
		const open = map.weight[at] === 0 && !map.owner(at);
		if (open && map.graph.nodes[at]!.name.startsWith(`${scope}/`)) nodes.push(at);
	}
	const count = counter(map, nodes);
	const gates = count('Sigmoid') === 2 && count('Tanh') === 1 && count('Mul') === 3;
	if (!gates || count('MatMul') !== 2) return undefined;
	return cell(map, 'GRU cell', unitsOf(map, nodes, 3), split, nodes);
}

function counter(map: BlockMap, nodes: readonly number[]): (op: string) => number {
	return (op) => nodes.filter((at) => map.op(at) === op).length;
}

function cell(
	map: BlockMap,
	kind: BlockKind,
	description: string,
	split: number,
	nodes: readonly number[],
): Block {
	const all = [...nodes].sort((a, b) => map.rank[a]! - map.rank[b]!);
	return { kind, name: map.scopeOf(split), description, nodes: all, output: all.at(-1)!, parts: [] };
}

/** `256 → 128 units`: what goes into the product of all gates, and how many each gate has. */
function unitsOf(map: BlockMap, nodes: readonly number[], gates: number): string {
	const sizes = nodes
		.filter((at) => /MatMul/.test(map.op(at)))
		.map((at) => {
			const shape = map
				.weights(at)
				.map((weight) => shapesBesideCosts(map.graph)[weight]![0])
				.find((found) => found?.length === 2);
			return map.graph.nodes[at]!.attr('transpose_b')?.bool ? shape?.toReversed() : shape;
		});
	const units = (sizes[0]?.[1] ?? -1) / gates;
	const width = sizes.reduce((sum, shape) => sum + (shape?.[0] ?? Number.NaN), 0);
	return units > 0 && width > 0 ? `${width} → ${units} units` : 'a cell in pieces';
}

/** From the Split up to its product, and the Concat of input and state before it. */
function productAbove(map: BlockMap, split: number): number[] | undefined {
	const found: number[] = [];
	let at = split;
	for (let steps = 0; steps < 6; steps++) {
		const inputs = map.inputs(at).filter((input) => !map.owner(input));
		if (inputs.length === 0) return undefined;
		const product = inputs.find((input) => /MatMul/.test(map.op(input)));
		if (product !== undefined) {
			found.push(...inputs.filter((input) => /MatMul/.test(map.op(input))));
			for (const source of map.inputs(product))
				if (map.op(source).startsWith('Concat') && !map.owner(source)) found.push(source);
			return found;
		}
		const next = inputs.find((input) => /^(?:BiasAdd|Add|AddV2|Sigmoid|Identity)$/.test(map.op(input)));
		if (next === undefined) return undefined;
		found.push(next);
		at = next;
	}
	return undefined;
}

/** Nodes in the order of computation that are looked at for one cell. */
const WINDOW = 600;

/**
 * What is computed of the gates, up to where the next cell or layer begins. The old state was there before the
 * gates; whatever else comes later is the next cell's.
 */
function gatesBelow(map: BlockMap, split: number, parts: number): number[] {
	const inside = new Set([split]);
	const closed = new Set<number>();
	const first = map.rank[split]!;
	const end = Math.min(map.order.length, first + WINDOW);
	for (let rank = first + 1; rank < end && inside.size < 32; rank++) {
		const at = map.order[rank]!;
		if (map.owner(at) || !gateOps.test(map.op(at))) continue;
		// A GRU's candidate is a second product of the gated state; an LSTM has none.
		if (parts === 4 && /^(?:ConcatV2|MatMul)$/.test(map.op(at))) continue;
		const open = (input: number): boolean => inside.has(input) && !closed.has(input);
		const inputs = map.inputs(at);
		if (!inputs.some(open) || !inputs.every((input) => open(input) || isEarly(map, input, first, 3)))
			continue;
		inside.add(at);
		if (isNewState(map, at, inside)) closed.add(at);
	}
	inside.delete(split);
	return [...inside];
}

/** Whether a value was there before the gates, or is computed of such values alone, as for a peephole. */
function isEarly(map: BlockMap, at: number, first: number, depth: number): boolean {
	if (map.rank[at]! < first) return true;
	if (depth === 0 || !gateOps.test(map.op(at))) return false;
	const inputs = map.inputs(at);
	return inputs.length > 0 && inputs.every((input) => isEarly(map, input, first, depth - 1));
}

/** The sum of two products of gates: the new state, where the cell's own work ends. */
function isNewState(map: BlockMap, at: number, inside: ReadonlySet<number>): boolean {
	if (!/^(?:Add|AddV2)$/.test(map.op(at))) return false;
	const inputs = map.inputs(at);
	const products =
		inputs.length === 2 && inputs.every((input) => map.op(input) === 'Mul' && inside.has(input));
	return products && !map.readers(at).some((reader) => map.op(reader) === 'Tanh');
}

const loopOps = /^(?:LoopCond|While|StatelessWhile)$/;

/** TensorFlow 1's loops by their LoopCond, TensorFlow 2's as one op. */
export function findLoops(map: BlockMap): Block[] {
	const found: Block[] = [];
	const loops = map.ops(loopOps);
	const roles = rolesOf(map.graph);
	for (let at = 0; at < map.graph.nodes.length; at++) {
		if (!loops.has(map.op(at)) || roles[at] !== 'compute') continue;
		const { name } = map.graph.nodes[at]!;
		if (map.op(at) !== 'LoopCond') {
			found.push({ kind: 'while loop', name, description: map.op(at), nodes: [at], output: at, parts: [] });
			continue;
		}
		// Lowered from a While, the node lies in a scope of its own name.
		const scope = map.scopeOf(at).replace(/\/LoopCond$/, '');
		const nodes: number[] = [];
		for (let i = 0; i < map.graph.nodes.length; i++)
			if (map.graph.nodes[i]!.name.startsWith(`${scope}/`)) nodes.push(i);
		found.push({
			kind: 'while loop',
			name: scope,
			description: `${nodes.length} nodes in its frame`,
			nodes: nodes.length > 0 ? nodes : [at],
			output: at,
			parts: [],
		});
	}
	return found;
}
