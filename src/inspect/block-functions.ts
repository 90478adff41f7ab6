/** The layers that lie in functions: the body of every function that the graph calls, as a graph of its own. */

import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_FLOAT, DT_RESOURCE } from '../graph/dtype.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import { Graph } from '../graph/graph.ts';
import { isControl, parseTensorId } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { type Blocks, findBlocks } from './blocks.ts';
import { functionBody } from './function-body.ts';
import { shapesFor } from './output-shapes.ts';
import { callsSaver } from './saver-functions.ts';
import { isVariable } from './weights.ts';

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
	for (const around of open) {
		around.nodes.forEach((node, position) => {
			for (const { name, firstInput } of callsOf(around, node)) {
				const called = graph.functions.get(name);
				if (!called || seen.has(name) || callsSaver(graph, name)) continue;
				seen.add(name);
				const body = bodyOf(around, position, firstInput, called);
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

function bodyOf(graph: Graph, position: number, firstInput: number, called: GraphFunction): Graph {
	const body = functionBody(called, graph.functions);
	const inputs = graph.nodes[position]!.inputs.filter((input) => !isControl(input)).slice(firstInput);
	const given = called.definition.signature?.input_arg ?? [];
	const nodes = body.nodes.map((node, i) =>
		i < body.argumentCount ? argument(graph, node.name, given[i]!.type, inputs[i]) : node,
	);
	const { library, versions } = graph.parts;
	return new Graph(nodes, { library, versions });
}

/** A weight stays the weight that it is; other arguments are placeholders of the shape that comes in. */
function argument(graph: Graph, name: string, dtype: number, input: string | undefined): Node {
	const { name: source, port } = parseTensorId(input ?? '');
	const position = graph.position.get(source);
	const node = position === undefined ? undefined : graph.nodes[position]!;
	if (node && (isVariable(node) || node.op === 'Const')) return node.with({ name, inputs: [] });
	// A variable that a caller outside of the file hands in: nothing tells its shape.
	if (dtype === DT_RESOURCE) {
		const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape(null) };
		return Node.of({ name, op: 'VarHandleOp', attrs });
	}
	const shape =
		position === undefined ? null : (shapesFor(graph, [position]).shapes[position]![port] ?? null);
	const attrs = { dtype: Attr.type(baseDtype(dtype) || DT_FLOAT), shape: Attr.shape(shape) };
	return Node.of({ name, op: 'Placeholder', attrs });
}
