/** A function of the library as a graph: its arguments are placeholders, its results tensors to fetch. */
import type { FunctionDef } from '../../proto/codec.ts';
import { Attr } from '../graph/attr.ts';
import { WhittleError } from '../graph/error.ts';
import type { FunctionLibrary, GraphFunction } from '../graph/function-library.ts';
import { Graph } from '../graph/graph.ts';
import { Node } from '../graph/node.ts';
import { argumentDtypes, type OpSignature, signatureOf } from '../ops/signature.ts';

export interface FunctionGraph {
	readonly graph: Graph;
	/** Tensors that the arguments are fed to, in order. */
	readonly inputs: readonly string[];
	/** Tensors that are the results, in order. */
	readonly outputs: readonly string[];
}

/**
 * @param attrs what the caller gives for the function's own attributes.
 * @throws WhittleError `evaluate` for arguments that are lists, or inputs that name nothing.
 */
export function functionGraph(
	body: GraphFunction,
	functions: FunctionLibrary,
	attrs: ReadonlyMap<string, Attr>,
	library: Uint8Array | undefined,
): FunctionGraph {
	const { definition } = body;
	const { input_arg: inputs = [], output_arg: outputs = [] } = definition.signature!;
	const arguments_ = inputs.map((argument) => {
		if (argument.number_attr || argument.type_list_attr)
			throw refused(body, `its argument \`${argument.name}\` is a list`);
		const dtype = argument.type || attrs.get(argument.type_attr)?.type || 0;
		return Node.of({ name: argument.name, op: 'Placeholder', attrs: { dtype: Attr.type(dtype) } });
	});
	const nodes = body.nodes.map((node) => withAttrs(node, attrs));
	const byName = new Map([...arguments_, ...nodes].map((node) => [node.name, node]));
	const ports = new PortTable(byName, functions, body);
	const wired = nodes.map((node) => node.with({ inputs: node.inputs.map((input) => ports.tensor(input)) }));
	return {
		graph: new Graph([...arguments_, ...wired], { library }),
		inputs: inputs.map((argument) => `${argument.name}:0`),
		outputs: outputs.map((result) => ports.tensor(returned(definition, result.name, body))),
	};
}

function returned(definition: FunctionDef, name: string, body: GraphFunction): string {
	const ret = definition.ret as unknown as Map<string, string> | Readonly<Record<string, string>>;
	const tensor = ret instanceof Map ? ret.get(name) : ret[name];
	if (tensor === undefined) throw refused(body, `it does not say what \`${name}\` is`);
	return tensor;
}

/** Attributes that stand for the function's own get the caller's values. */
function withAttrs(node: Node, attrs: ReadonlyMap<string, Attr>): Node {
	let changed: Map<string, Attr> | undefined;
	for (const [name, attr] of node.attrs) {
		if (attr.kind !== 'placeholder') continue;
		const value = attrs.get(attr.value.placeholder ?? '');
		if (!value) continue;
		changed ??= new Map(node.attrs);
		changed.set(name, value);
	}
	return changed ? node.with({ attrs: changed }) : node;
}

/** Function bodies name tensors `node:output:index`; graphs have `node:port`. */
class PortTable {
	readonly #nodes: ReadonlyMap<string, Node>;
	readonly #functions: FunctionLibrary;
	readonly #body: GraphFunction;

	constructor(nodes: ReadonlyMap<string, Node>, functions: FunctionLibrary, body: GraphFunction) {
		this.#nodes = nodes;
		this.#functions = functions;
		this.#body = body;
	}

	tensor(text: string): string {
		if (text.startsWith('^')) return text;
		const [name = '', output, index] = text.split(':');
		const node = this.#nodes.get(name);
		if (!node) throw refused(this.#body, `\`${text}\` names nothing in it`);
		if (output === undefined) return `${name}:0`;
		const signature = signatureOf(node.op, this.#functions);
		if (!signature) throw refused(this.#body, `the op ${node.op} of \`${name}\` is not known`);
		return `${name}:${offsetOf(node, signature, output, this.#body) + Number(index ?? 0)}`;
	}
}

/** How many outputs stand before the named one. */
function offsetOf(node: Node, signature: OpSignature, output: string, body: GraphFunction): number {
	const at = signature.outputs.findIndex((argument) => argument.name === output);
	const before = at < 0 ? undefined : argumentDtypes(node, signature, signature.outputs.slice(0, at));
	if (!before) throw refused(body, `\`${node.name}\` has no output \`${output}\``);
	return before.length;
}

function refused(body: GraphFunction, why: string): WhittleError {
	return new WhittleError('evaluate', `cannot run the function \`${body.name}\`: ${why}`);
}
