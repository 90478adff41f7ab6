/**
 *   before   a = TensorArrayV3(size), r = TensorArrayReadV3(a, i, a:1)
 *   after    a = TensorArrayV2(size), a/replacement_flow_node = Const() {value: 1}
 *            r = TensorArrayReadV2(a, i, a/replacement_flow_node)
 */

import { floatScalar } from './const-node.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { parsePattern } from './pattern.ts';
import { renameInputs } from './rename-inputs.ts';
import { replaceMatches } from './replace-matches.ts';

const ARRAYS = parsePattern('TensorArrayV3|TensorArrayGradV3');
const ACCESS = parsePattern(
	['Write', 'Read', 'Gather', 'Scatter', 'Concat', 'Split', 'Size', 'Close']
		.map((what) => `TensorArray${what}V3`)
		.join('|'),
);

export default defineTransform({
	name: 'backport_tensor_array_v3',
	summary: 'write TensorArray ops of version 3 as those of version 2, for old runtimes',
	details:
		'Version 2 has no flow output: its readers get a constant in its place. Attributes that version 2 does not have, ' +
		'such as identical_element_shapes, stay.',
	origin: 'tensorflow',
	loss: 'exact',
	picture:
		'before   a = TensorArrayV3(size), r = TensorArrayReadV3(a, i, a:1)\n' +
		'after    a = TensorArrayV2(size), r = TensorArrayReadV2(a, i, a/replacement_flow_node)',
	params: {},
	examples: ['backport_tensor_array_v3'],
	seeAlso: ['backport_concatv2'],

	*apply({ graph, report }) {
		const flows = new Map<string, string>();
		const loose = { allowInconsistencies: true };
		const arrays = yield* replaceMatches(
			graph,
			ARRAYS,
			({ head }) => {
				const flow = `${head.name}/replacement_flow_node`;
				flows.set(`${head.name}:1`, flow);
				return [head.with({ op: head.op.replace(/3$/, '2') }), floatScalar(flow, 1)];
			},
			loose,
		);
		const rewired = keepNodes(arrays.graph, yield* renameInputs(arrays.graph.nodes, flows));
		const access = yield* replaceMatches(
			rewired,
			ACCESS,
			({ head }) => [head.with({ op: head.op.replace(/3$/, '2') })],
			loose,
		);
		if (arrays.matches.length + access.matches.length === 0)
			report.note('there is no TensorArray op of version 3 in the graph');
		return access.graph;
	},
});
