/**
 *   before   y = PartitionedCall(x, w) {f: layer}, z = Relu(y)        layer(a, b) → m:  m = MatMul(a, b)
 *   after    y/m = MatMul(x, w), z = Relu(y/m:0)
 */
import { WhittleError } from '../graph/error.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import type { Graph } from '../graph/graph.ts';
import { canonicalInput } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';

export default defineTransform({
	name: 'inline_partitionedcall',
	summary: 'put the bodies of functions in the place of the calls',
	details:
		'PartitionedCall alone, one level a run: calls inside the bodies stay for the next run. Outputs of an inner node ' +
		'that come under several names all become output 0 and on, and control inputs of bodies make the graph ' +
		'invalid, as in the C++ tool; freeze inlines without these faults.',
	origin: 'tensorflow',
	loss: 'exact',
	picture:
		'before   y = PartitionedCall(x, w) {f: layer}, z = Relu(y)\nafter    y/m = MatMul(x, w), z = Relu(y/m:0)',
	params: {},
	examples: ['inline_partitionedcall'],
	seeAlso: ['freeze'],
	idempotent: false,

	apply({ graph, report }) {
		for (const node of graph.byOp.get('StatefulPartitionedCall') ?? [])
			report.skip(node.name, 'it is a StatefulPartitionedCall, not a PartitionedCall', 'freeze');
		if (!graph.byOp.has('PartitionedCall')) {
			report.note('there is no PartitionedCall in the graph');
			return keepNodes(graph, graph.nodes);
		}
		/** `call:port` → what its readers read. */
		const outputs = new Map<string, string>();
		const nodes: Node[] = [];
		for (const node of graph.nodes) {
			if (node.op !== 'PartitionedCall') nodes.push(node);
			else for (const inlined of inlineCall(graph, node, outputs)) nodes.push(inlined);
		}
		return keepNodes(
			graph,
			nodes.map((node) => {
				if (!node.inputs.some((input) => outputs.has(canonicalInput(input)))) return node;
				return node.with({
					inputs: node.inputs.map((input) => outputs.get(canonicalInput(input)) ?? input),
				});
			}),
		);
	},
});

function inlineCall(graph: Graph, call: Node, outputs: Map<string, string>): Node[] {
	const body = calledFunction(graph, call);
	const { signature, ret } = body.definition;
	const prefix = `${call.name}/`;
	signature!.output_arg.forEach(({ name }, k) => {
		const value = ret[name];
		if (value === undefined) {
			throw new WhittleError('transform', `The function ${body.name} does not return its output \`${name}\``);
		}
		outputs.set(`${call.name}:${k}`, prefix + outsideName(value));
	});
	const parameters = signature!.input_arg;
	if (parameters.length !== call.inputs.length) {
		throw new WhittleError(
			'transform',
			'Called function  FN has invalid input signature.'.replace('FN', () => body.name),
			{
				hint: `\`${call.name}\` has ${call.inputs.length} inputs, control inputs counted; ${body.name} takes ${parameters.length}.`,
			},
		);
	}
	const given = new Map(parameters.map(({ name }, k) => [`${name}:0`, call.inputs[k]!]));
	return body.nodes.map((node) =>
		node.with({
			name: prefix + node.name,
			inputs: node.inputs.map((input) => given.get(canonicalInput(input)) ?? prefix + outsideName(input)),
		}),
	);
}

function calledFunction(graph: Graph, call: Node): GraphFunction {
	const f = call.attr('f');
	if (!f) throw new WhittleError('transform', `Node ${call.name} has no attribute: f`);
	const name = f.functionName;
	if (name === undefined) throw new WhittleError('transform', 'Cannot figure out function name');
	const body = graph.functions.get(name);
	if (!body) throw new WhittleError('transform', `function ${name} Not found`);
	return body;
}

/** `node:output:index`, as bodies have it, without the name of the output; other inputs as they are. */
function outsideName(input: string): string {
	const pieces = input.split(':');
	return pieces.length >= 3 ? `${pieces[0]}:${pieces.at(-1)}` : input;
}
