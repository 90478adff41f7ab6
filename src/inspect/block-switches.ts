/** Branches that are one op, of which one is for training: a batch norm or a dropout behind a training switch. */
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';

const branching: ReadonlySet<string> = new Set(['If', 'StatelessIf']);
/** Larger branches are parts of the model. */
const MOST_NODES = 40;
const layers = /^(?:Conv[123]D|DepthwiseConv2dNative|MatMul|BatchMatMul.*|Einsum|.*Pool.*)$/;

/** What an If switches between training and inference, told by the ops of its branches. */
export function switchedBranch(graph: Graph, position: number): 'batch norm' | 'dropout' | undefined {
	const { op, attrs } = graph.nodes[position]!;
	if (!branching.has(op)) return undefined;
	const branches = ['then_branch', 'else_branch'].map((attribute) =>
		graph.functions.get(attrs.get(attribute)?.functionName ?? ''),
	);
	const ops = new Set<string>();
	for (const branch of branches) for (const found of opsOf(branch)) ops.add(found);
	const has = (pattern: RegExp): boolean => [...ops].some((found) => pattern.test(found));
	if (ops.size === 0 || has(layers)) return undefined;
	if (has(/^FusedBatchNorm/)) return 'batch norm';
	return has(/RandomUniform/) ? 'dropout' : undefined;
}

/** Nothing of a body too large. */
function opsOf(called: GraphFunction | undefined): string[] {
	const nodes = called?.definition.node_def ?? [];
	return nodes.length > MOST_NODES ? ['MatMul'] : nodes.map((node) => node.op ?? '');
}
