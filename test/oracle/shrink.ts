/** Makes a failing case small: the fewest transforms, nodes, inputs and attributes that still fail alike. */
import { Graph } from '../../src/graph/graph.ts';
import type { Node } from '../../src/graph/node.ts';
import type { Invocation } from '../goldens/run-transforms.ts';

export interface Case {
	readonly graph: Graph;
	readonly invocation: Invocation;
}

/**
 * @param fails whether a case still fails as the first did.
 * @param most how often it may be asked.
 */
export async function shrink(
	start: Case,
	fails: (tried: Case) => Promise<boolean>,
	most: number,
): Promise<Case> {
	let best = start;
	let left = most;
	for (let progress = true; progress && left > 0; ) {
		progress = false;
		for (const smaller of smallerCases(best)) {
			if (left-- <= 0) break;
			if (!(await fails(smaller))) continue;
			best = smaller;
			progress = true;
			break;
		}
	}
	return best;
}

/** The largest steps first. */
function* smallerCases({ graph, invocation }: Case): Generator<Case> {
	for (const transforms of fewerTransforms(invocation.transforms))
		yield { graph, invocation: { ...invocation, transforms } };
	const { nodes } = graph;
	for (let size = nodes.length >> 1; size >= 1; size >>= 1) {
		for (let at = 0; at < nodes.length; at += size)
			yield { graph: without(graph, new Set(nodes.slice(at, at + size))), invocation };
	}
	for (const field of ['inputs', 'outputs'] as const) {
		const names = invocation[field].split(',');
		for (let i = 0; i < names.length && invocation[field] !== ''; i++)
			yield { graph, invocation: { ...invocation, [field]: names.toSpliced(i, 1).join(',') } };
	}
	for (const [i, node] of nodes.entries()) {
		for (const changed of simplerNodes(node)) yield { graph: graph.with(nodes.with(i, changed)), invocation };
	}
}

/** Without the nodes, and without the inputs that read them. */
function without(graph: Graph, gone: ReadonlySet<Node>): Graph {
	const names = new Set([...gone].map((node) => node.name));
	const nodes = graph.nodes.filter((node) => !gone.has(node));
	return new Graph(
		nodes.map((node) => {
			if (!node.sources.some((source) => names.has(source))) return node;
			return node.with({ inputs: node.inputs.filter((_, i) => !names.has(node.sources[i]!)) });
		}),
		graph.parts,
	);
}

function* simplerNodes(node: Node): Generator<Node> {
	if (node.device) yield node.with({ device: '' });
	for (let i = 0; i < node.inputs.length; i++) yield node.with({ inputs: node.inputs.toSpliced(i, 1) });
	for (const name of node.attrs.keys()) if (name !== 'value') yield node.withoutAttr(name);
}

function* fewerTransforms(text: string): Generator<string> {
	const calls = text.match(/\w+(\((?:[^")]|"[^"]*")*\))?/g) ?? [];
	if (calls.length < 2) return;
	for (let i = 0; i < calls.length; i++) yield calls.toSpliced(i, 1).join(' ');
}
