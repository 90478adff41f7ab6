/**
 * The whole graph against TensorFlow's op registry: what would stop it from being imported or run, with the node
 * that it is about and what would mend it.
 */
import type { Graph } from '../graph/graph.ts';
import { finish, isTurn, type Work } from '../graph/progress.ts';
import { FieldReader } from '../graph/wire.ts';
import { signatureOf } from '../ops/signature.ts';
import { checkNode } from './check-node.ts';
import { findCycle } from './cycle.ts';
import type { Finding } from './finding.ts';

/** All findings in the order of the file; those of functions, duplicate names and cycles last. Linear in the graph. */
export function checkGraph(graph: Graph): Finding[] {
	return finish(checkingGraph(graph));
}

/** {@link checkGraph} in turns. */
export function* checkingGraph(graph: Graph): Work<Finding[]> {
	const findings: Finding[] = [];
	const producer = producerOf(graph);
	for (let i = 0; i < graph.nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: graph.nodes.length };
		for (const finding of checkNode(graph, i, producer)) findings.push(finding);
	}
	for (const finding of unknownInFunctions(graph)) findings.push(finding);
	for (const finding of duplicateNames(graph)) findings.push(finding);
	const cycle = findCycle(graph);
	if (cycle) {
		const node = graph.nodes[cycle[0]!]!;
		const names = cycle.map((at) => graph.nodes[at]!.name);
		const shown = names.length > 6 ? [...names.slice(0, 6), '…'] : names;
		findings.push({
			node: node.name,
			op: node.op,
			kind: 'cycle',
			severity: 'error',
			message: `${names.length} nodes wait for each other outside a loop: ${shown.join(' → ')} → ${names[0]}.`,
			mend: 'Cut one of these edges; TensorFlow allows a cycle only through a NextIteration.',
		});
	}
	return findings;
}

/** Bodies are looked at for ops that nobody knows; their nodes are named `function/node`. */
function* unknownInFunctions(graph: Graph): Generator<Finding> {
	for (const { name, nodes } of graph.functions.functions) {
		for (const node of nodes) {
			if (signatureOf(node.op, graph.functions)) continue;
			yield {
				node: `${name}/${node.name}`,
				op: node.op,
				kind: 'unknown op',
				severity: 'warning',
				message: `TensorFlow 2.21 does not know the op \`${node.op}\`, in the function ${name}.`,
				mend: `Whoever runs the graph must register ${node.op}.`,
			};
		}
	}
}

function* duplicateNames(graph: Graph): Generator<Finding> {
	if (graph.position.size === graph.nodes.length) return;
	const seen = new Set<string>();
	for (const node of graph.nodes) {
		if (!seen.has(node.name)) {
			seen.add(node.name);
			continue;
		}
		yield {
			node: node.name,
			op: node.op,
			kind: 'duplicate name',
			severity: 'error',
			message: `Another node is called \`${node.name}\` too.`,
			mend: 'Rename or remove one of them: readers see the last.',
		};
	}
}

/** The producer version of the graph; 0 without one. */
export function producerOf(graph: Graph): number {
	const { versions } = graph.parts;
	if (!versions) return 0;
	const reader = new FieldReader(versions);
	let producer = 0;
	while (reader.next()) if (reader.field === 1) producer = Number(reader.int64);
	return producer;
}
