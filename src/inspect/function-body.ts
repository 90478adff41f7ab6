/** A function's body as a graph: its arguments become `_Arg` nodes, its inputs plain `node:port` strings. */
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { Node } from '../graph/node.ts';
import { type ArgumentSpec, attrOrDefault, signatureOf } from '../ops/signature.ts';

export interface FunctionBody {
	/** The arguments in order, then the function's own nodes. */
	readonly nodes: readonly Node[];
	readonly argumentCount: number;
	/** `node:port` of each output, in order. */
	readonly outputs: readonly string[];
}

const bodies = new WeakMap<GraphFunction, FunctionBody>();

export function functionBody(definition: GraphFunction, functions: FunctionLibrary): FunctionBody {
	let body = bodies.get(definition);
	if (!body) {
		body = build(definition, functions);
		bodies.set(definition, body);
	}
	return body;
}

function build(definition: GraphFunction, functions: FunctionLibrary): FunctionBody {
	const message = definition.definition;
	const args = message.signature?.input_arg ?? [];
	const byName = new Map(definition.nodes.map((node) => [node.name, node]));
	const flat = (input: string): string => {
		if (input.startsWith('^')) return input;
		const [name = '', output, index = '0'] = input.split(':');
		const node = byName.get(name);
		if (!node || output === undefined) return name;
		return `${name}:${firstPort(node, output, functions) + Number(index)}`;
	};
	const nodes = args.map((argument) => Node.of({ name: argument.name, op: '_Arg' }));
	for (const node of definition.nodes) nodes.push(node.with({ inputs: node.inputs.map(flat) }));
	const outputs = (message.signature?.output_arg ?? []).map((output) => flat(message.ret[output.name] ?? ''));
	return { nodes, argumentCount: args.length, outputs };
}

/** The port at which a named output of a node begins. */
function firstPort(node: Node, output: string, functions: FunctionLibrary): number {
	const signature = signatureOf(node.op, functions);
	let port = 0;
	for (const argument of signature?.outputs ?? []) {
		if (argument.name === output) return port;
		port += width(node, argument);
	}
	return 0;

	function width(of: Node, argument: ArgumentSpec): number {
		if (argument.typeListAttr)
			return attrOrDefault(of, signature!, argument.typeListAttr)?.types?.length ?? 0;
		if (argument.numberAttr) return attrOrDefault(of, signature!, argument.numberAttr)?.int ?? 0;
		return 1;
	}
}
