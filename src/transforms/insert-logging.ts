/**
 *   before   c = Conv2D(x, w), y = Relu(c)                           insert_logging(op=Conv2D)
 *   after    c = Conv2D(x, w), c__print__ = Print(c:0, c:0), y = Relu(c__print__:0)
 */

import { AlikeNodes } from '../graph/alike-nodes.ts';
import { Attr } from '../graph/attr.ts';
import { DT_INVALID } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { isTurn, stage, type Work } from '../graph/progress.ts';
import { declaredTypes } from './declared-types.ts';
import { defineTransform } from './define.ts';
import { bool, int32, string, strings } from './parameters.ts';
import { type Prints, throughPrints } from './through-prints.ts';

export default defineTransform({
	name: 'insert_logging',
	summary: 'put a Print behind nodes, so that a run shows their values',
	details:
		'Only nodes that somebody reads get one; readers of output 0 read it through the Print. With ' +
		'op=RequantizationRange, show_name=true and message="__requant_min_max:" a run writes the log that ' +
		'freeze_requantization_ranges takes.',
	origin: 'tensorflow',
	loss: 'exact',
	picture:
		'before   c = Conv2D(x, w), y = Relu(c)\n' +
		'after    c = Conv2D(x, w), c__print__ = Print(c:0, c:0), y = Relu(c__print__:0)',
	params: {
		op: strings('only nodes of these op types', { subject: 'op' }),
		prefix: strings('only nodes whose names begin so', { subject: 'node' }),
		message: string('text before the values', { default: '' }),
		show_name: bool('print the name of the node', { default: false }),
		show_op: bool('print the op of the node', { default: false }),
		first_n: int32('print so many times only; −1 is always', { default: -1 }),
		summarize: int32('print so many values of each tensor', { default: 1024 }),
	},
	examples: ['insert_logging(op=Conv2D, show_name=true, summarize=8)'],
	seeAlso: ['freeze_requantization_ranges'],
	idempotent: false,

	*apply({ graph, params, given, report }) {
		const ops = given.has('op') ? new Set(params.op) : undefined;
		const prefixes = given.has('prefix') ? params.prefix : undefined;
		const { message, show_name: showName, show_op: showOp, first_n: firstN, summarize } = params;
		const portsOf = yield* stage(usedPorts(graph), 0, 0.3);
		const outputsOf = outputTypes(graph);
		const always = { first_n: Attr.int(firstN), summarize: Attr.int(summarize) };
		const prints = new Array<Prints[number]>(graph.nodes.length).fill(undefined);
		let count = 0;
		// What the tool has in that place of memory when a node has no output: the type of the last one that had.
		let previous = DT_INVALID;
		for (let i = 0; i < graph.nodes.length; i++) {
			if (isTurn(i)) yield { done: 0.3 + (0.3 * i) / graph.nodes.length, total: 1 };
			const node = graph.nodes[i]!;
			if (ops && !ops.has(node.op)) continue;
			if (prefixes && !prefixes.some((prefix) => node.name.startsWith(prefix))) continue;
			const used = portsOf(i);
			if (used.length === 0) {
				if (ops || prefixes) report.skip(node.name, 'nobody reads it');
				continue;
			}
			const name = `${node.name}__print__`;
			const first = `${node.name}:0`;
			const inputs = [first];
			for (const port of used) inputs.push(port === 0 ? first : `${node.name}:${port}`);
			const { types, attr: U } = outputsOf(node);
			previous = types[0] ?? previous;
			if (types.length === 0)
				report.warn(`\`${node.name}\` (${node.op}) has no output to print: \`${name}\` will not run`);
			else if (types.length !== inputs.length - 1)
				report.warn(`not all outputs of \`${node.name}\` are read: \`${name}\` will not run`);
			const text = (showOp ? `;${node.op};` : '') + (showName ? `;${name};` : '') + message;
			const attrs = { T: Attr.type(previous), U, message: Attr.string(text), ...always };
			prints[i] = Node.of({ name, op: 'Print', inputs, attrs });
			count++;
		}
		if (count === 0) report.note('no such node has a reader');
		return yield* stage(throughPrints(graph, prints), 0.6, 1);
	},
});

/** The declared types of a node's outputs, and a list attribute of them; both are one for nodes that are alike. */
function outputTypes(
	graph: Graph,
): (node: Node) => { readonly types: readonly number[]; readonly attr: Attr } {
	const known = new AlikeNodes<{ readonly types: readonly number[]; readonly attr: Attr }>();
	return (node) => {
		const found = known.get(node);
		if (found) return found;
		const types = declaredTypes(graph, node).outputs;
		return known.set(node, { types, attr: Attr.types(types) });
	};
}

const UNREAD: readonly number[] = [];
const FIRST: readonly number[] = [0];

/** Ports of the node at a position that somebody reads, in order; a control input counts as port 0. */
function* usedPorts(graph: Graph): Work<(position: number) => readonly number[]> {
	const { nodes, position, topology } = graph;
	const { inputStart, inputSource } = topology;
	const first = new Uint8Array(nodes.length);
	const others = new Map<number, Set<number>>();
	for (let i = 0; i < nodes.length; i++) {
		if (isTurn(i)) yield { done: i, total: nodes.length };
		const { inputs } = nodes[i]!;
		for (let k = 0; k < inputs.length; k++) {
			const input = inputs[k]!;
			const { suffix } = inputParts(input);
			const port = suffix === '' ? 0 : readPort(suffix.slice(1), input);
			const source = inputSource[inputStart[i]! + k]!;
			if (source < 0) continue;
			if (port === 0) first[source] = 1;
			else others.set(source, (others.get(source) ?? new Set()).add(port));
		}
	}
	const twice = position.size < nodes.length;
	return (at) => {
		const read = twice ? position.get(nodes[at]!.name)! : at;
		const zero = first[read] ? FIRST : UNREAD;
		const rest = others.get(read);
		return rest ? [...zero, ...rest].sort((a, b) => a - b) : zero;
	};
}

function readPort(text: string, input: string): number {
	if (/^[ \t\n\v\f\r]*[+-]?\d+[ \t\n\v\f\r]*$/.test(text)) {
		const port = Number(text);
		if (port >= -(2 ** 31) && port < 2 ** 31) return port;
	}
	throw new WhittleError('transform', `Couldn't understand output number in ${input}`);
}
