/**
 *   before   a = Relu(x)    b = Conv2D(a, w)    c = Neg(b)    d = Exp(c)        extract(inputs=b, outputs=c)
 *   after    b = Placeholder() {dtype: float, shape: [?,24,24,10]}    c = Neg(b)
 */
import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_RESOURCE } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { didYouMean } from '../graph/suggest.ts';
import { inferShapes } from '../inspect/shapes.ts';
import { outputDtypes } from '../ops/signature.ts';
import { defineTransform } from './define.ts';
import { neededNodes } from './needed-nodes.ts';
import { strings } from './parameters.ts';

const USAGE = 'extract(inputs=conv1/Relu, outputs=prob)';

export default defineTransform({
	name: 'extract',
	summary: 'cut a part out of the graph, at new inputs and outputs',
	details:
		'Each input becomes a Placeholder of the type and shape that its tensor has, as far as they can be told; an input `a:1` ' +
		'becomes a Placeholder called `a_1`. Only what the outputs need from there on is kept. Without `inputs` the ' +
		'graph keeps its own. The new ends are the inputs and outputs from then on.',
	origin: 'whittle',
	loss: 'interface',
	picture:
		'before   b = Conv2D(a, w)    c = Neg(b)    d = Exp(c)      extract(inputs=b, outputs=c)\n' +
		'after    b = Placeholder() {dtype: float, shape: [?,24,24,10]}    c = Neg(b)',
	params: {
		inputs: strings('where the part begins: a tensor, as a or a:1', { subject: 'node' }),
		outputs: strings('what it must compute', {
			missing: `extract needs an output: ${USAGE}`,
			subject: 'node',
		}),
	},
	examples: ['extract(outputs=pnet/prob1)', 'extract(inputs=pnet/pool1, outputs=pnet/conv3/BiasAdd)'],
	seeAlso: ['strip_unused_nodes', 'set_shape', 'freeze_input'],

	apply({ graph, inputs, params, report }) {
		const outputs = params.outputs.map((output) => existing(graph, output));
		const cuts = params.inputs.map((input) => existing(graph, input));
		const placeholders = cuts.length > 0 ? makePlaceholders(graph, cuts) : new Map<string, Node>();
		const rewired = replaceTensors(graph, placeholders);
		const ends = new Set(
			outputs.map((output) => placeholders.get(canonical(output))?.name ?? inputParts(output).name),
		);
		const kept = neededNodes(rewired, ends);
		const unused = [...placeholders.values()].filter((node) => !kept.has(node.name)).map((node) => node.name);
		for (const name of unused) report.skip(name, 'no output needs this input');
		report.note(`kept ${kept.nodes.length} of ${graph.nodes.length} nodes`);
		const own =
			cuts.length > 0
				? [...placeholders.values()].map((node) => node.name)
				: inputs.map((input) => inputParts(input).name);
		report.ends({ inputs: own.filter((name) => kept.has(name)), outputs });
		return kept;
	},
});

function canonical(tensor: string): string {
	const { name, suffix } = inputParts(tensor);
	return `${name}${suffix || ':0'}`;
}

/** @throws WhittleError `transform` where there is no such node. */
function existing(graph: Graph, tensor: string): string {
	const { name } = inputParts(tensor);
	if (graph.has(name)) return tensor;
	throw new WhittleError('transform', `extract: there is no node \`${name}\``, {
		hint: didYouMean(name, graph.position.keys()),
	});
}

/** Tensor (`name:port`) → the Placeholder that stands for it. */
function makePlaceholders(graph: Graph, tensors: readonly string[]): Map<string, Node> {
	const shapes = inferShapes(graph);
	const made = new Map<string, Node>();
	for (const tensor of tensors) {
		const { name, suffix } = inputParts(tensor);
		const node = graph.node(name)!;
		const port = Number(suffix.slice(1) || 0);
		const dtype =
			outputDtypes(node, graph.functions)?.[port] ?? node.attr('T')?.type ?? node.attr('dtype')?.type;
		if (dtype === undefined || baseDtype(dtype) === DT_RESOURCE) {
			throw new WhittleError(
				'transform',
				`extract: \`${tensor}\` (${node.op}) has no value that could be fed`,
			);
		}
		if (node.op === 'Placeholder') {
			made.set(canonical(tensor), node);
			continue;
		}
		const attrs = { dtype: Attr.type(baseDtype(dtype)), shape: Attr.shape(shapes.of(name, port) ?? null) };
		const title = port === 0 ? name : freeName(graph, `${name}_${port}`);
		made.set(canonical(tensor), Node.of({ name: title, op: 'Placeholder', device: node.device, attrs }));
	}
	return made;
}

function freeName(graph: Graph, wanted: string): string {
	let name = wanted;
	for (let i = 1; graph.has(name); i++) name = `${wanted}_${i}`;
	return name;
}

/** Readers of the tensors read the placeholders; one for port 0 stands in the node's own place. */
function replaceTensors(graph: Graph, placeholders: ReadonlyMap<string, Node>): Graph {
	if (placeholders.size === 0) return graph;
	const others = new Map<string, Node[]>();
	for (const [tensor, made] of placeholders) {
		const { name, suffix } = inputParts(tensor);
		if (suffix !== ':0') others.set(name, [...(others.get(name) ?? []), made]);
	}
	return graph.with(
		graph.nodes.flatMap((node) => {
			const own = placeholders.get(`${node.name}:0`) ?? rewire(node, placeholders);
			return [own, ...(others.get(node.name) ?? [])];
		}),
	);
}

function rewire(node: Node, placeholders: ReadonlyMap<string, Node>): Node {
	let changed = false;
	const inputs = node.inputs.map((input) => {
		const { prefix } = inputParts(input);
		const made = prefix === '' ? placeholders.get(canonical(input)) : undefined;
		if (!made || made.name === input) return input;
		changed = true;
		return made.name;
	});
	return changed ? node.with({ inputs }) : node;
}
