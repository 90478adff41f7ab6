/**
 * Recurrent cells: as one op, and written out. A cell that is written out is told by how its new state is made of the
 * old one:
 *
 *     LSTM  c' = f·c + i·g,      h = o·tanh(c')      f, i, o sigmoids
 *     GRU   h' = z·h + (1−z)·g                       z a sigmoid, g of r·h, r a sigmoid
 *     RNN   h' = tanh(x·W + h·U)
 *
 * However the gates come about (one product that is split, a product each, convolutions), what is computed of those
 * products is the cell's.
 */
import { type CellNodes, isCellActivation, isGate, nodesOfCell, product } from './block-cell-nodes.ts';
import type { Block, BlockKind, BlockMap } from './block-map.ts';
import { shapesBesideCosts } from './output-shapes.ts';

const fusedCells: readonly (readonly [RegExp, BlockKind])[] = [
	[/^(?:LSTMBlockCell|BlockLSTM|BlockLSTMV2|CudnnRNN.*)$/, 'LSTM cell'],
	[/^(?:GRUBlockCell|GRUBlockCellV2)$/, 'GRU cell'],
];

export function findCells(map: BlockMap): Block[] {
	const found: Block[] = [];
	const sums = map.ops(/^(?:Add|AddV2)$/);
	const fused = map.ops(new RegExp(fusedCells.map(([pattern]) => pattern.source).join('|')));
	if (sums.size + fused.size === 0) return found;
	for (const at of map.order) {
		const op = map.op(at);
		if ((!sums.has(op) && !fused.has(op)) || map.weight[at] === 1 || map.owner(at)) continue;
		const cell = fused.has(op) ? fusedCell(map, at) : (gatedCell(map, at) ?? simpleCell(map, at));
		if (cell) found.push(map.claim(cell));
	}
	return found;
}

function fusedCell(map: BlockMap, at: number): Block {
	const description = map.op(at);
	const kind = fusedCells.find(([pattern]) => pattern.test(description))![1];
	return { kind, name: map.graph.nodes[at]!.name, description, nodes: [at], output: at, parts: [] };
}

/** A cell whose new state is a sum of two products of gates. */
function gatedCell(map: BlockMap, sum: number): Block | undefined {
	const [first, second, ...more] = map.inputs(sum);
	if (first === undefined || second === undefined || more.length > 0) return undefined;
	if (map.op(first) !== 'Mul' || map.op(second) !== 'Mul' || map.owner(first) || map.owner(second))
		return undefined;
	return lstmAt(map, sum, first, second) ?? gruAt(map, sum, first, second);
}

function factors(map: BlockMap, at: number): number[] {
	return [...map.inputs(at), ...map.weights(at)];
}

function lstmAt(map: BlockMap, sum: number, first: number, second: number): Block | undefined {
	const fresh = [first, second].find((at) =>
		factors(map, at).some((factor) => isCellActivation(map, factor)),
	);
	if (fresh === undefined) return undefined;
	const kept = fresh === first ? second : first;
	const forget = factors(map, kept).find((factor) => isGate(map, factor));
	const tail = outputOf(map, sum);
	if (forget === undefined || !tail) return undefined;
	const starts = [forget, ...map.inputs(fresh), tail.gate];
	const cell = nodesOfCell(map, [sum, first, second, ...tail.nodes], starts, new Set());
	if (!cell || cell.gates < 3) return undefined;
	const projection = projectionOf(map, tail.nodes.at(-1)!, cell.products);
	const convolved = map.op(cell.products[0]!).startsWith('Conv');
	const block = cellBlock(map, convolved ? 'ConvLSTM cell' : 'LSTM cell', cell, 4, sum);
	if (!projection) return { ...block, output: tail.nodes.at(-1)! };
	const { at, width } = projection;
	return {
		...block,
		description: `${block.description}, projected to ${width}`,
		nodes: [...block.nodes, at],
		output: at,
	};
}

/** From the new state to the cell's output: an activation, perhaps of the clipped state, and the output gate. */
function outputOf(map: BlockMap, sum: number): { nodes: number[]; gate: number } | undefined {
	const nodes: number[] = [];
	let at = sum;
	for (let steps = 0; steps < 4; steps++) {
		const readers = map.readers(at).filter((reader) => !map.owner(reader));
		const activation = readers.find((reader) => isCellActivation(map, reader));
		if (activation === undefined) {
			const clip = readers.find((reader) =>
				/^(?:Minimum|Maximum|ClipByValue|Identity)$/.test(map.op(reader)),
			);
			if (clip === undefined) return undefined;
			nodes.push(clip);
			at = clip;
			continue;
		}
		for (const out of map.readers(activation)) {
			const gate = map.inputs(out).find((input) => input !== activation && isGate(map, input));
			if (map.op(out) === 'Mul' && gate !== undefined && !map.owner(out))
				return { nodes: [...nodes, activation, out], gate };
		}
		return undefined;
	}
	return undefined;
}

/** A product of the output alone, written in the cell's own scope. */
function projectionOf(
	map: BlockMap,
	output: number,
	products: readonly number[],
): { at: number; width: number } | undefined {
	const scope = map.scopeOf(products[0]!);
	const at = map
		.readers(output)
		.find((reader) => map.op(reader) === 'MatMul' && !map.owner(reader) && map.scopeOf(reader) === scope);
	const width = at === undefined ? undefined : filterOf(map, at)?.[1];
	return at === undefined || width === undefined ? undefined : { at, width };
}

function gruAt(map: BlockMap, sum: number, first: number, second: number): Block | undefined {
	for (const [kept, other] of [
		[first, second],
		[second, first],
	] as const) {
		const rest = factors(map, other).find((factor) => map.op(factor) === 'Sub');
		const update = rest === undefined ? undefined : map.inputs(rest)[0];
		if (rest === undefined || update === undefined || map.inputs(rest).length !== 1 || !isGate(map, update))
			continue;
		if (!factors(map, kept).includes(update)) continue;
		const values = [
			...factors(map, kept).filter((factor) => factor !== update),
			...factors(map, other).filter((factor) => factor !== rest),
		];
		for (const candidate of values) {
			if (!isCellActivation(map, candidate) || map.owner(candidate)) continue;
			const state = new Set(values.filter((value) => value !== candidate));
			const cell = nodesOfCell(map, [sum, first, second, rest], [update, candidate], state);
			if (cell?.gates === 2) return cellBlock(map, 'GRU cell', cell, 3, sum);
		}
	}
	return undefined;
}

/** tanh(x·W + h·U), where h is what such a cell, or the loop around it, had before. */
function simpleCell(map: BlockMap, sum: number): Block | undefined {
	const activation = map.readers(sum).find((reader) => isCellActivation(map, reader));
	if (activation === undefined) return undefined;
	const cell = nodesOfCell(map, [sum, activation], map.inputs(sum), new Set());
	if (!cell || cell.gates > 0 || cell.nodes.some((at) => map.owner(at))) return undefined;
	const all = [...cell.products, ...cell.constantProducts];
	if (all.length !== 2 || cell.nodes.length > 6) return undefined;
	if (!all.some((at) => isSquare(filterOf(map, at)) && isOldState(map, at))) return undefined;
	return { ...cellBlock(map, 'RNN cell', cell, 1, sum), output: activation };
}

function isSquare(filter: readonly number[] | undefined): boolean {
	return filter?.length === 2 && filter[0] === filter[1];
}

/** Whether a product is of zeros at the first step, of a cell's output after it, or of what a loop carries round. */
function isOldState(map: BlockMap, at: number): boolean {
	if (map.weight[at] === 1) return true;
	let [source] = map.inputs(at);
	for (let steps = 0; steps < 4 && source !== undefined; steps++) {
		if (map.owner(source)?.kind === 'RNN cell') return true;
		const op = map.op(source);
		if (op === 'Merge') return map.inputs(source).some((input) => map.op(input) === 'NextIteration');
		if (!/^(?:Identity|Switch|Reshape)$/.test(op)) return op === 'Fill' || op === 'ZerosLike';
		[source] = map.inputs(source);
	}
	return false;
}

function cellBlock(map: BlockMap, kind: BlockKind, cell: CellNodes, gates: number, sum: number): Block {
	const { nodes } = cell;
	return {
		kind,
		name: map.scopeOf(sum),
		description: sizesOf(map, cell, gates, sum),
		nodes,
		output: nodes.at(-1)!,
		parts: [],
	};
}

/** `256 → 128 units`: how wide input and state are together, and how many units each gate has. */
function sizesOf(map: BlockMap, cell: CellNodes, gates: number, sum: number): string {
	const products = [...cell.products, ...cell.constantProducts];
	let columns = 0;
	let area = 0;
	let window = '';
	for (const at of products) {
		const filter = filterOf(map, at);
		if (!filter) return 'a cell in pieces';
		columns += filter.at(-1)!;
		area += filter.at(-1)! * filter.at(-2)!;
		if (filter.length > 2) window = `${filter.slice(0, -2).join('×')}, `;
	}
	const joint = products.some((at) => map.inputs(at).some((input) => map.op(input).startsWith('Concat')));
	const known = shapesBesideCosts(map.graph)[sum]![0]?.at(-1) ?? -1;
	const units = known > 0 ? known : columns / gates / (joint || products.length === 1 ? 1 : 2);
	const width = area / gates / units;
	return Number.isInteger(units) && Number.isInteger(width)
		? `${window}${width} → ${units} units`
		: 'a cell in pieces';
}

/** The shape of the weights that a product has, the outputs last. */
function filterOf(map: BlockMap, at: number): readonly number[] | undefined {
	const { inputStart, inputSource } = map.graph.topology;
	const filter = inputSource[inputStart[at]! + 1] ?? -1;
	const shape = filter < 0 || !product.test(map.op(at)) ? undefined : weightShape(map, filter, at);
	if (!shape || shape.length < 2 || shape.some((size) => size < 0)) return undefined;
	return map.graph.nodes[at]!.attr('transpose_b')?.bool ? shape.toReversed() : shape;
}

/** Of a Split every output has the same shape, or each its own: the one that the product reads. */
function weightShape(map: BlockMap, weight: number, at: number): readonly number[] | null | undefined {
	const port = Number(/:(\d+)$/.exec(map.graph.nodes[at]!.inputs[1] ?? '')?.[1] ?? 0);
	return shapesBesideCosts(map.graph)[weight]![port];
}
