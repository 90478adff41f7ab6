/** Types of a node's inputs and outputs as the C++ tool finds them: attributes that are left to defaults count as missing. */
import type { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { type ArgumentSpec, signatureOf } from '../ops/signature.ts';
import { unregisteredOp } from './unregistered-op.ts';

/** More arguments than any node has. */
const MOST_ARGUMENTS = 1 << 20;
const REFERENCE = 100;

export interface DeclaredTypes {
	readonly inputs: readonly number[];
	/** Reference types are above 100. */
	readonly outputs: readonly number[];
}

/** @throws WhittleError `transform` with the tool's message for an unknown op or a missing attribute. */
export function declaredTypes(graph: Graph, node: Node): DeclaredTypes {
	const signature = signatureOf(node.op, graph.functions);
	if (!signature) throw unregisteredOp(node.op);
	const inputs = signature.inputs.flatMap((argument) => typesOf(node, argument));
	const outputs = signature.outputs.flatMap((argument) => typesOf(node, argument));
	return { inputs, outputs };
}

function typesOf(node: Node, argument: ArgumentSpec): number[] {
	const reference = argument.isReference ? REFERENCE : 0;
	if (argument.numberAttr) {
		const count = required(node, argument.numberAttr).int ?? -1;
		if (count < 0 || count > MOST_ARGUMENTS)
			throw new WhittleError('transform', `Value for number_attr() ${count} < 0`);
		const type = argument.typeAttr ? (required(node, argument.typeAttr).type ?? 0) : argument.dtype;
		return new Array<number>(count).fill(type + reference);
	}
	if (argument.typeAttr) return [(required(node, argument.typeAttr).type ?? 0) + reference];
	if (argument.typeListAttr)
		return (required(node, argument.typeListAttr).types ?? []).map((type) => type + reference);
	return [argument.dtype + reference];
}

/** An attribute that must be there. @throws WhittleError `transform` with the tool's message where it is not. */
export function required(node: Node, name: string): Attr {
	const attr = node.attr(name);
	if (attr) return attr;
	throw new WhittleError('transform', `No attr named '${name}' in NodeDef:\n\t [[{{node ${node.name}}}]]`, {
		hint: 'add_default_attributes writes out what has a default.',
	});
}
