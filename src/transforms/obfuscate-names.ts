/**
 *   before   x, conv/weights, conv(x, conv/weights), y(conv)      inputs x, outputs y
 *   after    x, 0, 1(x, 0), y(1)
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import { defineTransform } from './define.ts';
import { keepNodes, keepWired } from './keep-nodes.ts';

export default defineTransform({
	name: 'obfuscate_names',
	summary: 'give every node but inputs and outputs a short name that tells nothing',
	details:
		'Inputs and outputs keep their names when they are given without a port. ' +
		'Names in attributes, such as colocation classes, stay as they are.',
	origin: 'tensorflow',
	loss: 'interface',
	picture: 'before   x, conv/weights, conv(x, conv/weights), y(conv)\nafter    x, 0, 1(x, 0), y(1)',
	params: {},
	examples: ['obfuscate_names'],
	seeAlso: ['rename_node'],

	apply({ graph, inputs, outputs, report }) {
		const kept = new Set([...inputs, ...outputs]);
		for (const given of kept) {
			if (!graph.has(given) && graph.has(inputParts(given).name))
				report.warn(`\`${given}\` keeps no node's name: names are compared without ports`);
		}
		const short = shortNames(graph, kept);
		const { inputStart, inputSource } = graph.topology;
		const nodes = graph.nodes.map((node, i) => {
			const inputs = new Array<string>(node.inputs.length);
			let same = short[i] === node.name;
			for (let k = 0; k < inputs.length; k++) {
				const input = node.inputs[k]!;
				const old = node.sources[k]!;
				const source = inputSource[inputStart[i]! + k]!;
				if (source < 0) throw new WhittleError('transform', `No node named ${old} for input to ${node.name}`);
				inputs[k] = input === old ? short[source]! : renamedInput(input, short[source]!);
				same &&= inputs[k] === input;
			}
			return same ? node : node.with({ name: short[i]!, inputs });
		});
		const unique = graph.position.size === graph.nodes.length;
		return unique ? keepWired(graph, nodes, graph.topology) : keepNodes(graph, nodes);
	},
});

function renamedInput(input: string, name: string): string {
	const { prefix, suffix } = inputParts(input);
	return prefix + name + suffix;
}

/** The new name of each node. Of several nodes with one name the last one's counts for all of them. */
function shortNames({ nodes, position }: Graph, kept: ReadonlySet<string>): readonly string[] {
	let count = 0;
	const names = nodes.map(({ name }) => {
		let short = name;
		if (!kept.has(name)) {
			do short = base62(count++);
			while (kept.has(short));
		}
		return short;
	});
	if (position.size === nodes.length) return names;
	return nodes.map(({ name }) => names[position.get(name)!]!);
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function base62(value: number): string {
	let text = '';
	let rest = value;
	do {
		text = DIGITS[rest % 62] + text;
		rest = Math.floor(rest / 62);
	} while (rest > 0);
	return text;
}
