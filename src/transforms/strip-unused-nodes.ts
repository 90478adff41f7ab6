/**
 *   before   unused, c, x = Conv2D(image, w), y = Relu(x), z = Add(y, c)      inputs x, outputs y
 *   after    x = Placeholder {dtype: float, shape: []}, y = Relu(x)
 */
import { Attr } from '../graph/attr.ts';
import { dtypeByName } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { compareBytes } from '../graph/text.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';
import { type ParameterValues, string, strings } from './parameters.ts';
import { parseShape } from './parse-shape.ts';

const params = {
	type: string('data type of new placeholders', {
		default: 'float',
		repeated: () => "You must pass no more than one default 'type' to strip_unused_nodes",
		subject: 'dtype',
	}),
	shape: string('shape of new placeholders; a scalar when not given', {
		repeated: () => "You must pass no more than one default 'shape' to strip_unused_nodes",
		subject: 'shape',
	}),
	name: strings('inputs that get a type and a shape of their own', { subject: 'node' }),
	type_for_name: strings('the type of each name', { subject: 'dtype' }),
	shape_for_name: strings('the shape of each name', { subject: 'shape' }),
};

export default defineTransform({
	name: 'strip_unused_nodes',
	summary: 'keep only what the outputs need, cut off at the inputs',
	details:
		'An input that is no Placeholder becomes one: float and scalar, or as the parameters say. ' +
		'Each name needs both a type_for_name and a shape_for_name, in the same order.',
	origin: 'tensorflow',
	loss: 'interface',
	picture:
		'before   unused, x = Conv2D(image, w), y = Relu(x)        inputs x, outputs y\n' +
		'after    x = Placeholder {dtype: float, shape: []}, y = Relu(x)',
	params,
	examples: [
		'strip_unused_nodes',
		'strip_unused_nodes(type=float, shape="1,224,224,3")',
		'strip_unused_nodes(name=image, type_for_name=uint8, shape_for_name="224,224,3")',
	],
	seeAlso: ['remove_training_nodes', 'extract'],

	apply({ graph, inputs, outputs, params, report }) {
		const ends = new Set(inputs.map(nodeNamed));
		const kept = neededNodes(graph, ends, outputs);
		const unique = graph.position.size === graph.nodes.length;
		const nodes: Node[] = [];
		for (let i = 0; i < graph.nodes.length; i++) {
			const node = graph.nodes[i]!;
			// Of several nodes with one name the last one is read, and all are kept.
			if (!kept[unique ? i : graph.position.get(node.name)!]) continue;
			const cut = node.op !== 'Placeholder' && ends.has(node.name);
			nodes.push(cut ? placeholder(node.name, params) : node);
		}
		if (outputs.length === 0) report.note('no outputs are chosen, so only the inputs are kept');
		else if (nodes.length === graph.nodes.length) report.note('the outputs need every node');
		return keepNodes(graph, nodes);
	},
});

function nodeNamed(given: string): string {
	if (given === '') throw new WhittleError('transform', 'The name of an input or output is empty.');
	return sourceOf(given);
}

/** One flag a node: whether it is an input, or an output reaches it without passing an input. */
function neededNodes(graph: Graph, ends: ReadonlySet<string>, outputs: readonly string[]): Uint8Array {
	const { nodes, position, topology } = graph;
	const needed = new Uint8Array(nodes.length);
	const isEnd = new Uint8Array(nodes.length);
	for (const name of ends) {
		const index = position.get(name);
		if (index !== undefined) isEnd[index] = needed[index] = 1;
	}
	// A node may also bear an output's text as its name, port and all.
	for (const text of outputs) if (position.has(text)) needed[position.get(text)!] = 1;
	let level = outputs.map(nodeNamed).filter((name) => !ends.has(name));
	const first = level.find((name) => !position.has(name));
	if (first !== undefined) throw notFound(first);
	let front = level.map((name) => position.get(name)!);
	for (const index of front) needed[index] = 1;
	while (front.length > 0) {
		const next: number[] = [];
		level = [];
		for (const index of front) {
			for (let e = topology.inputStart[index]!; e < topology.inputStart[index + 1]!; e++) {
				const source = topology.inputSource[e]!;
				if (source < 0) level.push(nodes[index]!.sources[e - topology.inputStart[index]!]!);
				else if (!needed[source]) {
					needed[source] = 1;
					if (!isEnd[source]) next.push(source);
				}
			}
		}
		const missing = level.filter((name) => !ends.has(name)).sort(compareBytes)[0];
		if (missing !== undefined) throw notFound(missing);
		front = next;
	}
	return needed;
}

function notFound(name: string): WhittleError {
	return new WhittleError('transform', `Input node ${name} not found in graph`);
}

function placeholder(name: string, values: ParameterValues<typeof params>): Node {
	const dtype = dtypeFor(name, values);
	const shape = shapeFor(name, values);
	return Node.of({
		name,
		op: 'Placeholder',
		attrs: { dtype: Attr.type(dtype), shape: Attr.shape(shape) },
	});
}

function dtypeFor(node: string, values: ParameterValues<typeof params>): number {
	let dtype = parseDtype(values.type);
	const { name, type_for_name: types } = values;
	if (name.length !== types.length) {
		throw new WhittleError(
			'transform',
			"You must pass a 'type_for_name' arg for every 'name', e.g. strip_unused_nodes(name=foo, type_for_name=float, name=bar, type_for_name=quint8",
		);
	}
	for (let i = 0; i < name.length; i++) if (name[i] === node) dtype = parseDtype(types[i]!);
	return dtype;
}

function parseDtype(text: string): number {
	const dtype = dtypeByName(text);
	if (dtype === undefined) throw new WhittleError('transform', `Couldn't understand type argument '${text}'`);
	return dtype;
}

function shapeFor(node: string, values: ParameterValues<typeof params>): readonly bigint[] {
	let shape: readonly bigint[] = values.shape === undefined ? [] : parseShape(values.shape);
	const { name, shape_for_name: shapes } = values;
	if (name.length !== shapes.length) {
		throw new WhittleError(
			'transform',
			'You must pass a \'shape_for_name\' arg for every \'name\', e.g. strip_unused_nodes(name=foo, shape_for_name="2,2,1", name=bar, shape_for_name="1"',
		);
	}
	for (let i = 0; i < name.length; i++) if (name[i] === node) shape = parseShape(shapes[i]!);
	return shape;
}
