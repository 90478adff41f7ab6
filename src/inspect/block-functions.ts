/** The layers that lie in functions: the body of every function that the graph calls, as a graph of its own. */

import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { isLayerCall } from './block-heads.ts';
import { switchedBranch } from './block-switches.ts';
import { type Blocks, findBlocks } from './blocks.ts';
import { calledBody } from './called-body.ts';
import { shapesFor } from './output-shapes.ts';
import { callsSaver } from './saver-functions.ts';

/** One function and what its body is made of. */
export interface FunctionPage {
	readonly name: string;
	/** The body; its arguments stand for what the first call gives them. */
	readonly graph: Graph;
	readonly blocks: Blocks;
}

/** Functions with layers in them, each once, in the order in which they are first called. */
export function functionPages(graph: Graph): FunctionPage[] {
	const pages: FunctionPage[] = [];
	const seen = new Set<string>();
	const open = graph.parts.library ? [graph] : [];
	// Which calls are a layer each is known with the caller's layers.
	if (open.length > 0) findBlocks(graph);
	for (const around of open) {
		around.nodes.forEach((node, position) => {
			if (switchedBranch(around, position) || isLayerCall(around, position)) return;
			for (const { name, firstInput } of callsOf(around, node)) {
				const called = graph.functions.get(name);
				if (!called || seen.has(name) || callsSaver(graph, name)) continue;
				seen.add(name);
				const body = calledBody(around, position, called, {
					firstInput,
					shapeOf: (at) => shapesFor(around, [at]).shapes[at]!,
				});
				open.push(body);
				const blocks = findBlocks(body);
				if (blocks.blocks.some(({ kind }) => kind !== 'preprocessing'))
					pages.push({ name, graph: body, blocks });
			}
		});
	}
	return pages;
}

interface Call {
	readonly name: string;
	/** The input of the node that is the function's first argument. */
	readonly firstInput: number;
}

/** The functions that a node calls with its inputs: a call has one, a loop and a branch have two. */
function callsOf(graph: Graph, { op, attrs }: Node): Call[] {
	if (graph.functions.get(op)) return [{ name: op, firstInput: 0 }];
	const found: Call[] = [];
	for (const attribute of ['f', 'body', 'then_branch', 'else_branch']) {
		const name = op.includes('Dataset') ? undefined : attrs.get(attribute)?.functionName;
		if (name !== undefined) found.push({ name, firstInput: attribute.endsWith('_branch') ? 1 : 0 });
	}
	return found;
}
