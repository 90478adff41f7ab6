/** One node against its op's signature. */
import type { Graph } from '../graph/graph.ts';
import { nearest } from '../graph/suggest.ts';
import { registeredOps } from '../ops/registry.ts';
import { signatureOf } from '../ops/signature.ts';
import { checkAttributes, checkCalls } from './check-attributes.ts';
import { checkEdges, checkInputs } from './check-inputs.ts';
import type { AddFinding, Finding } from './finding.ts';

/** @param producer of the graph, for ops that newer graphs may not use. */
export function checkNode(graph: Graph, position: number, producer: number): Finding[] {
	const node = graph.nodes[position]!;
	const findings: Finding[] = [];
	const add: AddFinding = (kind, message, mend, severity = 'error') =>
		findings.push({ node: node.name, op: node.op, kind, severity, message, mend });
	checkEdges(graph, position, add);
	const signature = signatureOf(node.op, graph.functions);
	if (!signature) {
		const near = nearest(node.op, registeredOps(), 1)[0];
		const mend = near ? `rename_op(old_op_name="${node.op}", new_op_name=${near})` : `find op:${node.op}`;
		add('unknown op', `TensorFlow 2.21 does not know the op \`${node.op}\`.`, mend, 'warning');
		return findings;
	}
	checkAttributes(node, signature, add);
	checkCalls(graph, node, signature, add);
	checkInputs(graph, position, add);
	if (signature.deprecated && producer >= signature.deprecated.version) {
		const { version, explanation } = signature.deprecated;
		add(
			'deprecated op',
			`${node.op} is refused from producer ${version} on; this graph has ${producer}.`,
			explanation,
		);
	}
	if (node.op === 'Const') {
		const problem = node.tensor?.problem;
		if (problem)
			add(
				'undecodable tensor',
				`Its value cannot be decoded: ${problem}.`,
				'Put the value back, or cut the node out.',
				'warning',
			);
	}
	return findings;
}
