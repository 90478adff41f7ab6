/**
 *   before   x, conv/weights, conv(x, conv/weights), y(conv)      inputs x, outputs y
 *   after    x, 0, 1(x, 0), y(1)
 */
import { WhittleError } from '../graph/error.ts';
import type { Graph } from '../graph/graph.ts';
import { inputParts } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';

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
		const names = shortNames(graph, kept);
		const shortInput = (input: string, reader: Node): string => {
			const { prefix, name, suffix } = inputParts(input);
			const short = names.get(name);
			if (short !== undefined) return prefix + short + suffix;
			throw new WhittleError('transform', `No node named ${name} for input to ${reader.name}`);
		};
		const nodes = graph.nodes.map((node) => {
			const inputs = node.inputs.map((input) => shortInput(input, node));
			const name = names.get(node.name)!;
			const same = name === node.name && inputs.every((input, i) => input === node.inputs[i]);
			return same ? node : node.with({ name, inputs });
		});
		return keepNodes(graph, nodes);
	},
});

/** Old name → new name. Of several nodes with one name the last one's counts for all of them. */
function shortNames(graph: Graph, kept: ReadonlySet<string>): ReadonlyMap<string, string> {
	const names = new Map<string, string>();
	let count = 0;
	for (const { name } of graph.nodes) {
		let short = name;
		if (!kept.has(name)) {
			do short = base62(count++);
			while (kept.has(short));
		}
		names.set(name, short);
	}
	return names;
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
