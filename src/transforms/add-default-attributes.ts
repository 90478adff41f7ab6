/**
 *   before   y = LRN(x) {depth_radius: 7}
 *   after    y = LRN(x) {depth_radius: 7, T: float, alpha: 1, beta: 0.5, bias: 1}
 */
import type { Attr } from '../graph/attr.ts';
import type { Node } from '../graph/node.ts';
import { type OpSignature, signatureOf } from '../ops/signature.ts';
import { defineTransform } from './define.ts';
import { unregisteredOp } from './unregistered-op.ts';

export default defineTransform({
	name: 'add_default_attributes',
	summary: 'write out the attributes that nodes leave to their defaults',
	details:
		'Old graphs leave out attributes that younger releases of TensorFlow added; some transforms, ' +
		'quantize_nodes among them, want them written out. Attributes without a default are not invented.',
	origin: 'tensorflow',
	loss: 'exact',
	picture:
		'before   y = LRN(x) {depth_radius: 7}\n' +
		'after    y = LRN(x) {depth_radius: 7, T: float, alpha: 1, beta: 0.5, bias: 1}',
	params: {},
	examples: ['add_default_attributes'],
	seeAlso: ['quantize_nodes'],

	apply({ graph, report }) {
		const nodes = graph.nodes.map((node) => {
			const signature = signatureOf(node.op, graph.functions);
			if (!signature) throw unregisteredOp(node.op);
			return withDefaults(node, signature);
		});
		if (nodes.every((node, i) => node === graph.nodes[i])) {
			report.note('every node has all its attributes');
			return graph;
		}
		return graph.with(nodes);
	},
});

function withDefaults(node: Node, signature: OpSignature): Node {
	let attrs: Map<string, Attr> | undefined;
	for (const { name, fallback } of signature.attributes) {
		if (!fallback || node.attrs.has(name)) continue;
		attrs ??= new Map(node.attrs);
		attrs.set(name, fallback);
	}
	return attrs ? node.with({ attrs }) : node;
}
