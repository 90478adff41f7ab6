/** The body of a function as the graph that one call of it runs. */
import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_FLOAT, DT_RESOURCE } from '../graph/dtype.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import { Graph } from '../graph/graph.ts';
import { isControl, parseTensorId } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import type { Shape } from '../ops/define.ts';
import { functionBody } from './function-body.ts';
import { isVariable } from './weights.ts';

export interface CallOptions {
	/** The input of the calling node that is the function's first argument. Default 0. */
	readonly firstInput?: number;
	/** The output shapes of a node of the calling graph. */
	shapeOf(position: number): readonly Shape[];
}

/** A weight that is handed in stays that weight; other arguments are placeholders of the shape that comes in. */
export function calledBody(
	graph: Graph,
	position: number,
	called: GraphFunction,
	{ firstInput = 0, shapeOf }: CallOptions,
): Graph {
	const body = functionBody(called, graph.functions);
	const inputs = graph.nodes[position]!.inputs.filter((input) => !isControl(input)).slice(firstInput);
	const given = called.definition.signature?.input_arg ?? [];
	const nodes = body.nodes.map((node, i) =>
		i < body.argumentCount ? argument(node.name, given[i]!.type, inputs[i]) : node,
	);
	const { library, versions } = graph.parts;
	return new Graph(nodes, { library, versions });

	function argument(name: string, dtype: number, input: string | undefined): Node {
		const { name: source, port } = parseTensorId(input ?? '');
		const at = graph.position.get(source);
		const node = at === undefined ? undefined : graph.nodes[at]!;
		if (node && (isVariable(node) || node.op === 'Const')) return node.with({ name, inputs: [] });
		// A variable that a caller outside of the file hands in: nothing tells its shape.
		if (dtype === DT_RESOURCE) {
			const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape(null) };
			return Node.of({ name, op: 'VarHandleOp', attrs });
		}
		const shape = at === undefined ? null : (shapeOf(at)[port] ?? null);
		const attrs = { dtype: Attr.type(baseDtype(dtype) || DT_FLOAT), shape: Attr.shape(shape) };
		return Node.of({ name, op: 'Placeholder', attrs });
	}
}
