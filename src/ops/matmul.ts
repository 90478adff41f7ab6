/** Matrix products: of two matrices, of batches of them, and by Einstein's summation. */
import type { Flops, OpContext, OpDeclaration, Shape, ShapeFunction } from './define.ts';
import { ELLIPSIS, parseEinsum } from './einsum-equation.ts';
import { einsum } from './kernels/einsum.ts';
import { batchMatMul, matMul } from './kernels/matmul.ts';
import {
	broadcastShapes,
	elementsOf,
	mergeShapes,
	mergeSizes,
	withRank,
	withRankAtLeast,
} from './shape-algebra.ts';

function flagged(context: Pick<OpContext, 'attr'>, name: string): boolean {
	return context.attr(name)?.bool ?? false;
}

const matMulShape: ShapeFunction = (context) => {
	const a = withRank(context.inputs[0], 2);
	const b = withRank(context.inputs[1], 2);
	const left = flagged(context, 'transpose_a');
	const right = flagged(context, 'transpose_b');
	mergeSizes(a[left ? 0 : 1]!, b[right ? 1 : 0]!);
	return [[a[left ? 1 : 0]!, b[right ? 0 : 1]!]];
};

function batchShape(join: (a: Shape, b: Shape) => Shape): ShapeFunction {
	return (context) => {
		const a = withRankAtLeast(context.inputs[0], 2);
		const b = withRankAtLeast(context.inputs[1], 2);
		const left = flagged(context, 'adj_x');
		const right = flagged(context, 'adj_y');
		const rows = a ? a.at(left ? -1 : -2)! : -1;
		const columns = b ? b.at(right ? -2 : -1)! : -1;
		if (a && b) mergeSizes(a.at(left ? -2 : -1)!, b.at(right ? -1 : -2)!);
		const batch = join(a ? a.slice(0, -2) : null, b ? b.slice(0, -2) : null);
		return [batch ? [...batch, rows, columns] : null];
	};
}

const einsumShape: ShapeFunction = ({ inputs, attr }) => {
	const { operands, result } = parseEinsum(attr('equation')?.string ?? '');
	if (inputs.some((shape, i) => !shape && operands[i]?.includes(ELLIPSIS))) return [null];
	const sizes = new Map<string, number>();
	let batch: Shape = [];
	for (const [i, labels] of operands.entries()) {
		const shape = inputs[i];
		if (!shape) continue;
		const wide = shape.length - labels.filter((label) => label !== ELLIPSIS).length;
		let axis = 0;
		for (const label of labels) {
			if (label === ELLIPSIS) {
				batch = broadcastShapes(batch, shape.slice(axis, axis + wide));
				axis += wide;
			} else sizes.set(label, mergeSizes(sizes.get(label) ?? -1, shape[axis++] ?? -1));
		}
	}
	if (batch === null) return [null];
	return [result.flatMap((label) => (label === ELLIPSIS ? batch : (sizes.get(label) ?? -1)))];
};

/** Two for each multiply-add: result elements × the length of the axis that is summed over. */
const matMulFlops: Flops = ({ node, inputs, outputs }) => {
	const elements = elementsOf(outputs[0] ?? null);
	const transposed = node.attr('transpose_a')?.bool || node.attr('adj_x')?.bool;
	const depth = inputs[0]?.at(transposed ? -2 : -1) ?? -1;
	return elements < 0 || depth < 0 ? undefined : 2 * elements * depth;
};

const einsumFlops: Flops = ({ node, inputs, outputs }) => {
	const elements = elementsOf(outputs[0] ?? null);
	if (elements < 0) return undefined;
	const { operands, result } = parseEinsum(node.attr('equation')?.string ?? '');
	const summed = new Map<string, number>();
	for (const [i, labels] of operands.entries()) {
		const shape = inputs[i];
		if (!shape) return undefined;
		const ellipsis = labels.indexOf(ELLIPSIS);
		for (const [at, label] of labels.entries()) {
			if (label === ELLIPSIS || result.includes(label)) continue;
			summed.set(label, shape.at(ellipsis >= 0 && at > ellipsis ? at - labels.length : at) ?? -1);
		}
	}
	const depth = [...summed.values()].reduce((product, size) => product * size, 1);
	return depth < 0 ? undefined : (operands.length > 1 ? 2 : 1) * elements * depth;
};

const flopsRule = '2 × output elements × length of the summed axis';
const product = { flops: matMulFlops, flopsRule, flushesDenormals: true } as const;

export const matmulOps: readonly OpDeclaration[] = [
	{
		names: ['MatMul'],
		dtypes: 'float, half, bfloat16, double, int32, int64',
		shape: matMulShape,
		kernel: matMul,
		...product,
	},
	{
		names: ['BatchMatMul'],
		dtypes: 'float, half, bfloat16, double, int32, int64',
		shape: batchShape(mergeShapes),
		kernel: batchMatMul,
		...product,
	},
	{
		names: ['BatchMatMulV2', 'BatchMatMulV3'],
		shape: batchShape(broadcastShapes),
		kernel: batchMatMul,
		...product,
	},
	{
		names: ['Einsum'],
		dtypes: 'float, half, bfloat16, double, int32, int64 (sums over one operand: float, double, int32)',
		shape: einsumShape,
		kernel: einsum,
		flops: einsumFlops,
		flopsRule: '2 × output elements × sizes of the summed labels',
		flushesDenormals: true,
	},
];

export { matMulFlops, matMulShape };
