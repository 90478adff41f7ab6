/**
 *   before   c = Conv2D(x, w)                                   after   c = Conv2D(x, w')
 *            [a = BiasAdd(c, b)]                                        y = BiasAdd(c, b')
 *            y = FusedBatchNormV3(a, gamma, beta, mean, variance)
 *
 *   s = gamma / √(variance + ε)      w' = w · s, channel by channel      b' = (b − mean) · s + beta
 */
import { Attr } from '../graph/attr.ts';
import { DT_FLOAT } from '../graph/dtype.ts';
import { GraphEdit } from '../graph/edit.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { constantBehind, dataReaders, dropUnread } from './constants.ts';
import { defineTransform } from './define.ts';
import { describeBatchNorm, type FoldableBatchNorm, NotFoldable } from './fused-batch-norm.ts';

const BATCH_NORMS = ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'];

export default defineTransform({
	name: 'fold_fused_batch_norms',
	summary: 'fold FusedBatchNorm of any version into the convolution or product before it',
	details:
		'FusedBatchNorm, V2 and V3 in inference mode, after Conv2D, DepthwiseConv2dNative, Conv2DBackpropInput or MatMul, with or ' +
		'without a BiasAdd between, in NHWC and NCHW. Constants are found behind Identity. Weights that somebody else reads ' +
		'too are copied, not changed. The BiasAdd takes the name of the batch norm; rounding differs in the last bits.',
	origin: 'whittle',
	loss: 'numeric',
	picture:
		'before   c = Conv2D(x, w)                          after   c = Conv2D(x, w·s)\n' +
		'         a = BiasAdd(c, b)                                 y = BiasAdd(c, (b − mean)·s + beta)\n' +
		'         y = FusedBatchNormV3(a, gamma, beta, mean, variance)      s = gamma / √(variance + ε)',
	params: {},
	examples: ['fold_fused_batch_norms'],
	seeAlso: ['fold_batch_norms', 'fold_old_batch_norms'],

	apply({ graph, outputs, report }) {
		const protectedNames = new Set(outputs.map(sourceOf));
		const heads = BATCH_NORMS.flatMap((op) => graph.byOp.get(op) ?? []);
		const edit = new GraphEdit(graph);
		const suspects = new Set<string>();
		let folded = 0;
		for (const head of heads) {
			try {
				foldOne(edit, describeBatchNorm(graph, head, protectedNames), suspects);
				folded++;
			} catch (reason) {
				if (!(reason instanceof NotFoldable)) throw reason;
				report.skip(head.name, reason.message, reason.hint);
			}
		}
		if (heads.length === 0) report.note('there is no FusedBatchNorm, V2 or V3 in the graph');
		else report.note(`folded ${folded} of ${heads.length} fused batch norms`);
		if (folded === 0) return graph;
		return graph.with(dropUnread(graph, edit.nodes(), suspects, protectedNames));
	},
});

function foldOne(edit: GraphEdit, found: FoldableBatchNorm, suspects: Set<string>): void {
	const { graph } = edit;
	const { head, product, bias, reshape } = found;
	const scaled = scaleWeights(found);
	const weightsAttrs = {
		dtype: Attr.type(DT_FLOAT),
		value: Attr.tensor({ dtype: DT_FLOAT, shape: found.weights.shape, data: scaled }),
	};
	const own = readByOne(graph, found.weightsPath);
	let folded = product;
	const before: Node[] = [];
	if (own)
		edit.replace(found.weightsPath.at(-1)!.name, found.weightsPath.at(-1)!.with({ attrs: weightsAttrs }));
	else {
		const name = freeName(graph, `${product.name}/folded_weights`);
		before.push(Node.of({ name, op: 'Const', attrs: weightsAttrs }));
		const inputs = product.inputs.map((input, i) => (i === found.weightsInput ? name : input));
		folded = product.with({ inputs });
		for (const node of found.weightsPath) suspects.add(node.name);
	}
	const offset = Node.of({
		name: freeName(graph, `${product.name}_bn_offset`),
		op: 'Const',
		attrs: {
			dtype: Attr.type(DT_FLOAT),
			value: Attr.tensor({ dtype: DT_FLOAT, shape: [found.scale.length], data: found.offset }),
		},
	});
	const format = reshape ? undefined : head.attr('data_format');
	const biasAdd = Node.of({
		name: reshape ? freeName(graph, `${product.name}_bn_bias`) : head.name,
		op: 'BiasAdd',
		inputs: [product.name, offset.name],
		device: head.device,
		attrs: format ? { T: Attr.type(DT_FLOAT), data_format: format } : { T: Attr.type(DT_FLOAT) },
	});
	edit.replace(product.name, ...before, folded);
	if (bias) edit.remove(bias.name);
	if (reshape) {
		edit.remove(reshape.name);
		const moved = reshape.with({ name: head.name, inputs: [biasAdd.name, ...reshape.inputs.slice(1)] });
		edit.replace(head.name, offset, biasAdd, moved);
	} else edit.replace(head.name, offset, biasAdd);
	for (const input of head.inputs.slice(1))
		for (const node of constantBehind(graph, input)?.path ?? []) suspects.add(node.name);
	for (const node of found.biasPath) suspects.add(node.name);
}

/** Weights times the scale of their output channel, computed in double and rounded once. */
function scaleWeights(found: FoldableBatchNorm): Float32Array {
	const source = found.weights.data as Float32Array;
	const scaled = new Float32Array(source.length);
	const { inner, scale } = found;
	for (let i = 0; i < source.length; i++)
		scaled[i] = source[i]! * scale[Math.floor(i / inner) % scale.length]!;
	return scaled;
}

/** Whether nobody but the product reads the constant; who only waits for it does not see its value. */
function readByOne(graph: Graph, path: readonly Node[]): boolean {
	return path.every((node) => dataReaders(graph, node.name).length === 1);
}

function freeName(graph: Graph, wanted: string): string {
	let name = wanted;
	for (let i = 1; graph.has(name); i++) name = `${wanted}_${i}`;
	return name;
}
